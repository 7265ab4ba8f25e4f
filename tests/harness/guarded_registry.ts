import { join } from "node:path";
import { startDockerRegistry } from "./docker_registry.ts";
import { type TestCertificate, testCertificate } from "./test_certificates.ts";

/** A real registry that lets in only who knows how, and what the program must be told to get in. */
export interface GuardedRegistry extends AsyncDisposable {
  /** Such as `localhost:40123`. */
  readonly host: string;
  /** Options of commands. */
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How a registry is guarded. `token` gives tokens out at another port. */
export type Guard = "none" | "htpasswd" | "token" | "TLS";

/** All of them. */
export const GUARDS: readonly Guard[] = ["none", "htpasswd", "token", "TLS"];

const USER = "me";
/** The same in what `htpasswd -B` makes of it. */
const PASSWORD = "pw-canary";
const BCRYPT = "$2y$05$.WuKZe2rIc0ixTig9dxm5OvzvR2Kf6XXzsiANEAIWolIqFnWmB3GW";
const ISSUER = "tests";
const SERVICE = "registry of a test";

/** Starts one; `folder` is for its files. */
export async function startGuardedRegistry(
  program: string,
  guard: Guard,
  folder: string,
): Promise<GuardedRegistry> {
  await Deno.mkdir(folder, { recursive: true });
  switch (guard) {
    case "none":
      return guarded(await startDockerRegistry(program), {});
    case "htpasswd": {
      const path = join(folder, "htpasswd");
      await Deno.writeTextFile(path, `${USER}:${BCRYPT}\n`);
      const auth = `auth: {htpasswd: {realm: here, path: "${path}"}}\n`;
      return guarded(await startDockerRegistry(program, auth), { signsIn: "yes" });
    }
    case "token":
      return await startTokenRegistry(program, folder);
    case "TLS":
      return await startTlsRegistry(program, folder);
  }
}

function guarded(
  registry: AsyncDisposable & { readonly host: string },
  { options = [], signsIn = "no", tokens }: {
    readonly options?: readonly string[];
    readonly signsIn?: "yes" | "no";
    readonly tokens?: Deno.HttpServer;
  },
): GuardedRegistry {
  const auths = { [registry.host]: { auth: btoa(`${USER}:${PASSWORD}`) } };
  return {
    host: registry.host,
    options,
    env: { DOCKER_AUTH_CONFIG: signsIn === "yes" ? JSON.stringify({ auths }) : "{}" },
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]();
      await tokens?.shutdown();
    },
  };
}

async function startTlsRegistry(program: string, folder: string): Promise<GuardedRegistry> {
  const authority = await testCertificate();
  const leaf = await testCertificate(authority);
  const file = join(folder, "ca.pem");
  const [certificate, key] = [join(folder, "leaf.pem"), join(folder, "leaf.key")];
  await Deno.writeTextFile(file, authority.certificate);
  await Deno.writeTextFile(certificate, leaf.certificate);
  await Deno.writeTextFile(key, leaf.key);
  const tls = `tls: {certificate: "${certificate}", key: "${key}"}`;
  return guarded(await startDockerRegistry(program, "", tls), { options: ["--ca-file", file] });
}

async function startTokenRegistry(program: string, folder: string): Promise<GuardedRegistry> {
  const issuer = await testCertificate();
  const bundle = join(folder, "issuer.pem");
  await Deno.writeTextFile(bundle, issuer.certificate);
  const tokens = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => giveToken(issuer, request),
  );
  const realm = `http://localhost:${tokens.addr.port}/token`;
  const auth = `auth: {token: {realm: "${realm}", service: "${SERVICE}", issuer: "${ISSUER}", ` +
    `rootcertbundle: "${bundle}"}}\n`;
  return guarded(await startDockerRegistry(program, auth), { signsIn: "yes", tokens });
}

/** Anybody may pull, who knows the password may do all that is asked for (Docker Registry v2 authentication, "JWT"). */
async function giveToken(issuer: TestCertificate, request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const isKnown = request.headers.get("authorization") === `Basic ${btoa(`${USER}:${PASSWORD}`)}`;
  const access = searchParams.getAll("scope").flatMap((scope) => {
    const [type = "", name = "", actions = ""] = scope.split(":");
    const allowed = actions.split(",").filter((action) => isKnown || action === "pull");
    return allowed.length === 0 ? [] : [{ type, name, actions: allowed }];
  });
  const seconds = Math.floor(Date.now() / 1000);
  const times = { iat: seconds, nbf: seconds - 60, exp: seconds + 300 };
  const claims = { iss: ISSUER, sub: USER, aud: SERVICE, jti: crypto.randomUUID(), access, ...times };
  const head = { typ: "JWT", alg: "RS256", x5c: [issuer.der] };
  const signed = `${base64Url(JSON.stringify(head))}.${base64Url(JSON.stringify(claims))}`;
  const signature = await crypto.subtle.sign(
    "RSASSA-PKCS1-v1_5",
    issuer.keys.privateKey,
    new TextEncoder().encode(signed),
  );
  return Response.json({ token: `${signed}.${urlSafe(new Uint8Array(signature))}`, expires_in: 300 });
}

function base64Url(text: string): string {
  return urlSafe(new TextEncoder().encode(text));
}

function urlSafe(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
