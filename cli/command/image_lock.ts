import { lockImages } from "../../project/work_on_images.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { line, span } from "../text.ts";

/** `smelt image lock` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const access = { insecure: input.texts("insecure"), caFile: input.text("ca-file") };
  const locked = await lockImages(context.ports, input.args, access);
  if (!locked.ok) return reportFailure(context, locked.error, format);
  if (format === "json") {
    const bases = locked.value.map(({ before = null, digest, reference }) => ({ reference, before, digest }));
    context.printer.machine(jsonText({ bases, exit: { code: EXIT_CODES.ok, kind: "ok" } }));
    return EXIT_CODES.ok;
  }
  context.printer.out(locked.value.map(({ before, digest, reference }) => {
    if (before === digest) return line("  ", reference, span("  as before", "dim"));
    return line("  ", span(reference, "bold"), `  ${before ?? "new"} -> ${digest}`);
  }));
  if (locked.value.length === 0) context.printer.out([line("image.lock names no base")]);
  return EXIT_CODES.ok;
}
