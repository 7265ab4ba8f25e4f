import { isAbsolute, join } from "node:path";
import type { Clock } from "../engine/clock.ts";
import type { SecretSource } from "../lang/secret_source.ts";
import { fileErrorReason } from "./_file_error.ts";
import { faulty, readSecretBytes, SECRET_LIMIT_BYTES, type SecretRead } from "./secret_read.ts";

/** How long a program may take to give a secret. */
const TIMEOUT_MS = 30_000;

/**
 * Runs a program, without a shell, in the root of the project, and takes what it prints for a secret. Nothing that it printed is
 * ever shown, on either of its outputs: not when it fails either.
 */
export async function runSecretCommand(
  clock: Clock,
  root: string,
  { program, args }: Extract<SecretSource, { readonly kind: "command" }>,
): Promise<SecretRead> {
  const what = `the program "${program}"`;
  const command = new Deno.Command(programPath(root, program), {
    args: [...args],
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  });
  try {
    await using child = command.spawn();
    const ended = new AbortController();
    const late = clock.sleep(TIMEOUT_MS, ended.signal).then(() => "late" as const, () => "late" as const);
    const outcome = await Promise.race([resultOf(child), late]);
    ended.abort();
    if (outcome === "late") {
      child.kill("SIGKILL");
      return faulty(`Cannot take the secret from ${what}: it gave none within ${TIMEOUT_MS / 1_000} s`);
    }
    if (outcome.isFull) child.kill("SIGKILL");
    else if (outcome.code !== 0) {
      const hint = "run it by hand to see why: what it prints is not shown here";
      return faulty(`Cannot take the secret from ${what}: it ended with ${outcome.code}`, hint);
    }
    return readSecretBytes(outcome.bytes, what);
  } catch (error) {
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return faulty(`Cannot run ${what}: ${reason}`);
  }
}

/** A name without a slash is looked for where all programs are; a relative path starts at the root of the project. */
export function programPath(root: string, program: string): string {
  return program.includes("/") && !isAbsolute(program) ? join(root, program) : program;
}

interface Printed {
  readonly bytes: Uint8Array;
  readonly code: number;
  /** Whether it printed more than a secret may have. */
  readonly isFull: boolean;
}

async function resultOf(child: Deno.ChildProcess): Promise<Printed> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of child.stdout) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > SECRET_LIMIT_BYTES) return { bytes: concat(chunks), code: 0, isFull: true };
  }
  const { code } = await child.status;
  return { bytes: concat(chunks), code, isFull: false };
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
