import type { TrailEntry } from "../../audit/trail.ts";
import { shortCommand } from "../../engine/given_up_secrets.ts";
import { readTrail } from "../../project/read_trail.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { readMoment } from "../read_moment.ts";
import { instantText } from "../render/instant_text.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { alignColumns, type Line, line, span } from "../text.ts";

/** `smelt history` and `smelt audit trail` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const since = readMoment(input.text("since"));
  if (!since.ok) return reportUsage(context, since.error, format);
  const entries = await readTrail(context.ports, {
    environment: input.args[0],
    address: input.text("address"),
    run: input.text("run"),
    since: since.value,
  });
  if (!entries.ok) return reportFailure(context, entries.error, format);
  const shown = entries.value.slice(-(input.wholeNumber("limit") ?? entries.value.length));
  if (format === "json") context.printer.machine(jsonText(shown.map(entryJson)));
  else {
    context.printer.out(alignColumns(shown.map(entryRow)));
    context.printer.err(limitLines(shown.length, entries.value.length));
  }
  return EXIT_CODES.ok;
}

function limitLines(shown: number, all: number): readonly Line[] {
  return shown === all ? [] : [line(span("note", "cyan"), `: the last ${shown} of ${all} events`)];
}

function entryRow(entry: TrailEntry): ReturnType<typeof span>[] {
  return [
    span(entry.position, "dim"),
    span(instantText(entry.at)),
    span(entry.who),
    span(entry.run.slice(0, 8), "dim"),
    span(entry.address ?? shortCommand(entry.command ?? ""), "bold"),
    span(entry.voidBecause === undefined ? entry.what : `${entry.what} (void: ${entry.voidBecause})`),
    span(entry.intent === undefined ? "" : `# ${entry.intent}`, "dim"),
  ];
}

function entryJson(entry: TrailEntry): Printable {
  return {
    position: entry.position,
    at: entry.at,
    run: entry.run,
    command: entry.command,
    who: entry.who,
    key_id: entry.keyId,
    type: entry.type,
    address: entry.address,
    what: entry.what,
    intent: entry.intent,
    void_because: entry.voidBecause,
  };
}
