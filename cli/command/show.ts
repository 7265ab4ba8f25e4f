import { nearName } from "../../engine/near_name.ts";
import { err, ok } from "../../engine/result.ts";
import type { ValueRecord } from "../../engine/value.ts";
import { type ListedResource, listResources } from "../../project/list_resources.ts";
import { withEnvironment } from "../../project/read_environment.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { resourceJson } from "../render/resource_json.ts";
import { valueText } from "../render/value_text.ts";
import { reportFailure } from "../report_failure.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt show` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [address = "", environment] = input.args;
  const format = input.flag("json") ? "json" : "text";
  const found = await withEnvironment(
    context.ports,
    { environment, purpose: "read", tell: () => {} },
    (opened) => {
      const all = listResources(opened.environment.journal.state);
      const one = all.find((each) => each.address === address);
      if (one !== undefined) return Promise.resolve(ok(one));
      const near = nearName(address, all.map((each) => each.address));
      const hint = near === undefined ? "smelt state ls lists all" : `Did you mean "${near}"?`;
      return Promise.resolve(err({
        kind: "NotFound" as const,
        message: `No resource "${address}" in ${opened.name}`,
        hint,
        resource: address,
      }));
    },
  );
  if (!found.ok) return reportFailure(context, found.error, format);
  if (format === "json") context.printer.machine(jsonText(resourceJson(found.value)));
  else context.printer.out(resourceLines(found.value));
  return EXIT_CODES.ok;
}

function resourceLines(shown: ListedResource): readonly Line[] {
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
    ...facts.flatMap(([name, text]) =>
      text === undefined ? [] : [line("  ", span(`${name}: `, "dim"), text)]
    ),
    ...recordLines("fields", shown.fields),
    ...recordLines("outputs", shown.outputs),
  ];
}

function listText(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : items.join(", ");
}

function recordLines(title: string, fields: ValueRecord): readonly Line[] {
  const names = Object.keys(fields).sort();
  if (names.length === 0) return [];
  return [
    line(span(`  ${title}`, "dim")),
    ...names.map((name) => line(`    ${name} = ${valueText(fields[name])}`)),
  ];
}
