import { restoreSecretKeys } from "../../project/restore_secret_keys.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { line, span } from "../text.ts";

/** `smelt secrets init` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const request = { environment: input.args[0], copies: input.text("from") };
  const present = await restoreSecretKeys(context.ports, request);
  if (!present.ok) return reportFailure(context, present.error, format);
  const { environment, dataKey, digestKey, restored } = present.value;
  if (format === "json") {
    const keys = { data_key: dataKey, digest_key: digestKey, restored: [...restored] };
    context.printer.machine(jsonText({ schema: "smelt.secret_keys.v1", environment, ...keys }));
    return EXIT_CODES.ok;
  }
  context.printer.out([
    restored.length === 0
      ? line(`The keys of ${environment} are here: smelt init has made them`)
      : line(span("Restored", "green"), ` ${restored.join(" and ")} of ${environment}`),
    line(span("  data key    ", "dim"), dataKey),
    line(span("  digest key  ", "dim"), digestKey),
    line("Keep a copy of .smelt/keys where only you can read it: without them no secret opens"),
  ]);
  return EXIT_CODES.ok;
}
