import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { CliContext } from "./context.ts";
import { line, span } from "./text.ts";

/** The most bytes of a secret, as anywhere else, and its line end. */
const LIMIT_BYTES = 64 * 1024 + 2;

/**
 * Reads a text that no argument may hold, since arguments are seen by all: from standard input, of which one line end at the very
 * end is left out, or from the terminal without showing it.
 */
export async function readSecretInput(
  context: CliContext,
  question: string,
): Promise<Result<string, ProjectFailure>> {
  if (context.answers.isTerminal) {
    context.printer.ask(line(span(question, "bold")));
    const typed = await context.answers.readHiddenLine();
    context.printer.err([line()]);
    return typed === undefined ? err(unread("nothing was typed")) : ok(typed);
  }
  const bytes = await context.readInput(LIMIT_BYTES);
  if (bytes.length > LIMIT_BYTES) return err(unread("it has more than 65536 bytes"));
  const text = decode(bytes);
  return text === undefined ? err(unread("it is not UTF-8")) : ok(text.replace(/\r?\n$/, ""));
}

function unread(why: string): ProjectFailure {
  return { kind: "Config", message: `Cannot take the text from standard input: ${why}` };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
