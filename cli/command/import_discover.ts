import { type Discovered, discoverObjects } from "../../project/discover_objects.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { alignColumns, type Line, line, span } from "../text.ts";

/** `smelt import discover` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const [type = "", environment] = input.args;
  const found = await discoverObjects(context.ports, { type, environment });
  if (!found.ok) return reportFailure(context, found.error, format);
  if (format === "json") {
    context.printer.machine(jsonText(discoveredJson(type, found.value)));
    return EXIT_CODES.ok;
  }
  const { objects, ownedCount } = found.value;
  context.printer.out(alignColumns(objects.map(({ id, name, statement }) => [
    span(id, "bold"),
    span(name ?? ""),
    span(statement, "dim"),
  ])));
  context.printer.err(countLines(type, objects.length, ownedCount));
  return EXIT_CODES.ok;
}

function countLines(type: string, count: number, owned: number): readonly Line[] {
  const free = count === 0
    ? `No ${type} that smelt does not own`
    : `${count} of ${type} that smelt does not own`;
  const next = count === 0
    ? []
    : [line(span("hint", "cyan"), `: smelt import generate ${type} --all writes them down`)];
  return [line(span(owned === 0 ? free : `${free}; ${owned} it does`, "dim")), ...next];
}

function discoveredJson(type: string, { environment, account, objects, ownedCount }: Discovered): Printable {
  return {
    schema: "smelt.import_discover.v1",
    environment,
    type,
    account,
    objects: objects.map(({ id, name, statement }) => ({ id, name: name ?? null, statement })),
    owned: ownedCount,
  };
}
