import { bomQuestion } from "../../project/contents_request.ts";
import { imageBom } from "../../project/work_on_images.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { reportFailure } from "../report_failure.ts";

/** `smelt image sbom` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [place = "."] = input.args;
  const question = bomQuestion(place, { format: input.text("format"), platform: input.text("platform") });
  const bom = await imageBom(context.ports, question);
  if (!bom.ok) return reportFailure(context, bom.error, "text");
  context.printer.machine(bom.value.text);
  return EXIT_CODES.ok;
}
