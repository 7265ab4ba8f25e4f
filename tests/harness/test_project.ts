import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import { type Ledger, readLedger } from "../../providers/sim/ledger.ts";
import {
  type ProcessPlace,
  type Ran,
  type RunningSmelt,
  runSmelt,
  type StartOptions,
  startSmelt,
} from "./smelt_process.ts";

/** A project in a temporary folder, removed with it, on which the real program runs. */
export class TestProject implements AsyncDisposable {
  /** Holds the project's root and the per-user folder beside it. */
  readonly #folder: string;
  readonly place: ProcessPlace;

  constructor(folder: string) {
    this.#folder = folder;
    this.place = { workingFolder: join(folder, "project"), stateFolder: join(folder, "state") };
  }

  get root(): string {
    return this.place.workingFolder;
  }

  run(args: readonly string[], options: StartOptions = {}): Promise<Ran> {
    return runSmelt(this.place, args, options);
  }

  start(args: readonly string[], options: StartOptions = {}): RunningSmelt {
    return startSmelt(this.place, args, options);
  }

  /** Runs a command that must end with `code`; gives what it printed. */
  async expect(code: number, args: readonly string[], options: StartOptions = {}): Promise<Ran> {
    const ran = await this.run(args, options);
    strictEqual(
      ran.code,
      code,
      `smelt ${args.join(" ")} ended with ${ran.code}:\n${ran.stdout}${ran.stderr}`,
    );
    return ran;
  }

  async write(path: string, text: string): Promise<void> {
    await Deno.mkdir(dirname(join(this.root, path)), { recursive: true });
    await Deno.writeTextFile(join(this.root, path), text);
  }

  read(path: string): Promise<string> {
    return Deno.readTextFile(join(this.root, path));
  }

  get logPath(): string {
    return join(this.root, ".smelt/log/default.log");
  }

  /** What ever was in the sim cloud. */
  async ledger(): Promise<Ledger> {
    return readLedger(await this.journal());
  }

  /** The sim cloud's own journal; empty before anyone called it. */
  async journal(): Promise<string> {
    return await textOrNothing(join(this.root, ".smelt/sim/journal.jsonl"));
  }

  /** Does `work`, which must leave the sim cloud and the log as they were. */
  async unchangedBy<T>(work: () => Promise<T>): Promise<T> {
    const before = [await this.journal(), await textOrNothing(this.logPath)];
    const result = await work();
    deepStrictEqual([await this.journal(), await textOrNothing(this.logPath)], before);
    return result;
  }

  /** Another project that is as this one is now, keys and log and cloud included. */
  async copy(): Promise<TestProject> {
    const folder = await Deno.makeTempDir({ prefix: "smelt-test-" });
    const copied = await new Deno.Command("cp", { args: ["-a", `${this.#folder}/.`, folder] }).output();
    strictEqual(copied.code, 0);
    return new TestProject(folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Makes an empty folder for a project. */
export async function emptyProject(): Promise<TestProject> {
  const folder = await Deno.makeTempDir({ prefix: "smelt-test-" });
  for (const name of ["project", "state"]) await Deno.mkdir(join(folder, name));
  return new TestProject(folder);
}

/** Makes a project by `smelt init`, with `main.smelt`. */
export async function newProject(source = ""): Promise<TestProject> {
  const project = await emptyProject();
  await project.expect(0, ["init"]);
  await project.write("main.smelt", source);
  return project;
}

async function textOrNothing(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
