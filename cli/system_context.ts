import process from "node:process";
import type { SecretRegister } from "../engine/secret_register.ts";
import type { LaunchCommand, ProjectPorts } from "../project/project_ports.ts";
import type { Answers, CliContext } from "./context.ts";
import { type RawTerminal, readHiddenLine } from "./hidden_line.ts";
import { keepPermissions } from "./keep_permissions.ts";
import { readLines } from "./line_reader.ts";
import type { OutputStream } from "./output_stream.ts";
import { Printer, type TextSink } from "./printer.ts";
import { readInput } from "./read_input.ts";

const USUAL_SIZE = { columns: 80, rows: 24 };

/** Makes the ports of the use cases from what the command line knows. */
export type MakePorts = (parts: {
  readonly workingFolder: string;
  readonly readVariable: (name: string) => string | undefined;
  readonly host: string;
  readonly who: string;
  readonly launch: LaunchCommand | undefined;
  readonly secrets: SecretRegister;
}) => ProjectPorts;

/** Where text leaves the process, and the secrets that must not. */
export interface OutputStreams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly secrets: SecretRegister;
}

/** The context of a real process: its streams, its terminal, its signals. */
export function systemContext(version: string, streams: OutputStreams, makePorts: MakePorts): CliContext {
  const { secrets } = streams;
  const sink = (name: "stdout" | "stderr"): TextSink => ({
    write: (text) => streams[name].write(text),
    isTerminal: Deno[name].isTerminal(),
  });
  return {
    version,
    ports: makePorts({
      workingFolder: Deno.cwd(),
      readVariable: (name) => Deno.env.get(name),
      host: Deno.hostname(),
      who: userName(),
      launch: launchCommand(),
      secrets,
    }),
    printer: new Printer({ out: sink("stdout"), err: sink("stderr") }, secrets, Deno.env.get("NO_COLOR")),
    answers: systemAnswers(),
    readInput: (limitBytes) => readInput(Deno.stdin.readable, limitBytes),
    onInterrupt: (listener) => onSignal("SIGINT", listener),
    onTermination(listener) {
      const releases = (["SIGTERM", "SIGHUP"] as const).map((signal) => onSignal(signal, listener));
      return () => releases.forEach((release) => release());
    },
    keepPermissions,
    terminalSize,
  };
}

function onSignal(signal: Deno.Signal, listener: () => void): () => void {
  Deno.addSignalListener(signal, listener);
  return () => Deno.removeSignalListener(signal, listener);
}

/** Never throws: a terminal may go while a run lives. */
function terminalSize(): { readonly columns: number; readonly rows: number } {
  try {
    const { columns, rows } = Deno.stderr.isTerminal() ? Deno.consoleSize() : USUAL_SIZE;
    // Some terminals do not tell their size: it is 0 then.
    return columns > 0 && rows > 0 ? { columns, rows } : USUAL_SIZE;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return USUAL_SIZE;
  }
}

function systemAnswers(): Answers {
  const lines = readLines(Deno.stdin.readable);
  return {
    isTerminal: Deno.stdin.isTerminal(),
    async readLine() {
      const next = await lines.next();
      return next.done === true ? undefined : next.value;
    },
    readHiddenLine: () => readHiddenLine(stdinTerminal),
  };
}

const stdinTerminal: RawTerminal = {
  setMode: (mode) => Deno.stdin.setRaw(mode === "raw", { cbreak: mode === "raw" }),
  async read() {
    const bytes = new Uint8Array(1024);
    const count = await Deno.stdin.read(bytes);
    return count === null ? undefined : bytes.subarray(0, count);
  },
};

/** Whoever a CI or the operating system says that this is; the signature of the log says which key. */
function userName(): string {
  for (const name of ["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER", "LOGNAME", "USERNAME"]) {
    const value = Deno.env.get(name);
    if (value !== undefined && value !== "") return value;
  }
  const id = process.getuid?.();
  return id === undefined ? "unknown" : `uid ${id}`;
}

/** A compiled program starts itself; one that runs from source needs the runtime and its configuration. */
function launchCommand(): LaunchCommand | undefined {
  if (Deno.build.standalone) return undefined;
  const main = new URL(Deno.mainModule);
  if (main.protocol !== "file:") return undefined;
  const config = new URL("./deno.json", main);
  return { runtime: Deno.execPath(), config: pathOf(config), main: pathOf(main) };
}

function pathOf(url: URL): string {
  return decodeURIComponent(url.pathname);
}
