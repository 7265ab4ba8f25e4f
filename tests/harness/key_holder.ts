import { doesNotMatch, strictEqual } from "node:assert/strict";
import { runProgram } from "../../cli/program.ts";
import { reportThrown } from "../../cli/report_thrown.ts";
import { systemPorts } from "../../compose/system_ports.ts";
import type { ProjectPorts } from "../../project/project_ports.ts";
import { fakeContext } from "../support/fake_context.ts";
import type { InnerRan } from "./inner_program.ts";
import { emptyProject, type TestProject } from "./test_project.ts";

/** Somebody who works on a test project, in the process of the test, with the signing key of this name. */
export class KeyHolder {
  readonly #project: TestProject;
  readonly #key: string;
  readonly #stateFolder: string;

  /** Whose pins are others than those of whoever made the project has a state folder of their own. */
  constructor(project: TestProject, key: string, stateFolder = project.place.stateFolder) {
    this.#project = project;
    this.#key = key;
    this.#stateFolder = stateFolder;
  }

  get ports(): ProjectPorts {
    const { root } = this.#project;
    const variables = new Map([["SMELT_STATE_HOME", this.#stateFolder], ["SMELT_KEY", this.#key]]);
    return systemPorts({
      workingFolder: root,
      readVariable: (name) => variables.get(name),
      host: Deno.hostname(),
      who: this.#key === "" ? "ada" : this.#key,
      launch: undefined,
    });
  }

  /** Runs a command; `input` stands on standard input, and nobody can answer a question. */
  async run(args: readonly string[], input = "", ports = this.ports): Promise<InnerRan> {
    const fake = fakeContext("file");
    const readInput = () => Promise.resolve(new TextEncoder().encode(input));
    const context = { ...fake, readInput, ports };
    const code = await runProgram(context, args).catch((thrown: unknown) =>
      reportThrown(context, thrown, args)
    );
    return { code, stdout: fake.out.text, stderr: fake.err.text };
  }

  /** Runs a command that must end with `code`. */
  async expect(code: number, args: readonly string[], input = ""): Promise<InnerRan> {
    const ran = await this.run(args, input);
    strictEqual(
      ran.code,
      code,
      `smelt ${args.join(" ")} ended with ${ran.code}:\n${ran.stdout}${ran.stderr}`,
    );
    return ran;
  }

  /** Runs a command that must end with `code`, and change neither the log nor the cloud. */
  async refused(code: number, args: readonly string[], input = ""): Promise<string> {
    const { stderr } = await this.#project.unchangedBy(() => this.expect(code, args, input));
    doesNotMatch(stderr, /^\s+at .*:\d+/m);
    return stderr;
  }
}

/** A project with `main.smelt`, and whoever made it, whose key is `local`. */
export async function keptProject(
  source = "",
): Promise<{ readonly project: TestProject; readonly ada: KeyHolder }> {
  const project = await emptyProject();
  const ada = new KeyHolder(project, "");
  await ada.expect(0, ["init"]);
  await project.write("main.smelt", source);
  return { project, ada };
}

/** Makes a key and has it trusted. */
export async function addHolder(
  project: TestProject,
  admin: KeyHolder,
  { name, roles }: { readonly name: string; readonly roles: readonly string[] },
): Promise<KeyHolder> {
  const { stdout } = await admin.expect(0, ["keys", "create", name]);
  const options = roles.flatMap((role) => ["--role", role]);
  await admin.expect(0, ["keys", "add", "-", ...options, "--yes", "--confirm", "default"], stdout);
  return new KeyHolder(project, name);
}
