import { type ImageConfigFacts, tellImageConfig } from "../../project/tell_image_config.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { imageOptions } from "../image_options.ts";
import { jsonText } from "../render/json_text.ts";
import { reportRefusal } from "../report_refusal.ts";
import { alignColumns, span } from "../text.ts";

/** `smelt image config` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const told = await tellImageConfig(context.ports, imageOptions(input), input.args[0]);
  if (!told.ok) return reportRefusal(context, told.error, format);
  if (format === "json") context.printer.machine(configJson(told.value));
  else context.printer.out(configLines(told.value));
  return EXIT_CODES.ok;
}

function configLines({ programs, settings }: ImageConfigFacts): ReturnType<typeof alignColumns> {
  const rows = settings.map(({ key, source, texts }) => [
    span(key),
    source === undefined ? span("-", "dim") : span(texts.join(", "), "bold"),
    span(source ?? "", "dim"),
  ]);
  const named = programs.map(({ name, source, texts }) => [
    span(`programs.${name}`),
    span(texts.join(", "), "bold"),
    span(source, "dim"),
  ]);
  return alignColumns([...rows, ...named]);
}

function configJson({ programs, settings }: ImageConfigFacts): string {
  return jsonText({
    settings: settings.map(({ key, source = null, texts }) => ({ key, values: [...texts], source })),
    programs: programs.map(({ name, source, texts }) => ({ name, values: [...texts], source })),
    exit: { code: EXIT_CODES.ok, kind: "ok" },
  });
}
