import type { Blame, BlamedField, BlamedRecord, Revelation } from "../../audit/blame.ts";
import { blameResource } from "../../project/blame_resource.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { instantText } from "../render/instant_text.ts";
import { jsonText, type Printable, sortedKeys } from "../render/json_text.ts";
import { valueText } from "../render/value_text.ts";
import { reportFailure } from "../report_failure.ts";
import { alignColumns, type Line, line, type Span, span } from "../text.ts";

/** `smelt blame` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const [address = "", environment] = input.args;
  const found = await blameResource(context.ports, { address, environment });
  if (!found.ok) return reportFailure(context, found.error, format);
  if (format === "json") {
    const { environment: name, ...blamed } = found.value;
    context.printer.machine(jsonText({ schema: "smelt.blame.v1", environment: name, ...blameJson(blamed) }));
  } else context.printer.out(blameLines(found.value));
  return EXIT_CODES.ok;
}

function blameLines({ address, type, id, fields, revealed }: Blame): readonly Line[] {
  return [
    line(span(address, "bold"), ` : ${type}`, span(`  ${id}`, "cyan")),
    ...alignColumns([...fields.flatMap(fieldRows), ...revealed.map(revelationRow)]),
  ];
}

function fieldRows({ path, value, by, intent, outside }: BlamedField): readonly (readonly Span[])[] {
  const row = [span(`  ${path} = ${valueText(value)}`), ...recordCells(by, intent)];
  if (outside === undefined) return [row];
  return [row, [span("    changed from outside, found by", "yellow"), ...recordCells(outside, undefined)]];
}

function revelationRow({ paths, by }: Revelation): readonly Span[] {
  return [span(`  shown in clear: ${paths.join(", ")}`, "yellow"), ...recordCells(by, undefined)];
}

function recordCells(record: BlamedRecord, intent: string | undefined): readonly Span[] {
  const { command, keyName, person, run, why } = record;
  return [
    span(String(record.seq), "dim"),
    span(instantText(record.at)),
    span(person === undefined ? keyName : `${person} (${keyName})`),
    span(run.slice(0, 8), "dim"),
    span(command ?? "", "bold"),
    span(why ?? ""),
    span(intent === undefined ? "" : `# ${intent}`, "dim"),
  ];
}

function blameJson({ address, type, id, fields, revealed }: Blame): { readonly [key: string]: Printable } {
  return {
    address,
    type,
    id,
    fields: fields.map(({ path, value, by, intent, outside }) => ({
      path,
      value: sortedKeys(value),
      ...recordJson(by),
      intent: intent ?? null,
      changed_outside: outside === undefined ? null : recordJson(outside),
    })),
    shown_in_clear: revealed.map(({ paths, by }) => ({ paths: [...paths], ...recordJson(by) })),
  };
}

function recordJson(record: BlamedRecord): { readonly [key: string]: Printable } {
  return {
    seq: record.seq,
    at: record.at,
    run: record.run,
    command: record.command ?? null,
    person: record.person ?? null,
    host: record.host ?? null,
    key: record.keyName,
    why: record.why ?? null,
  };
}
