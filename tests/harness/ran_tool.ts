import { strictEqual } from "node:assert/strict";
import { join } from "node:path";

/** How a program of others ended, and what it printed: to standard error when it failed. */
export interface RanTool {
  readonly code: number;
  readonly stdout: string;
}

/** Runs a program to its end. */
export async function ranTool(program: string, args: readonly string[], cwd: string): Promise<RanTool> {
  const { code, stderr, stdout } = await new Deno.Command(program, { args: [...args], cwd, stdin: "null" })
    .output();
  return { code, stdout: new TextDecoder().decode(code === 0 ? stdout : stderr) };
}

/**
 * Runs an unpacked image by runc, as its own config says; where this machine lets nobody make containers, its program in its own
 * root and as its own user. `emulator`, static, runs one of another processor. Gives what it printed.
 */
export async function ranBundle(
  runc: string,
  bundle: string,
  program: string,
  emulator?: string,
): Promise<string> {
  const path = join(bundle, "config.json");
  const config = JSON.parse(await Deno.readTextFile(path));
  const before = emulator === undefined ? [] : ["/emulator"];
  if (emulator !== undefined) await Deno.copyFile(emulator, join(bundle, "rootfs/emulator"));
  const process = { ...config.process, terminal: false, args: [...before, ...config.process.args] };
  await Deno.writeTextFile(path, JSON.stringify({ ...config, process }));
  const contained = await ranTool(runc, ["run", `smelt-test-${crypto.randomUUID()}`], bundle);
  if (contained.code === 0) return contained.stdout;
  const rooted = await ranTool("chroot", ["--userspec=65532:65532", "rootfs", ...before, program], bundle);
  strictEqual(rooted.code, 0, `${contained.stdout}${rooted.stdout}`);
  return rooted.stdout;
}

/** Paths of all files below a folder, sorted. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (path: string): Promise<void> => {
    for await (const { isDirectory, name } of Deno.readDir(join(folder, path))) {
      if (isDirectory) await visit(`${path}${name}/`);
      else found.push(`${path}${name}`);
    }
  };
  await visit("");
  return found.toSorted();
}
