import type { CommandInput } from "./command_spec.ts";
import type { CliContext } from "./context.ts";
import { reportUsage } from "./report_usage.ts";

/** The exit code where `--refresh-only` stands beside what it cannot go with, which has been told; else `undefined`. */
export function refreshConflict(
  context: CliContext,
  input: CommandInput,
  files: readonly string[],
): number | undefined {
  const format = input.flag("json") ? "json" : "text";
  if (input.flag("no-refresh")) {
    return reportUsage(
      context,
      "Found --no-refresh beside --refresh-only",
      "Leave one of them out",
      format,
    );
  }
  if (files.length === 0) return undefined;
  const hint = "What is recorded is what lives, whatever files say";
  return reportUsage(context, `Found "${files[0]}" beside --refresh-only, which reads no file`, hint, format);
}
