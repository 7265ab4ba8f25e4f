import { scrubJson } from "../../engine/scrub_json.ts";
import { exportState } from "../../project/export_state.ts";
import { writeOutputFile } from "../../project/write_output_file.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { line, span } from "../text.ts";

/** `smelt state export` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const exported = await exportState(context.ports, input.args[0]);
  if (!exported.ok) return reportFailure(context, exported.error, "text");
  const text = scrubJson(context.ports.secrets, jsonText(exported.value));
  const out = input.text("out");
  if (out === undefined) {
    context.printer.machine(text);
    return EXIT_CODES.ok;
  }
  const written = await writeOutputFile(context.ports, { name: out, place: "any" }, `${text}\n`);
  if (!written.ok) return reportFailure(context, written.error, "text");
  context.printer.err([line(span("Written", "green"), `: ${out}`)]);
  return EXIT_CODES.ok;
}
