import { isAbsolute, join } from "node:path";
import type { Clock } from "../engine/clock.ts";
import type { SecretSource } from "../lang/secret_source.ts";
import { fileErrorReason } from "./_file_error.ts";
import { type Printed, printedBy } from "./program_output.ts";
import { faulty, readSecretBytes, SECRET_LIMIT_BYTES, type SecretRead } from "./secret_read.ts";

/** How long a program may take to give a secret. */
const TIMEOUT_MS = 30_000;

/**
 * Runs a program, without a shell, in the root of the project, and takes what it prints for a secret. Nothing that it printed is
 * ever shown, on either of its outputs: not when it fails either. What it has started and left behind is neither waited for nor
 * ended.
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
    const limits = { timeoutMs: TIMEOUT_MS, sizeBytes: SECRET_LIMIT_BYTES };
    return secretOf(await printedBy(clock, child, limits), what);
  } catch (error) {
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return faulty(`Cannot run ${what}: ${reason}`);
  }
}

function secretOf(printed: Printed, what: string): SecretRead {
  if (printed.kind === "late") {
    return faulty(`Cannot take the secret from ${what}: it gave none within ${TIMEOUT_MS / 1_000} s`);
  }
  const { kind } = printed;
  if ((kind === "ended" || kind === "unending") && printed.code !== 0) {
    const hint = "run it by hand to see why: what it prints is not shown here";
    return faulty(`Cannot take the secret from ${what}: it ended with ${printed.code}`, hint);
  }
  if (printed.kind === "unending") {
    const hint = "what it starts has to print elsewhere, or to end before it does";
    return faulty(
      `Cannot take the secret from ${what}: it has ended, and what it left behind prints on`,
      hint,
    );
  }
  return readSecretBytes(printed.bytes, what);
}

/** A name without a slash is looked for where all programs are; a relative path starts at the root of the project. */
export function programPath(root: string, program: string): string {
  return program.includes("/") && !isAbsolute(program) ? join(root, program) : program;
}
