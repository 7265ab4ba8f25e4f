import { environmentSbom } from "../../project/environment_sbom.ts";
import { writeOutputFile } from "../../project/write_output_file.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { line, span } from "../text.ts";

/** `smelt audit sbom` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const made = await environmentSbom(context.ports, {
    environment: input.args[0],
    specVersion: input.text("spec-version") === "1.5" ? "1.5" : "1.6",
    ids: input.flag("omit-sensitive-ids") ? "omitted" : "told",
  });
  if (!made.ok) return reportFailure(context, made.error, format);
  const text = jsonText(made.value);
  const out = input.text("out");
  if (out === undefined) {
    context.printer.machine(text);
    return EXIT_CODES.ok;
  }
  const written = await writeOutputFile(context.ports, { name: out, place: "any" }, `${text}\n`);
  if (!written.ok) return reportFailure(context, written.error, format);
  if (format === "json") context.printer.machine(jsonText({ schema: "smelt.sbom.v1", written: out }));
  else context.printer.err([line(span("Written", "green"), `: ${out}`)]);
  return EXIT_CODES.ok;
}
