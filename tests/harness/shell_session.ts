import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { placeholders } from "./placeholders.ts";
import { smeltEnv } from "./smelt_process.ts";

const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const MAIN = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** The real program under the name `smelt`, with the permissions that the launcher of a project gives it. */
const LAUNCHER = `#!/bin/sh
exec '${Deno.execPath()}' run -q --no-prompt -P --config='${CONFIG}' "-R=$PWD,$SMELT_STATE_HOME" \\
  "-W=$PWD,$SMELT_STATE_HOME" '${MAIN}' "$@"
`;

/** A user at a shell, in the empty folder `shop` of a home of their own, who has `smelt`. */
export class ShellSession implements AsyncDisposable {
  readonly #home: string;
  readonly #replace: (text: string) => string;

  constructor(home: string) {
    this.#home = home;
    this.#replace = placeholders([[home, "/home/ada"], [` on ${Deno.hostname()}`, " on laptop"]]);
  }

  /** Writes a file of the project. */
  async write(name: string, text: string): Promise<void> {
    await Deno.writeTextFile(join(this.#home, "shop", name), text);
  }

  /**
   * Runs a command line. Gives what it printed to both streams as it came, with placeholders for what differs from run to
   * run; a last line says the exit code where it is not 0.
   */
  async run(command: string): Promise<string> {
    const { bin, state, shop } = foldersOf(this.#home);
    const env = smeltEnv({ workingFolder: shop, stateFolder: state }, {});
    const { code, stdout } = await new Deno.Command("sh", {
      args: ["-c", `exec 2>&1\n${command}`],
      cwd: shop,
      clearEnv: true,
      env: { ...env, USER: "ada", PATH: `${bin}:${env["PATH"] ?? ""}` },
      stdin: "null",
      stderr: "null",
    }).output();
    const printed = new TextDecoder().decode(stdout);
    const lines = printed === "" || printed.endsWith("\n") ? printed : `${printed}\n`;
    return this.#replace(code === 0 ? lines : `${lines}(exit code ${code})\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#home, { recursive: true });
  }
}

/** Makes the home and what is in it. */
export async function openShell(): Promise<ShellSession> {
  const home = await Deno.realPath(await Deno.makeTempDir({ prefix: "smelt-shell-" }));
  const { bin, state, shop } = foldersOf(home);
  for (const folder of [bin, state, shop]) await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(bin, "smelt"), LAUNCHER, { mode: 0o755 });
  return new ShellSession(home);
}

function foldersOf(home: string): { readonly bin: string; readonly state: string; readonly shop: string } {
  return { bin: join(home, "bin"), state: join(home, ".local/state/smelt"), shop: join(home, "shop") };
}
