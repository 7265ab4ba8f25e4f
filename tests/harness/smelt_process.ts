import { fileURLToPath } from "node:url";
import { RUNTIME_FLAGS } from "../../project/runtime_flags.ts";

const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const MAIN = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** Variables that the runtime needs; all others of the test's own environment stay away from the program. */
const INHERITED: readonly string[] = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME"];

/** Where the program is started, and what it may write beside the working folder. */
export interface ProcessPlace {
  readonly workingFolder: string;
  /** The folder that `SMELT_STATE_HOME` names. */
  readonly stateFolder: string;
}

/** What may be set otherwise for one start of the program. */
export interface StartOptions {
  /** Variables beside those that every start gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further flags of the runtime, for example `--allow-run=cat`. */
  readonly flags?: readonly string[];
  /** What its input brings; without it, the input is closed. */
  readonly input?: string;
}

/** How a process ended. */
export interface Ran {
  /** 128 and the signal's number when a signal ended it. */
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line of the program, as the launcher of a project has it, without the program that runs it. */
export function smeltArgs(place: ProcessPlace, args: readonly string[], options: StartOptions): string[] {
  const paths = `${place.workingFolder},${place.stateFolder}`;
  const permissions = ["-P", `--config=${CONFIG}`, `-R=${paths}`, `-W=${paths}`];
  return [
    "run",
    "-q",
    "--no-prompt",
    ...RUNTIME_FLAGS,
    ...permissions,
    ...options.flags ?? [],
    MAIN,
    ...args,
  ];
}

/** The variables that the program sees. */
export function smeltEnv(place: ProcessPlace, options: StartOptions): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const own = { SMELT_STATE_HOME: place.stateFolder, NO_COLOR: "1", USER: "tester" };
  return { ...Object.fromEntries(inherited), ...own, ...options.env };
}

/** Starts the program and waits for its end. */
export async function runSmelt(
  place: ProcessPlace,
  args: readonly string[],
  options: StartOptions = {},
): Promise<Ran> {
  const { code, signal, stdout, stderr } = await outputOf(command(place, args, options), options.input);
  const text = new TextDecoder();
  return { code, signal, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

async function outputOf(started: Deno.Command, input: string | undefined): Promise<Deno.CommandOutput> {
  if (input === undefined) return await started.output();
  const child = started.spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  return await output;
}

/** Starts the program and does not wait for its end. */
export function startSmelt(
  place: ProcessPlace,
  args: readonly string[],
  options: StartOptions = {},
): RunningSmelt {
  return new RunningSmelt(command(place, args, options).spawn());
}

function command(place: ProcessPlace, args: readonly string[], options: StartOptions): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: smeltArgs(place, args, options),
    cwd: place.workingFolder,
    clearEnv: true,
    env: smeltEnv(place, options),
    stdin: options.input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  });
}

/** The program while it runs: what it prints can be waited for. */
export class RunningSmelt {
  readonly #child: Deno.ChildProcess;
  readonly #stdout: HeardStream;
  readonly #stderr: HeardStream;

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#stdout = new HeardStream(child.stdout);
    this.#stderr = new HeardStream(child.stderr);
  }

  /** Waits until `text` has been printed to either stream. Rejects when the program ends before. */
  async printed(text: string): Promise<void> {
    const heard = await Promise.race([
      this.#stdout.heard(text),
      this.#stderr.heard(text),
      this.ended().then(() => "ended" as const),
    ]);
    if (heard !== "ended" || `${this.#stdout.text}${this.#stderr.text}`.includes(text)) return;
    throw new Error(`The program ended without printing "${text}": ${this.#stdout.text}${this.#stderr.text}`);
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async ended(): Promise<Ran> {
    const { code, signal } = await this.#child.status;
    await Promise.all([this.#stdout.end, this.#stderr.end]);
    return { code, signal, stdout: this.#stdout.text, stderr: this.#stderr.text };
  }
}

/** All that a stream has brought so far. */
class HeardStream {
  text = "";
  readonly end: Promise<void>;
  readonly #waiting = new Map<string, () => void>();

  constructor(stream: ReadableStream<Uint8Array>) {
    this.end = this.#readAll(stream);
  }

  /** Resolves once `text` has come; never when it does not. */
  heard(text: string): Promise<void> {
    if (this.text.includes(text)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(text, resolve));
  }

  async #readAll(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      this.text += decoder.decode(bytes, { stream: true });
      for (const [wanted, tell] of this.#waiting) if (this.text.includes(wanted)) tell();
    }
  }
}
