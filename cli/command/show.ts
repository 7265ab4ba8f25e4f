import type { ValueRecord } from "../../engine/value.ts";
import { findResource } from "../../project/find_resource.ts";
import type { PlacedMoment } from "../../project/log_moment.ts";
import type { ListedResource } from "../../project/list_resources.ts";
import { revealResource } from "../../project/reveal_resource.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { readMoment } from "../read_moment.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { momentJson, momentLines } from "../render/moment_text.ts";
import { resourceJson } from "../render/resource_json.ts";
import { valueText, wholeValueText } from "../render/value_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { plainText, runRevealing } from "../reveal_flow.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt show` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [address = "", environment] = input.args;
  const format = input.format;
  const at = readMoment(input.text("at"));
  if (!at.ok) return reportUsage(context, at.error, format);
  const query = { address, environment, at: at.value };
  if (input.flag("reveal")) {
    return await runRevealing(context, input, {
      format,
      reveal: (listener) => revealResource(context.ports, query, listener),
      textOf: ({ listed, moment }) =>
        format === "json"
          ? `${jsonText({ ...resourceJson(listed), ...pastJson(moment) })}\n`
          : plainText(resourceLines(listed, wholeValueText)),
    });
  }
  const found = await findResource(context.ports, query);
  if (!found.ok) return reportFailure(context, found.error, format);
  const { listed, moment } = found.value;
  if (format === "json") {
    context.printer.machine(jsonText({ ...resourceJson(listed), ...pastJson(moment) }));
    return EXIT_CODES.ok;
  }
  context.printer.err(momentLines(moment));
  context.printer.out(resourceLines(listed, valueText));
  return EXIT_CODES.ok;
}

function pastJson(moment: PlacedMoment | undefined): { readonly [key: string]: Printable } {
  return moment === undefined ? {} : { as_of: momentJson(moment) };
}

function resourceLines(shown: ListedResource, text: typeof valueText): readonly Line[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["type", shown.type],
    ["status", shown.isInDoubt ? `${shown.status}, in doubt` : shown.status],
    ["id", shown.id],
    ["intent", shown.intent],
    ["owner", shown.owner],
    ["protected", shown.isProtected ? "yes" : undefined],
    ["tainted", shown.taint],
    ["needs", listText(shown.dependencies)],
    ["needed by", listText(shown.dependents)],
    ["replaced, still there", listText(shown.deposed)],
  ];
  return [
    line(span(shown.address, "bold")),
    ...facts.flatMap(([name, fact]) =>
      fact === undefined ? [] : [line("  ", span(`${name}: `, "dim"), fact)]
    ),
    ...recordLines("fields", shown.fields, text),
    ...recordLines("outputs", shown.outputs, text),
  ];
}

function listText(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : items.join(", ");
}

function recordLines(title: string, fields: ValueRecord, text: typeof valueText): readonly Line[] {
  const names = Object.keys(fields).sort();
  if (names.length === 0) return [];
  return [
    line(span(`  ${title}`, "dim")),
    ...names.map((name) => line(`    ${name} = ${text(fields[name])}`)),
  ];
}
