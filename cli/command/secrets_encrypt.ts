import { encryptForSource } from "../../project/source_secret.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { readSecretInput } from "../secret_input.ts";
import { line, span } from "../text.ts";

/** `smelt secrets encrypt` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const [place = "", environment] = input.args;
  const read = await readSecretInput(context, `The secret of ${place}, which is not shown: `);
  if (!read.ok) return reportFailure(context, read.error, format);
  const made = await encryptForSource(context.ports, { environment, place, text: read.value });
  if (!made.ok) return reportFailure(context, made.error, format);
  const ciphertext = made.value;
  if (format === "json") {
    context.printer.machine(jsonText({ schema: "smelt.ciphertext.v1", place, ciphertext }));
    return EXIT_CODES.ok;
  }
  context.printer.out([line(ciphertext)]);
  context.printer.err([
    line(span("note", "cyan"), `: write it as secret("…") at ${place}; it opens nowhere else`),
  ]);
  return EXIT_CODES.ok;
}
