import { isJsonObject, parseJson } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { Challenge } from "../../image/challenge.ts";
import type { Credential } from "./credentials.ts";
import { type ImageFault, permissionFault } from "./image_fault.ts";
import { noAnswer, type RegistryFault, registryFault } from "./registry_fault.ts";
import { urlFault } from "./registry_url.ts";

/** Sends one request. Redirects are answers like any other; a connection that fails is thrown. */
export type Send = (url: URL, init: RequestInit) => Promise<Response>;

/** A token of a registry, and until when it counts. */
export interface Token {
  readonly text: string;
  /** By the monotonic clock. */
  readonly untilMs: number;
}

const LIMIT_BYTES = 64 * 1024;
const DEFAULT_SECONDS = 60;
/** A token is renewed when this part of its life is over. */
const USED_SHARE = 0.8;
const CLIENT = "smelt";

/**
 * Gets a token for these scopes from where a registry's challenge says (distribution-spec's token protocol: Docker Registry v2
 * authentication). Without a credential the token is that of anybody.
 */
export async function fetchToken(
  send: Send,
  { challenge, credential, from, nowMs, scopes }: {
    readonly challenge: Challenge;
    readonly credential: Credential | undefined;
    /** The URL that was challenged. */
    readonly from: URL;
    readonly nowMs: number;
    readonly scopes: readonly string[];
  },
): Promise<Result<Token, RegistryFault | ImageFault>> {
  const realm = parsedUrl(challenge.parameters.get("realm") ?? "");
  const action = `Cannot sign in to "${from.host}"`;
  const fault = realm === undefined ? "it names no place that gives out tokens" : urlFault(realm, from);
  if (realm === undefined || fault !== undefined) {
    return err({ kind: "registry", status: 401, codes: [], message: `${action}: ${fault ?? ""}` });
  }
  const service = challenge.parameters.get("service");
  try {
    const asked = credential?.kind === "identity"
      ? await refresh(send, realm, { service, scopes, token: credential.token })
      : undefined;
    const response = asked ?? await get(send, realm, { service, scopes, credential });
    const text = await limitedText(response, LIMIT_BYTES);
    if (!response.ok) return err(registryFault(action, realm, { status: response.status, text }));
    const token = tokenIn(text, nowMs);
    return token === undefined
      ? err({
        kind: "registry",
        status: response.status,
        codes: [],
        message: `${action}: "${realm.host}" answered without a token`,
      })
      : ok(token);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      return err(permissionFault(action, `--allow-net=${realm.host}`));
    }
    if (!(error instanceof Error)) throw error;
    return err(noAnswer(action, realm, error));
  }
}

/** Reads an answer of at most `limitBytes`; the rest is cut. */
export async function limitedText(response: Response, limitBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let [text, sizeBytes] = ["", 0];
  for await (const piece of response.body ?? []) {
    sizeBytes += piece.length;
    text += decoder.decode(piece, { stream: true });
    if (sizeBytes > limitBytes) break;
  }
  return text.slice(0, limitBytes);
}

/** The header that carries a name and a password (RFC 7617). */
export function basicHeader({ password, user }: Extract<Credential, { readonly kind: "password" }>): string {
  return `Basic ${new TextEncoder().encode(`${user}:${password}`).toBase64()}`;
}

interface Asked {
  readonly service: string | undefined;
  readonly scopes: readonly string[];
}

async function get(
  send: Send,
  realm: URL,
  { credential, scopes, service }: Asked & { readonly credential: Credential | undefined },
): Promise<Response> {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  url.searchParams.set("client_id", CLIENT);
  const headers: HeadersInit = credential?.kind === "password"
    ? { authorization: basicHeader(credential) }
    : {};
  return await send(url, { headers });
}

/** Asks with a refresh token; `undefined` where the place does not know that way. */
async function refresh(
  send: Send,
  realm: URL,
  { scopes, service, token }: Asked & { readonly token: string },
): Promise<Response | undefined> {
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: token,
    client_id: CLIENT,
    scope: scopes.join(" "),
    ...(service === undefined ? {} : { service }),
  });
  const response = await send(realm, { method: "POST", body });
  if (response.status !== 404 && response.status !== 405) return response;
  await response.body?.cancel();
  return undefined;
}

function tokenIn(text: string, nowMs: number): Token | undefined {
  const json = parseJson(text);
  if (!isJsonObject(json)) return undefined;
  const token = json["token"] ?? json["access_token"];
  if (typeof token !== "string" || token === "") return undefined;
  const seconds = typeof json["expires_in"] === "number" ? json["expires_in"] : DEFAULT_SECONDS;
  return { text: token, untilMs: nowMs + seconds * 1000 * USED_SHARE };
}

function parsedUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
