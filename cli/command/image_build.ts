import { imageBuild } from "../../project/image_request.ts";
import { buildImage, checkImage } from "../../project/work_on_images.ts";
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
      bins: input.texts("bin"),
      examples: input.texts("example"),
      platforms: input.texts("platform"),
      profile: input.text("profile"),
      features: input.texts("feature"),
      defaultFeatures: input.flag("no-default-features") ? "left" : "used",
      link: input.text("link"),
      linker: input.text("linker"),
      rustflags: input.texts("rustflag"),
      cargoArgs: input.args,
      env: input.texts("build-env"),
      missingTargets: input.flag("install-targets") ? "installed" : "refused",
      lockFile: input.flag("no-cargo-lock") ? "optional" : "required",
      reproducible: input.text("reproducible"),
      cache: input.flag("no-cache") ? "left" : "used",
      folders: input.flag("keep-temp") ? "kept" : "removed",
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
  const stop = () => interrupted.abort();
  const releases = [context.onInterrupt(stop), context.onTermination(stop)];
  const act = input.flag("check") ? check : build;
  return await act(context, request.value, { format, signal: interrupted.signal })
    .finally(() => releases.forEach((release) => release()));
}

type Request = Extract<ReturnType<typeof imageBuild>, { readonly ok: true }>["value"];

interface Way {
  readonly format: "json" | "text";
  readonly signal: AbortSignal;
}

async function build(context: CliContext, request: Request, { format, signal }: Way): Promise<number> {
  const built = await buildImage(context.ports, request, signal);
  if (!built.ok) return reportFailure(context, built.error, format);
  const { digest, notes } = built.value;
  if (format === "json") {
    context.printer.machine(jsonText(imageJson(built.value, notes)));
    return EXIT_CODES.ok;
  }
  tellNotes(context, notes);
  context.printer.err([line(span("Built", "green"), ` ${request.layout}`), ...imageLines(built.value)]);
  context.printer.machine(digest);
  return EXIT_CODES.ok;
}

async function check(context: CliContext, request: Request, { format, signal }: Way): Promise<number> {
  const checked = await checkImage(context.ports, request, signal);
  if (!checked.ok) return reportFailure(context, checked.error, format);
  const { against, digest, notes } = checked.value;
  if (format === "json") {
    const exit = { code: EXIT_CODES.ok, kind: "ok" };
    context.printer.machine(jsonText({ digest, same_as: against, notes: [...notes], exit }));
    return EXIT_CODES.ok;
  }
  tellNotes(context, notes);
  const how = against === "layout"
    ? `: built anew, it is what ${request.layout} holds`
    : `: built twice, it is the same; ${request.layout} holds none to compare`;
  context.printer.err([line(span("Reproducible", "green"), how)]);
  context.printer.machine(digest);
  return EXIT_CODES.ok;
}

function tellNotes(context: CliContext, notes: readonly string[]): void {
  context.printer.err(notes.map((note) => line(span("note", "yellow"), `: ${note}`)));
}
