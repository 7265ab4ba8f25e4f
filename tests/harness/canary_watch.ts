import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { relative } from "node:path";
import type { ProjectPorts } from "../../project/project_ports.ts";
import { type InnerRan, runWith } from "./inner_program.ts";
import { filesBelow, tracesIn } from "./secret_traces.ts";
import type { TestProject } from "./test_project.ts";

/** Runs commands of a project in this process, and after each looks for secrets in every byte that was printed or kept. */
export class CanaryWatch {
  /** By name, what must stand nowhere. */
  readonly secrets = new Map<string, string>();
  /** Files of the project that hold secrets since they were asked to, as the sources do. */
  readonly allowed: readonly RegExp[];
  readonly #project: TestProject;
  readonly #change: (ports: ProjectPorts) => ProjectPorts;

  constructor(
    project: TestProject,
    allowed: readonly RegExp[],
    change: (ports: ProjectPorts) => ProjectPorts = (ports) => ports,
  ) {
    this.#project = project;
    this.allowed = allowed;
    this.#change = change;
  }

  /** Runs a command that must end with `code`. */
  async run(code: number, args: readonly string[]): Promise<InnerRan> {
    const ran = await this.ran(args);
    strictEqual(ran.code, code, `smelt ${args.join(" ")}:\n${ran.stdout}${ran.stderr}`);
    return ran;
  }

  /** Runs a command, however it ends. */
  async ran(args: readonly string[]): Promise<InnerRan> {
    const ran = await runWith(this.#project, args, this.#change);
    await this.see(ran, args.join(" "));
    return ran;
  }

  /** Looks at what a command has printed, and at all files. */
  async see({ stdout, stderr }: Pick<InnerRan, "stdout" | "stderr">, what: string): Promise<void> {
    const printed = `${stdout}${stderr}`;
    deepStrictEqual(tracesIn(printed, this.secrets), [], `smelt ${what} printed:\n${printed}`);
    const { root, place } = this.#project;
    deepStrictEqual([...await this.#traces(root), ...await this.#traces(place.stateFolder)], [], what);
  }

  async #traces(folder: string): Promise<readonly string[]> {
    const traces: string[] = [];
    for (const path of await filesBelow(folder)) {
      const name = relative(folder, path);
      if (this.allowed.some((each) => each.test(name))) continue;
      const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
      traces.push(...tracesIn(`${name}\n${text}`, this.secrets).map((each) => `${name}: ${each}`));
    }
    return traces;
  }
}
