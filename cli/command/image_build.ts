import { type AttestTexts, imageAttest } from "../../project/image_attest.ts";
import { imageBuild } from "../../project/image_request.ts";
import { buildImage } from "../../project/work_on_images.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { imageJson } from "../render/image_json.ts";
import { imageLines } from "../render/image_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure, reportUsage } from "../report_failure.ts";
import { line, span } from "../text.ts";

/** `smelt image build` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.flag("json") ? "json" : "text";
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
  if (!request.ok) return reportUsage(context, request.error);
  const texts = attestTexts(context, input);
  const attest = await imageAttest(context.ports, texts);
  if (!attest.ok) return reportFailure(context, attest.error, format);
  const interrupted = new AbortController();
  const release = context.onInterrupt(() => interrupted.abort());
  const whole = attest.value === undefined ? request.value : { ...request.value, attest: attest.value };
  const built = await buildImage(context.ports, whole, interrupted.signal).finally(release);
  if (!built.ok) return reportFailure(context, built.error, format);
  if (format === "json") context.printer.machine(jsonText(imageJson(built.value)));
  else {
    context.printer.err([
      line(span("Built", "green"), ` ${request.value.layout}`),
      ...imageLines(built.value),
      ...(texts.sign === "ifKey" && attest.value === undefined
        ? [
          line(
            span("  not signed: no key signs here; --sign KEY names one, and smelt init makes one", "dim"),
          ),
        ]
        : []),
    ]);
    context.printer.machine(built.value.digest);
  }
  return EXIT_CODES.ok;
}

function attestTexts({ version }: CliContext, input: CommandInput): AttestTexts {
  const key = input.text("sign");
  const isAsked = key !== undefined || input.flag("sign") || input.flag("provenance");
  return {
    sign: input.flag("no-sign") ? "left" : isAsked ? "asked" : "ifKey",
    key,
    provenance: input.flag("no-provenance") ? "left" : "stated",
    repository: input.text("repo"),
    builderId: input.text("builder-id"),
    cosignTags: input.flag("cosign-tags") ? "written" : "left",
    version,
  };
}
