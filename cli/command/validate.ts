import { validateProject, type Validation } from "../../project/validate_project.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { diagnosticJson } from "../render/diagnostic_json.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { reportFailure, reportWarnings } from "../report_failure.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt validate` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const validated = await validateProject(context.ports, {
    files: input.args,
    environment: input.text("env"),
    strictness: input.flag("strict") ? "warnings" : "errors",
  });
  if (!validated.ok) return reportFailure(context, validated.error, format);
  const { failure, diagnostics, sources } = validated.value;
  const code = failure === undefined ? EXIT_CODES.ok : EXIT_CODES.error;
  if (format === "json") {
    context.printer.machine(jsonText(validationJson(validated.value, code)));
    return code;
  }
  if (failure !== undefined) return reportFailure(context, failure, format);
  reportWarnings(context, diagnostics, sources);
  context.printer.out([summaryLine(validated.value)]);
  return code;
}

function validationJson(
  { environments, fileCount, diagnostics, sources, failure }: Validation,
  code: number,
): Printable {
  return {
    schema: "smelt.validate.v1",
    valid: failure === undefined,
    files: fileCount,
    environments: environments.map(({ name, resourceCount }) => ({ name, resources: resourceCount })),
    diagnostics: diagnostics.map((each) => diagnosticJson(each, sources)),
    exit: { code, kind: failure === undefined ? "ok" : "error" },
  };
}

function summaryLine({ environments, fileCount, diagnostics }: Validation): Line {
  const counts = new Set(environments.map((each) => each.resourceCount));
  const resources = counts.size === 1
    ? `${count([...counts][0] ?? 0, "resource")}${inEnvironments(environments.map((each) => each.name))}`
    : environments.map((each) => `${count(each.resourceCount, "resource")} in ${each.name}`).join(", ");
  const warnings = diagnostics.length === 0 ? "" : `, ${count(diagnostics.length, "warning")}`;
  return line(span("valid", "green"), `: ${count(fileCount, "file")}, ${resources}${warnings}`);
}

function inEnvironments(names: readonly string[]): string {
  return names.length < 2 ? "" : ` in each of ${names.join(", ")}`;
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}
