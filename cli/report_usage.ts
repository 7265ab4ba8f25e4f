import type { CliContext } from "./context.ts";
import { EXIT_CODES } from "./exit_code.ts";
import { jsonText } from "./render/json_text.ts";
import { errorLines } from "./report_failure.ts";

/** What is wrong with a command line. */
export interface UsageFault {
  readonly message: string;
  /** Left out: where the help is. */
  readonly hint?: string | undefined;
}

/** Says what is wrong with the command line, as text or as JSON, and gives the exit code. */
export function reportUsage(
  context: CliContext,
  { message, hint = "--help tells more" }: UsageFault,
  format: "text" | "json",
): number {
  const exit = { code: EXIT_CODES.usage, kind: "usage" };
  if (format === "text") context.printer.err(errorLines(message, hint));
  else context.printer.machine(jsonText({ error: { kind: "Usage", message, hint }, exit }));
  return EXIT_CODES.usage;
}
