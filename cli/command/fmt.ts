import { formatProject } from "../../project/format_project.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { reportFailure } from "../report_failure.ts";
import { line, span } from "../text.ts";

/** `smelt fmt` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const mode = input.flag("check") ? "check" : "write";
  const formatted = await formatProject(context.ports, input.args, mode);
  if (!formatted.ok) return reportFailure(context, formatted.error, "text");
  const { changed } = formatted.value;
  const verb = mode === "check" ? "would change" : "formatted";
  context.printer.err(changed.map((name) => line(span(verb, "yellow"), `: ${name}`)));
  return mode === "check" && changed.length > 0 ? EXIT_CODES.error : EXIT_CODES.ok;
}
