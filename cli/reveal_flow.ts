import type { Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { RevealListener } from "../project/reveal_secrets.ts";
import { writeSecretFile } from "../project/write_secret_file.ts";
import type { CommandInput } from "./command_spec.ts";
import type { CliContext } from "./context.ts";
import { EXIT_CODES } from "./exit_code.ts";
import { openInterrupts } from "./interrupts.ts";
import { noticeLines } from "./render/notice_text.ts";
import { repairLines } from "./render/repair_text.ts";
import { reportFailure } from "./report_failure.ts";
import { reportUsage } from "./report_usage.ts";
import { type Line, line } from "./text.ts";

/** A command that shows secrets in clear. */
export interface Revealing<T> {
  readonly format: "text" | "json";
  reveal(listener: RevealListener): Promise<Result<T, ProjectFailure>>;
  /** The whole output, with its line end. */
  textOf(shown: T): string;
}

/**
 * Shows secrets: on a terminal, in a new file that only its owner can read, or, with `--force`, wherever standard output leads.
 * Where they would go nothing is opened or recorded when they may not go there.
 */
export async function runRevealing<T>(
  context: CliContext,
  input: CommandInput,
  { format, reveal, textOf }: Revealing<T>,
): Promise<number> {
  const file = input.text("out");
  if (file === undefined && !context.printer.isOutTerminal && !input.flag("force")) {
    const message = "Cannot show secrets: standard output is no terminal";
    const hint =
      "--out FILE writes them to a new file that only you can read; --force prints them all the same";
    return reportUsage(context, { message, hint }, format);
  }
  const interrupts = openInterrupts(context, (text) => context.printer.err([line(text)]));
  const later: Line[] = [];
  try {
    const shown = await reveal({
      repaired: (repairs) => void later.push(...repairLines(repairs)),
      noticed: (notice) => void later.push(...noticeLines(notice)),
      interrupts,
    });
    context.printer.err(later);
    if (!shown.ok) return reportFailure(context, shown.error, format);
    const text = textOf(shown.value);
    if (file === undefined) {
      context.printer.reveal(text);
      return EXIT_CODES.ok;
    }
    const written = await writeSecretFile(context.ports, file, text);
    return written.ok ? EXIT_CODES.ok : reportFailure(context, written.error, format);
  } finally {
    interrupts.close();
  }
}

/** Lines as a text, without colours. */
export function plainText(lines: readonly Line[]): string {
  return lines.map((each) => `${each.map(({ text }) => text).join("")}\n`).join("");
}
