import { canonicalJson } from "../../engine/canonical_json.ts";
import { scrubJson } from "../../engine/scrub_json.ts";
import { exportState } from "../../project/export_state.ts";
import { writeOutputFile } from "../../project/write_output_file.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { readMoment } from "../read_moment.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { line, span } from "../text.ts";

/** `smelt state export` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const moment = readMoment(input.text("at"));
  if (!moment.ok) return reportUsage(context, moment.error, "text");
  const out = input.text("out");
  if (input.flag("canonical") && out === undefined) {
    const hint = "It is for digests, and a terminal would take part of it for commands";
    return reportUsage(context, { message: "--canonical takes a file: --out", hint }, "text");
  }
  const exported = await exportState(context.ports, input.args[0], moment.value);
  if (!exported.ok) return reportFailure(context, exported.error, "text");
  const { secrets } = context.ports;
  // A canonical text is what digests are made of: what it holds of secrets is sealed already.
  const text = input.flag("canonical")
    ? canonicalJson(exported.value)
    : scrubJson(secrets, jsonText(exported.value));
  if (out === undefined) {
    context.printer.machine(text);
    return EXIT_CODES.ok;
  }
  const written = await writeOutputFile(
    context.ports,
    { name: out, place: "any" },
    input.flag("canonical") ? text : `${text}\n`,
  );
  if (!written.ok) return reportFailure(context, written.error, "text");
  context.printer.err([line(span("Written", "green"), `: ${out}`)]);
  return EXIT_CODES.ok;
}
