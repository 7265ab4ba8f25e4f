import { imageBuild } from "../../project/image_request.ts";
import { buildImage } from "../../project/work_on_images.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { auditLines } from "../render/audit_text.ts";
import { auditJson } from "../render/audit_json.ts";
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
    audit: {
      policy: input.text("audit"),
      database: input.text("advisory-db"),
      rules: input.text("audit-rules"),
    },
    bom: {
      formats: input.text("sbom"),
      folder: input.text("sbom-dir"),
      told: input.texts("sbom-file"),
    },
    excess: input.flag("allow-shell") ? "allowed" : "refused",
    lock: input.flag("frozen") ? "frozen" : "followed",
    insecure: input.texts("insecure"),
    caFile: input.text("ca-file"),
  });
  if (!request.ok) return reportUsage(context, request.error);
  const interrupted = new AbortController();
  const release = context.onInterrupt(() => interrupted.abort());
  const built = await buildImage(context.ports, request.value, interrupted.signal).finally(release);
  if (!built.ok) return reportFailure(context, built.error, format);
  const { audit, boms } = built.value;
  if (format === "json") {
    const told = audit === undefined ? null : auditJson(audit);
    const sboms = boms.map(({ digest, format, path, platform = null, subject }) => (
      { format, platform, subject, digest, path }
    ));
    context.printer.machine(jsonText({ ...imageJson(built.value), sboms, audit: told }));
  } else {
    context.printer.err([
      ...(audit === undefined ? [] : auditLines(audit)),
      line(span("Built", "green"), ` ${request.value.layout}`),
      ...imageLines(built.value),
      ...boms.map(({ format, path, platform = "index" }) =>
        line("  ", span(platform, "bold"), `  ${format}  ${path}`)
      ),
    ]);
    context.printer.machine(built.value.digest);
  }
  return EXIT_CODES.ok;
}
