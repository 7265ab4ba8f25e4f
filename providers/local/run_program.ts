import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { cancelledBefore, cancelledDuring, refused } from "../failures.ts";
import { childEnvironment } from "./child_environment.ts";
import { attempt } from "./os_failure.ts";

const OUTPUT_LIMIT = 1024 * 1024;

/** A program to run, without a shell. */
export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  /** Names of smelt's own variables that it gets beside the few that every program gets. */
  readonly inherited: readonly string[];
  /** Its further variables. */
  readonly environment: ReadonlyMap<string, string>;
  /** Absolute. */
  readonly workingDir: string;
  readonly stdin: string;
  /** How messages call it. */
  readonly label: string;
}

/** How a program ended. */
export interface ProgramEnd {
  readonly exitCode: number;
  /** The first 1,048,576 bytes as UTF-8, without one last newline. */
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end. When the signal goes off, the program is killed and what it did is unknown; so it is when
 * another signal ends it.
 */
export async function runProgram(
  call: ProgramCall,
  signal: AbortSignal,
): Promise<Result<ProgramEnd, CallFailure>> {
  const started = await start(call, signal);
  if (!started.ok) return started;
  const child = started.value;
  const streams = new AbortController();
  const stop = (): void => {
    kill(child);
    streams.abort();
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const [status, stdout, stderr] = await Promise.all([
      child.status,
      readText(child.stdout, streams.signal),
      readText(child.stderr, streams.signal),
      writeText(child.stdin, call.stdin),
    ]);
    if (signal.aborted) return err(cancelledDuring(signal));
    if (status.signal !== null) return err(killed(call, status.signal));
    return ok({ exitCode: status.code, stdout, stderr });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function start(
  call: ProgramCall,
  signal: AbortSignal,
): Promise<Result<Deno.ChildProcess, CallFailure>> {
  const permission = await Deno.permissions.query({ name: "run", command: call.program });
  if (signal.aborted) return err(cancelledBefore(signal));
  if (permission.state !== "granted") {
    return err(refused("Denied", `Cannot run ${call.label}: add the flag --allow-run=${call.program}`));
  }
  return await attempt(
    `Cannot run ${call.label} in "${call.workingDir}"`,
    "notDone",
    () => Promise.resolve(commandOf(call).spawn()),
  );
}

function commandOf({ program, args, inherited, environment, workingDir }: ProgramCall): Deno.Command {
  return new Deno.Command(program, {
    args: [...args],
    cwd: workingDir,
    clearEnv: true,
    env: childEnvironment(inherited, environment),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
}

/** One that has ended meanwhile needs no killing. */
function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Reads to the end, so that the program is never held up, and keeps the beginning. */
async function readText(stream: ReadableStream<Uint8Array<ArrayBuffer>>, stop: AbortSignal): Promise<string> {
  const reader = stream.getReader();
  const cancel = (): void => void reader.cancel();
  stop.addEventListener("abort", cancel, { once: true });
  const decoder = new TextDecoder();
  let text = "";
  let sizeBytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const kept = part.value.subarray(0, Math.max(0, OUTPUT_LIMIT - sizeBytes));
    sizeBytes += kept.length;
    text += decoder.decode(kept, { stream: true });
  }
  stop.removeEventListener("abort", cancel);
  return (text + decoder.decode()).replace(/\r?\n$/, "");
}

/** A program need not read its input: a closed pipe is no failure. */
async function writeText(stream: WritableStream<Uint8Array<ArrayBuffer>>, text: string): Promise<void> {
  const writer = stream.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function killed({ label }: ProgramCall, signal: string): CallFailure {
  return {
    kind: "Transient",
    retry: "never",
    certainty: "unknown",
    message: `Cannot tell what ${label} did: it was ended by ${signal}`,
  };
}
