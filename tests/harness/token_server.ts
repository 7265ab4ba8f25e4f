import { type CertifiedKey, certifiedKey } from "./test_certificates.ts";

/** Gives out tokens for a registry (distribution, token authentication), to whoever knows the password. */
export interface TokenServer extends AsyncDisposable {
  /** What a registry's configuration says of it, as YAML; the certificate lies in the file `bundle`. */
  auth(bundle: string): string;
  readonly certificate: string;
  /** What was asked for, an element a token: the scopes, and who asked. */
  readonly asked: readonly { readonly scopes: readonly string[]; readonly user: string | undefined }[];
}

const ISSUER = "smelt-test";
const SERVICE = "registry-of-the-test";
const LIFETIME_SECONDS = 300;

/** Starts one on loopback; anybody may pull, `user:password` may push and delete too. */
export async function startTokenServer(userAndPassword: string): Promise<TokenServer> {
  const signer = await certifiedKey(ISSUER);
  const asked: TokenServer["asked"][number][] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const scopes = new URL(request.url).searchParams.getAll("scope");
    const authorization = request.headers.get("authorization");
    const user = authorization === `Basic ${btoa(userAndPassword)}` ? userAndPassword : undefined;
    if (authorization !== null && user === undefined) return new Response("{}", { status: 401 });
    asked.push({ scopes, user: user?.split(":")[0] });
    const allowed = user === undefined ? ["pull"] : ["pull", "push", "delete"];
    return Response.json({ token: await token(signer, scopes, allowed), expires_in: LIFETIME_SECONDS });
  });
  return {
    certificate: signer.certificate,
    asked,
    auth: (bundle) =>
      `auth: {token: {realm: "http://127.0.0.1:${server.addr.port}/token", service: ${SERVICE}, issuer: ${ISSUER}, rootcertbundle: "${bundle}"}}\n`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A signed statement of what its holder may do (RFC 7519), which names its key by its certificate. */
async function token(
  { certificate, keys }: CertifiedKey,
  scopes: readonly string[],
  allowed: readonly string[],
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const access = scopes.map((scope) => {
    const [type = "", name = "", actions = ""] = scope.split(":");
    return { type, name, actions: actions.split(",").filter((each) => allowed.includes(each)) };
  });
  const der = certificate.replace(/-----[^-]+-----|\s/g, "");
  const claims = {
    iss: ISSUER,
    sub: "me",
    aud: SERVICE,
    nbf: now - 10,
    iat: now,
    exp: now + LIFETIME_SECONDS,
  };
  const head = encoded({ typ: "JWT", alg: "ES256", x5c: [der] });
  const signed = `${head}.${encoded({ ...claims, jti: crypto.randomUUID(), access })}`;
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const signature = await crypto.subtle.sign(algorithm, keys.privateKey, new TextEncoder().encode(signed));
  return `${signed}.${base64url(new Uint8Array(signature))}`;
}

function encoded(json: unknown): string {
  return base64url(new TextEncoder().encode(JSON.stringify(json)));
}

function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
