import { generateImports } from "../../project/generate_imports.ts";
import { writeOutputFile } from "../../project/write_output_file.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { printText } from "../print_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { line, span } from "../text.ts";

/** `smelt import generate` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const [type = "", ...ids] = input.args;
  if (input.flag("all") === ids.length > 0) {
    const message = ids.length > 0
      ? "Cannot take both --all and ids"
      : "Cannot tell which objects to write down";
    return reportUsage(
      context,
      { message, hint: "Give ids, or --all; smelt import discover lists them" },
      format,
    );
  }
  const request = { type, environment: input.text("env"), ids: ids.length > 0 ? ids : "all" } as const;
  const generated = await generateImports(context.ports, request);
  if (!generated.ok) return reportFailure(context, generated.error, format);
  const { text, imports } = generated.value;
  const out = input.text("out");
  if (out !== undefined) {
    const written = await writeOutputFile(context.ports, { name: out, place: "new" }, text);
    if (!written.ok) return reportFailure(context, written.error, format);
  }
  if (format === "json") {
    const listed = imports.map(({ id, address }) => ({ id, address }));
    context.printer.machine(
      jsonText({ schema: "smelt.import_generate.v1", type, imports: listed, text, file: out ?? null }),
    );
  } else if (out === undefined) printText(context, text);
  else {context.printer.err([
      line(span("Written", "green"), `: ${out}, with ${imports.length} imports; next: smelt plan`),
    ]);}
  return EXIT_CODES.ok;
}
