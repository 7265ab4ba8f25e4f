import { join } from "node:path";
import { startDockerRegistry } from "./docker_registry.ts";
import { certifiedKey } from "./test_certificates.ts";
import { startTokenServer } from "./token_server.ts";

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
      return guarded(await startDockerRegistry(program, { auth }), { signsIn: "yes" });
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
    readonly tokens?: AsyncDisposable;
  },
): GuardedRegistry {
  const auths = { [registry.host]: { auth: btoa(`${USER}:${PASSWORD}`) } };
  return {
    host: registry.host,
    options,
    env: { DOCKER_AUTH_CONFIG: signsIn === "yes" ? JSON.stringify({ auths }) : "{}" },
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]();
      await tokens?.[Symbol.asyncDispose]();
    },
  };
}

async function startTlsRegistry(program: string, folder: string): Promise<GuardedRegistry> {
  const authority = await certifiedKey("authority");
  const own = await certifiedKey("registry", authority);
  const file = join(folder, "ca.pem");
  const tls = { certificate: join(folder, "own.pem"), key: join(folder, "own.key") };
  await Deno.writeTextFile(file, authority.certificate);
  await Deno.writeTextFile(tls.certificate, own.certificate);
  await Deno.writeTextFile(tls.key, own.privateKey);
  return guarded(await startDockerRegistry(program, { tls }), { options: ["--ca-file", file] });
}

async function startTokenRegistry(program: string, folder: string): Promise<GuardedRegistry> {
  const tokens = await startTokenServer(`${USER}:${PASSWORD}`);
  const bundle = join(folder, "issuer.pem");
  await Deno.writeTextFile(bundle, tokens.certificate);
  return guarded(await startDockerRegistry(program, { auth: tokens.auth(bundle) }), {
    signsIn: "yes",
    tokens,
  });
}
