import { layoutPlace } from "../../project/layout_place.ts";
import { inspectImage } from "../../project/work_on_images.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { imageJson } from "../render/image_json.ts";
import { imageLines } from "../render/image_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { line, span } from "../text.ts";

/** `smelt image inspect` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const [place = ""] = input.args;
  const facts = await inspectImage(context.ports, layoutPlace(place));
  if (!facts.ok) return reportFailure(context, facts.error, format);
  if (format === "json") context.printer.machine(jsonText(imageJson(facts.value)));
  else context.printer.out([line(span(facts.value.digest, "bold")), ...imageLines(facts.value)]);
  return EXIT_CODES.ok;
}
