import { imageBuild } from "../../project/image_request.ts";
import { buildImage } from "../../project/work_on_images.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { imageJson } from "../render/image_json.ts";
import { imageLines } from "../render/image_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { line, span } from "../text.ts";

/** `smelt image build` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const request = imageBuild({
    name: input.text("name"),
    programs: input.texts("binary"),
    cargo: input.text("cargo"),
    rust: {
      package: input.text("package"),
      bin: input.text("bin"),
      example: input.text("example"),
      platforms: input.texts("platform"),
      profile: input.text("profile"),
      features: input.texts("feature"),
      defaultFeatures: input.flag("no-default-features") ? "left" : "used",
      link: input.text("link"),
      rustflags: input.texts("rustflag"),
    },
    files: input.texts("file"),
    base: input.text("base"),
    caBundle: input.text("ca-certificates"),
    layout: input.text("layout"),
    tags: input.texts("tag"),
    env: input.texts("env"),
    labels: input.texts("label"),
    annotations: input.texts("annotation"),
    args: input.texts("arg"),
    ports: input.texts("port"),
    user: input.text("user"),
    workdir: input.text("workdir"),
    stopSignal: input.text("stop-signal"),
    epoch: context.ports.readVariable("SOURCE_DATE_EPOCH"),
    linkages: input.flag("allow-dynamic") || input.text("link") === "dynamic" ? "any" : "static",
    excess: input.flag("allow-shell") ? "allowed" : "refused",
    lock: input.flag("frozen") ? "frozen" : "followed",
    insecure: input.texts("insecure"),
    caFile: input.text("ca-file"),
  });
  if (!request.ok) {
    return reportUsage(context, { message: request.error }, input.format);
  }
  const interrupted = new AbortController();
  const release = context.onInterrupt(() => interrupted.abort());
  const built = await buildImage(context.ports, request.value, interrupted.signal).finally(release);
  if (!built.ok) return reportFailure(context, built.error, format);
  if (format === "json") context.printer.machine(jsonText(imageJson(built.value)));
  else {
    context.printer.err([
      line(span("Built", "green"), ` ${request.value.layout}`),
      ...imageLines(built.value),
    ]);
    context.printer.machine(built.value.digest);
  }
  return EXIT_CODES.ok;
}
