import { type CreatedTable, createEnvironmentTable } from "../../project/create_environment_table.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage, type UsageFault } from "../report_usage.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt env create` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const [name = ""] = input.args;
  const variables = readVariables(input.texts("var"));
  if ("message" in variables) return reportUsage(context, variables, format);
  const created = await createEnvironmentTable(context.ports, {
    name,
    layers: readList(input.text("layers")),
    region: input.text("region"),
    projectId: input.text("project-id"),
    variables,
    isProtected: input.flag("protected"),
  });
  if (!created.ok) return reportFailure(context, created.error, format);
  if (format === "json") context.printer.machine(jsonText(createdJson(created.value)));
  else context.printer.out(createdLines(created.value));
  return EXIT_CODES.ok;
}

function readList(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(",").map((each) => each.trim()).filter((each) => each !== "");
}

function readVariables(texts: readonly string[]): ReadonlyMap<string, string> | UsageFault {
  const variables = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf("=");
    if (at < 1) {
      return { message: `Cannot read --var "${text}"`, hint: "A variable is given as --var name=value" };
    }
    const name = text.slice(0, at);
    if (variables.has(name)) return { message: `The variable "${name}" is given twice`, hint: undefined };
    variables.set(name, text.slice(at + 1));
  }
  return variables;
}

function createdLines({ name, entries, next }: CreatedTable): readonly Line[] {
  return [
    line(span("Added", "green"), ` the environment ${name} to smelt.toml`),
    ...entries.map(([key, value]) => line("  ", span(`${key} = `, "dim"), JSON.stringify(value))),
    line(`It has no log yet. Next: ${next}`),
  ];
}

function createdJson({ name, entries, next }: CreatedTable): Printable {
  return { schema: "smelt.env_create.v1", name, entries: Object.fromEntries(entries), next };
}
