import { type ImageRefusal, type PreparedImage, prepareImage } from "../../project/prepare_image.ts";
import { publishImage } from "../../project/work_on_images.ts";
import { openWorkspace } from "../../project/workspace.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { imageOptions } from "../image_options.ts";
import { imageJson, type ShownImage } from "../render/image_json.ts";
import { imageLines, pushedLine, type ShownPush } from "../render/image_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportRefusal } from "../report_refusal.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt image build` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const workspace = await openWorkspace(context.ports.workingFolder);
  if (!workspace.ok) return reportFailure(context, workspace.error, format);
  const programs = input.texts("binary");
  const [cargo, path = cargo] = [input.text("cargo"), input.args[0]];
  const other = cargo === undefined ? "a folder" : "--cargo";
  if (programs.length > 0 && path !== undefined) {
    const message = `--binary and ${other} exclude each other: the programs are there, or they are built`;
    return reportRefusal(context, usage(message), format);
  }
  if (cargo !== undefined && path !== cargo) {
    return reportRefusal(
      context,
      usage("--cargo and a folder exclude each other: they say the same"),
      format,
    );
  }
  const asked = programs.length > 0 ? { path: ".", programs } : { path: path ?? "." };
  const prepared = await prepareImage(context.ports, workspace.value, imageOptions(input), asked);
  if (!prepared.ok) return reportRefusal(context, prepared.error, format);
  const layout = input.text("layout");
  const to = input.flag("no-push") ? undefined : prepared.value.repository;
  if (to === undefined && layout === undefined && !input.flag("no-push")) {
    return reportRefusal(context, NOWHERE, format);
  }
  const interrupted = new AbortController();
  const release = context.onInterrupt(() => interrupted.abort());
  const published = await publishImage(
    context.ports,
    { build: prepared.value.build, layout, to },
    interrupted.signal,
  ).finally(release);
  if (!published.ok) return reportFailure(context, published.error, format);
  const { facts, pushed } = published.value;
  if (format === "json") {
    context.printer.machine(jsonText(imageJson(facts, pushed)));
    return EXIT_CODES.ok;
  }
  context.printer.err(builtLines(prepared.value, { facts, layout, pushed }));
  context.printer.machine(pushed?.reference ?? facts.digest);
  return EXIT_CODES.ok;
}

const NOWHERE = usage(
  "Nowhere to put the image: no repository is known, and no layout is named",
  "Name a repository with --repo or IMAGE_REPO, or as repo in [image] of smelt.toml; or a folder with --layout; or say --no-push",
);

function usage(message: string, hint?: string): ImageRefusal {
  return hint === undefined ? { kind: "Usage", message } : { kind: "Usage", message, hint };
}

function builtLines(
  { build: { name } }: PreparedImage,
  { facts, layout, pushed }: {
    readonly facts: ShownImage;
    readonly layout: string | undefined;
    readonly pushed: ShownPush | undefined;
  },
): readonly Line[] {
  const kept = layout === undefined && pushed === undefined ? `${name}, kept nowhere` : layout ?? name;
  const sent = pushed === undefined ? [] : [pushedLine(pushed)];
  return [line(span("Built", "green"), ` ${kept}`), ...imageLines(facts), ...sent];
}
