import { join } from "node:path";
import type { DockerRegistry } from "./docker_registry.ts";

const FOLDER = new URL("../referrers_registry/", import.meta.url).pathname;

/** Starts a registry in Go that lists what is attached to images, built of modules that are on this machine. */
export async function startReferrersRegistry(go: string): Promise<DockerRegistry> {
  const folder = await Deno.makeTempDir({ prefix: "smelt-registry-" });
  const program = join(folder, "registry");
  const env = { GOFLAGS: "-mod=readonly", GOPROXY: "off", GOTOOLCHAIN: "local", CGO_ENABLED: "0" };
  const built = await new Deno.Command(go, { args: ["build", "-o", program, "."], cwd: FOLDER, env })
    .output();
  if (!built.success) throw new Error(new TextDecoder().decode(built.stderr));
  const child = new Deno.Command(program, { stdout: "piped", stderr: "null" }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) throw new Error("The registry ended at once");
  return {
    host: first.value.trim(),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await lines.return?.();
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}
