import { join } from "node:path";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";

/** How to sign in to a registry. Held in memory only, for the registry and for who gives out its tokens. */
export type Credential =
  | { readonly kind: "password"; readonly user: string; readonly password: string }
  /** A refresh token of the registry's own sign-in. */
  | { readonly kind: "identity"; readonly token: string };

/** What of the machine credentials come from. */
export interface CredentialSources {
  readVariable(name: string): string | undefined;
  /** `undefined` when there is definitely no such file. */
  readText(path: string): Promise<Result<string | undefined, ImageFault>>;
  /** Runs a program with this text as its input; `undefined` when there is none of that name. */
  run(
    program: string,
    args: readonly string[],
    input: string,
  ): Promise<Result<RanProgram | undefined, ImageFault>>;
}

/** How a program ended. */
export interface RanProgram {
  readonly success: boolean;
  readonly stdout: string;
}

const HELPER_REGEXP = /^[A-Za-z0-9_-]+$/;
const DOCKER_HUB = "docker.io";
const DOCKER_HUB_KEY = "https://index.docker.io/v1/";
/** The user name by which a helper says that the secret is a refresh token. */
const TOKEN_USER = "<token>";
const NOT_FOUND = "credentials not found in native keychain";

/**
 * The credential for a repository: of `DOCKER_AUTH_CONFIG`, `REGISTRY_AUTH_FILE`, Docker's configuration, then Podman's, the
 * first that has one. `undefined` when none has. A source that is broken is told, not passed over.
 */
export async function findCredential(
  sources: CredentialSources,
  host: string,
  repository: string,
): Promise<Result<Credential | undefined, ImageFault>> {
  const inline = sources.readVariable("DOCKER_AUTH_CONFIG");
  if (inline) {
    const found = await credentialIn(sources, { name: "DOCKER_AUTH_CONFIG", text: inline }, host, repository);
    if (!found.ok || found.value !== undefined) return found;
  }
  for (const path of authFiles(sources)) {
    const text = await sources.readText(path);
    if (!text.ok) return text;
    if (text.value === undefined) continue;
    const found = await credentialIn(sources, { name: path, text: text.value }, host, repository);
    if (!found.ok || found.value !== undefined) return found;
  }
  return ok(undefined);
}

function authFiles({ readVariable }: CredentialSources): readonly string[] {
  const home = readVariable("HOME");
  const docker = readVariable("DOCKER_CONFIG") || (home ? join(home, ".docker") : undefined);
  const runtime = readVariable("XDG_RUNTIME_DIR");
  return [
    readVariable("REGISTRY_AUTH_FILE") || undefined,
    docker === undefined ? undefined : join(docker, "config.json"),
    runtime ? join(runtime, "containers/auth.json") : undefined,
    home ? join(home, ".config/containers/auth.json") : undefined,
  ].filter((path) => path !== undefined);
}

async function credentialIn(
  sources: CredentialSources,
  { name, text }: { readonly name: string; readonly text: string },
  host: string,
  repository: string,
): Promise<Result<Credential | undefined, ImageFault>> {
  const json = parseJson(text);
  if (!isJsonObject(json)) {
    return err(imageFault(`Cannot read credentials from ${name}: it is no JSON object`));
  }
  const keys = keysOf(host, repository);
  const helper = firstText(json["credHelpers"], keys) ?? json["credsStore"];
  if (typeof helper === "string" && helper !== "") {
    const found = await askKeychain(sources, helper, host);
    if (!found.ok || found.value !== undefined) return found;
  }
  const auths = json["auths"] ?? null;
  const entry = isJsonObject(auths) ? keys.map((key) => auths[key]).find(isJsonObject) : undefined;
  return entry === undefined ? ok(undefined) : entryCredential(entry, `${name}, entry of ${host}`);
}

/** The longest path first, then the host, then the spellings of old. */
function keysOf(host: string, repository: string): readonly string[] {
  const parts = repository.split("/");
  const paths = parts.map((_, index) => `${host}/${parts.slice(0, parts.length - index).join("/")}`);
  const old = host === DOCKER_HUB
    ? [DOCKER_HUB_KEY, "index.docker.io"]
    : [`https://${host}`, `https://${host}/`, `https://${host}/v1/`, `https://${host}/v2/`];
  return [...paths, host, ...old];
}

function entryCredential(entry: JsonObject, where: string): Result<Credential | undefined, ImageFault> {
  const { auth, identitytoken, password, username } = entry;
  if (typeof identitytoken === "string" && identitytoken !== "") {
    return ok({ kind: "identity", token: identitytoken });
  }
  if (typeof auth === "string" && auth !== "") {
    const [user, secret] = decodedPair(auth) ?? [];
    return user === undefined || secret === undefined
      ? err(
        imageFault(
          `Cannot use the credential in ${where}: its "auth" is not base64 of a name, ":" and a password`,
        ),
      )
      : ok({ kind: "password", user, password: secret });
  }
  return typeof username === "string" && username !== "" && typeof password === "string"
    ? ok({ kind: "password", user: username, password })
    : ok(undefined);
}

async function askKeychain(
  { run }: CredentialSources,
  helper: string,
  host: string,
): Promise<Result<Credential | undefined, ImageFault>> {
  if (!HELPER_REGEXP.test(helper)) {
    return err(
      imageFault(`Cannot use the credential helper "${helper}": wanted letters, digits, "_" and "-"`),
    );
  }
  const program = `docker-credential-${helper}`;
  const asked = await run(program, ["get"], host === DOCKER_HUB ? DOCKER_HUB_KEY : host);
  if (!asked.ok) return asked;
  const ran = asked.value;
  if (ran === undefined) {
    return err(
      imageFault(`Cannot run the credential helper "${program}": there is no such program on the PATH`),
    );
  }
  if (!ran.success) {
    return ran.stdout.trim() === NOT_FOUND
      ? ok(undefined)
      : err(imageFault(`Cannot get a credential from "${program}": it failed`));
  }
  const json = parseJson(ran.stdout);
  const { Secret: secret, Username: user } = isJsonObject(json) ? json : {};
  if (typeof user !== "string" || typeof secret !== "string") {
    return err(imageFault(`Cannot get a credential from "${program}": it printed none`));
  }
  return ok(
    user === TOKEN_USER ? { kind: "identity", token: secret } : { kind: "password", user, password: secret },
  );
}

function firstText(json: Json | undefined, keys: readonly string[]): string | undefined {
  if (!isJsonObject(json)) return undefined;
  return keys.map((key) => json[key]).find((each) => typeof each === "string");
}

function decodedPair(base64: string): readonly [string, string] | undefined {
  try {
    const text = new TextDecoder().decode(Uint8Array.fromBase64(base64.trim()));
    const colon = text.indexOf(":");
    return colon < 1 ? undefined : [text.slice(0, colon), text.slice(colon + 1).replace(/\0+$/, "")];
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
