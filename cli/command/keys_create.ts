import { createKey } from "../../project/export_key.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { line } from "../text.ts";

/** `smelt keys create` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const created = await createKey(context.ports, input.args[0]);
  if (!created.ok) return reportFailure(context, created.error, input.format);
  const { document, isOwn, name } = created.value;
  context.printer.machine(jsonText({ ...document }));
  context.printer.err([
    line(`Made .smelt/keys/${name}.key; an admin adds what stands above: smelt keys add FILE --role apply`),
    ...isOwn ? [] : [line(`SMELT_KEY=${name} lets it sign here`)],
  ]);
  return EXIT_CODES.ok;
}
