import { join } from "node:path";

/** A registry of Debian's package, on a free port of this machine, which keeps what it has in a folder of its own. */
export interface DockerRegistry extends AsyncDisposable {
  /** Such as `localhost:40123`. */
  readonly host: string;
}

/** How a registry is guarded. */
export interface RegistryGuard {
  /** What its configuration says of who may enter, as YAML. */
  readonly auth?: string;
  /** Paths. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** Starts one. */
export async function startDockerRegistry(
  program: string,
  { auth = "", tls }: RegistryGuard = {},
): Promise<DockerRegistry> {
  const folder = await Deno.makeTempDir({ prefix: "smelt-registry-" });
  const port = freePort();
  const config = join(folder, "config.yml");
  const encryption = tls === undefined ? "" : `, tls: {certificate: "${tls.certificate}", key: "${tls.key}"}`;
  await Deno.writeTextFile(
    config,
    `version: 0.1
log: {level: info, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: ${join(folder, "data")}}, delete: {enabled: true}}
http: {addr: "127.0.0.1:${port}"${encryption}}
${auth}`,
  );
  const child = new Deno.Command(program, { args: ["serve", config], stdout: "null", stderr: "piped" })
    .spawn();
  const lines = child.stderr.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  await listening(lines);
  // Nobody reads what it says from now on, and a full pipe would stop it.
  const rest = readRest(lines);
  return {
    host: `localhost:${port}`,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await Promise.all([child.status, rest]);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Reads what a registry says until it can be asked. */
async function listening(lines: AsyncIterator<string>): Promise<void> {
  let said = "";
  while (!said.includes("listening on")) {
    const next = await lines.next();
    if (next.done === true) throw new Error(`The registry ended: ${said}`);
    said += next.value;
  }
}

async function readRest(lines: AsyncIterator<string>): Promise<void> {
  while ((await lines.next()).done !== true);
}
