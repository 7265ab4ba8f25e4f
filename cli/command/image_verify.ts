import { verifyImage } from "../../project/verify_image.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { judgementExit, judgementJson } from "../render/judgement_json.ts";
import { judgementLines } from "../render/judgement_text.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";

/** `smelt image verify` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.flag("json") ? "json" : "text";
  const judgement = await verifyImage(context.ports, {
    reference: input.args[0],
    layout: input.text("layout"),
    keys: input.texts("key"),
    policy: input.text("policy"),
    rebuilt: input.text("rebuilt"),
    advisories: input.text("advisory-db"),
    auditRules: input.text("audit-rules"),
    insecure: input.texts("insecure"),
    caFile: input.text("ca-file"),
  });
  if (!judgement.ok) return reportFailure(context, judgement.error, format);
  if (format === "json") context.printer.machine(jsonText(judgementJson(judgement.value)));
  else context.printer.out(judgementLines(judgement.value));
  return EXIT_CODES[judgementExit(judgement.value)];
}
