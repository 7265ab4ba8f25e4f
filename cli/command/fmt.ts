import { formatDiffs } from "../../project/format_diff.ts";
import { formatInput } from "../../project/format_input.ts";
import { type ChangedFile, formatProject } from "../../project/format_project.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { diffLines } from "../render/diff_text.ts";
import { errorLines, reportFailure } from "../report_failure.ts";
import { line, span } from "../text.ts";

const INPUT = "-";

/** `smelt fmt` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  if (input.args.includes(INPUT)) return await runOnInput(context, input);
  const isWriting = !input.flag("check") && !input.flag("diff");
  const formatted = await formatProject(context.ports, input.args, isWriting ? "write" : "check");
  if (!formatted.ok) return reportFailure(context, formatted.error, "text");
  const { changed } = formatted.value;
  if (isWriting) tell(context, "formatted", changed);
  return isWriting ? EXIT_CODES.ok : await compare(context, input, changed);
}

/** Standard input to standard output, for editors. */
async function runOnInput(context: CliContext, input: CommandInput): Promise<number> {
  if (input.args.length > 1) {
    const message = `Cannot format "${INPUT}", standard input, beside files`;
    context.printer.err(errorLines(message, "Format the files by a call of their own"));
    return EXIT_CODES.usage;
  }
  const formatted = await formatInput((limitBytes) => context.readInput(limitBytes));
  if (!formatted.ok) return reportFailure(context, formatted.error, "text");
  const { isChanged, after } = formatted.value;
  if (input.flag("check") || input.flag("diff")) {
    return await compare(context, input, isChanged ? [formatted.value] : []);
  }
  context.printer.echo(after.text);
  return EXIT_CODES.ok;
}

/** Says what would change, and writes nothing. */
async function compare(
  context: CliContext,
  input: CommandInput,
  changed: readonly ChangedFile[],
): Promise<number> {
  if (input.flag("diff")) {
    for (const each of await formatDiffs(context.ports, changed)) context.printer.out(diffLines(each));
  }
  if (!input.flag("check")) return EXIT_CODES.ok;
  tell(context, "would change", changed);
  return changed.length > 0 ? EXIT_CODES.error : EXIT_CODES.ok;
}

function tell(context: CliContext, verb: string, changed: readonly ChangedFile[]): void {
  context.printer.err(changed.map(({ name }) => line(span(verb, "yellow"), `: ${name}`)));
}
