import { imageAudit } from "../../project/contents_request.ts";
import { auditImage } from "../../project/work_on_images.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES, type ExitKind } from "../exit_code.ts";
import { auditJson } from "../render/audit_json.ts";
import { auditLines } from "../render/audit_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";

/** `smelt image audit` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const { format } = input;
  const [place = "."] = input.args;
  const request = imageAudit(place, {
    policy: input.text("policy"),
    database: input.text("advisory-db"),
    rules: input.text("rules"),
  });
  const report = await auditImage(context.ports, request);
  if (!report.ok) return reportFailure(context, report.error, format);
  const kind: ExitKind = report.value.outcome === "refused" ? "error" : "ok";
  if (format === "json") {
    const exit = { code: EXIT_CODES[kind], kind };
    context.printer.machine(jsonText({ ...auditJson(report.value), exit }));
  } else context.printer.out(auditLines(report.value));
  return EXIT_CODES[kind];
}
