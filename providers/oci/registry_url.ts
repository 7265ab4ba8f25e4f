/** Where a registry answers. */
export interface RegistryPlace {
  /** As a reference names it, for example `docker.io` or `localhost:5000`. */
  readonly host: string;
  /** The host that answers its API, where that is another. */
  readonly apiHost: string;
  /** Tried in this order. Without encryption only this machine, and hosts that the user names. */
  readonly schemes: readonly ("https" | "http")[];
}

const API_HOSTS: ReadonlyMap<string, string> = new Map([["docker.io", "registry-1.docker.io"]]);
const PRIVATE_V4_REGEXP =
  /^(?:0|10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
const PRIVATE_V6_REGEXP = /^\[(?:::1?\]|f[cd]|fe[89ab]|::ffff:)/;

/** The place of the registry that a reference names. */
export function registryPlace(host: string, insecure: ReadonlySet<string>): RegistryPlace {
  const schemes = isLoopback(nameOf(host)) || insecure.has(host)
    ? ["https", "http"] as const
    : ["https"] as const;
  return { host, apiHost: API_HOSTS.get(host) ?? host, schemes };
}

/**
 * Why a URL that a registry told may not be followed, as the end of a sentence; `undefined` when it may. A registry could
 * name the address of a service that only this machine reaches; only one on this machine itself may name such addresses, or
 * its own. From an encrypted connection nothing leads to an open one.
 */
export function urlFault(url: URL, from: URL): string | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return `it leads to "${url.protocol}", wanted https`;
  }
  if (from.protocol === "https:" && url.protocol === "http:") return "it leads from https to http";
  if (url.username !== "" || url.password !== "") return "it holds a user name or a password";
  if (url.host === from.host || isLoopback(from.hostname) || !isPrivate(url.hostname)) return undefined;
  return `it leads to "${url.hostname}", an address of a private network`;
}

/** Whether a name or an address is this machine. */
export function isLoopback(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost") || name === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(name);
}

function isPrivate(name: string): boolean {
  return isLoopback(name) ||
    PRIVATE_V4_REGEXP.test(`${name}.`.replace(/\.\.$/, ".")) && /^[\d.]+$/.test(name) ||
    PRIVATE_V6_REGEXP.test(name);
}

function nameOf(host: string): string {
  return host.replace(/:\d+$/, "");
}
