import { validateProject } from "../../project/validate_project.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { diagnosticJson } from "../render/diagnostic_json.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure, reportWarnings } from "../report_failure.ts";
import { line, span } from "../text.ts";

/** `smelt validate` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.flag("json") ? "json" : "text";
  const checked = await validateProject(context.ports, input.args);
  if (!checked.ok) return reportFailure(context, checked.error, format);
  const { desired, warnings, sources, fileCount } = checked.value;
  const resourceCount = desired.resources.length;
  if (format === "json") {
    const diagnostics = warnings.map(diagnosticJson);
    context.printer.machine(
      jsonText({ valid: true, files: fileCount, resources: resourceCount, diagnostics }),
    );
    return EXIT_CODES.ok;
  }
  reportWarnings(context, warnings, sources);
  context.printer.out([
    line(span("valid", "green"), `: ${count(fileCount, "file")}, ${count(resourceCount, "resource")}`),
  ]);
  return EXIT_CODES.ok;
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}
