import { join } from "node:path";

/** A registry of Debian's package, on a free port of this machine, which keeps what it has in a folder of its own. */
export interface DockerRegistry extends AsyncDisposable {
  /** Such as `localhost:40123`. */
  readonly host: string;
}

/** Starts one; `auth` is what its configuration says of who may enter, and `tls` of its certificate, as YAML. */
export async function startDockerRegistry(program: string, auth = "", tls = ""): Promise<DockerRegistry> {
  const folder = await Deno.makeTempDir({ prefix: "smelt-registry-" });
  const port = freePort();
  const config = join(folder, "config.yml");
  await Deno.writeTextFile(
    config,
    `version: 0.1
log: {level: info, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: ${join(folder, "data")}}, delete: {enabled: true}}
http: {addr: "127.0.0.1:${port}"${tls === "" ? "" : `, ${tls}`}}
${auth}`,
  );
  const child = new Deno.Command(program, { args: ["serve", config], stdout: "null", stderr: "piped" })
    .spawn();
  const lines = child.stderr.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  await listening(lines);
  // What it says further is thrown away: a pipe that nobody reads is full one day, and the registry waits for ever.
  const read = readToEnd(lines);
  return {
    host: `localhost:${port}`,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await read;
      await child.status;
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

async function readToEnd(lines: AsyncIterator<string>): Promise<void> {
  while ((await lines.next()).done !== true);
}
