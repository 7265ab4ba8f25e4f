import { err, ok, type Result } from "../../engine/result.ts";
import { imageAttest, vouchedBuild } from "../../project/image_attest.ts";
import {
  type AskedImage,
  type ImageRefusal,
  type PreparedImage,
  prepareImage,
} from "../../project/prepare_image.ts";
import { checkImage, publishImage } from "../../project/work_on_images.ts";
import { openWorkspace } from "../../project/workspace.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { attestTexts, imageOptions } from "../image_options.ts";
import { auditLines } from "../render/audit_text.ts";
import { imageJson, type ShownBuild, type ShownImage } from "../render/image_json.ts";
import { imageLines, pushedLines, type ShownPush } from "../render/image_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportRefusal } from "../report_refusal.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt image build` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const workspace = await openWorkspace(context.ports.workingFolder);
  if (!workspace.ok) return reportFailure(context, workspace.error, format);
  const asked = askedImage(input);
  if (!asked.ok) return reportRefusal(context, asked.error, format);
  const { cargoArgs, image } = asked.value;
  const prepared = await prepareImage(context.ports, workspace.value, imageOptions(input, cargoArgs), image);
  if (!prepared.ok) return reportRefusal(context, prepared.error, format);
  const texts = attestTexts(context, input);
  const voucher = await imageAttest(context.ports, texts);
  if (!voucher.ok) return reportFailure(context, voucher.error, format);
  const isUnsigned = texts.sign === "ifKey" && voucher.value === undefined;
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  const releases = [context.onInterrupt(stop), context.onTermination(stop)];
  const act = input.flag("check") ? check : publish;
  const build = vouchedBuild(prepared.value, voucher.value);
  return await act(context, input, {
    prepared: prepared.value,
    build,
    isUnsigned,
    signal: interrupted.signal,
  })
    .finally(() => releases.forEach((release) => release()));
}

interface Way {
  readonly prepared: PreparedImage;
  /** With what vouches for it. */
  readonly build: PreparedImage["build"];
  /** Whether nobody signs, though nobody said so. */
  readonly isUnsigned: boolean;
  readonly signal: AbortSignal;
}

async function publish(context: CliContext, input: CommandInput, way: Way): Promise<number> {
  const { format } = input;
  const { build, isUnsigned, prepared, signal } = way;
  const layout = input.text("layout");
  const to = input.flag("no-push") ? undefined : prepared.repository;
  if (to === undefined && layout === undefined && !input.flag("no-push")) {
    return reportRefusal(context, NOWHERE, format);
  }
  const published = await publishImage(context.ports, { build, layout, to }, signal);
  if (!published.ok) return reportFailure(context, published.error, format);
  const { facts, pushed } = published.value;
  if (format === "json") {
    context.printer.machine(jsonText(imageJson(facts, { built: facts, pushed })));
    return EXIT_CODES.ok;
  }
  tellNotes(context, facts.notes);
  context.printer.err([
    ...facts.audit === undefined ? [] : auditLines(facts.audit),
    ...builtLines(prepared, { facts, layout, pushed, isUnsigned }),
  ]);
  context.printer.machine(pushed?.reference ?? facts.digest);
  return EXIT_CODES.ok;
}

async function check(context: CliContext, input: CommandInput, { prepared, signal }: Way): Promise<number> {
  const { format } = input;
  const layout = input.text("layout");
  if (layout === undefined) return reportRefusal(context, NO_LAYOUT, format);
  const checked = await checkImage(context.ports, { ...prepared.build, layout }, signal);
  if (!checked.ok) return reportFailure(context, checked.error, format);
  const { against, digest, notes } = checked.value;
  if (format === "json") {
    const exit = { code: EXIT_CODES.ok, kind: "ok" };
    context.printer.machine(jsonText({ digest, same_as: against, notes: [...notes], exit }));
    return EXIT_CODES.ok;
  }
  tellNotes(context, notes);
  const how = against === "layout"
    ? `: built anew, it is what ${layout} holds`
    : `: built twice, it is the same; ${layout} holds none to compare`;
  context.printer.err([line(span("Reproducible", "green"), how)]);
  context.printer.machine(digest);
  return EXIT_CODES.ok;
}

function tellNotes(context: CliContext, notes: readonly string[]): void {
  context.printer.err(notes.map((note) => line(span("note", "yellow"), `: ${note}`)));
}

/** What is to be built, and what of the arguments is for cargo: all from the first that is an option of its. */
function askedImage(
  input: CommandInput,
): Result<{ readonly image: AskedImage; readonly cargoArgs: readonly string[] }, ImageRefusal> {
  const [first] = input.args;
  const cargo = input.text("cargo");
  const folder = cargo !== undefined || first?.startsWith("-") === true ? undefined : first;
  const cargoArgs = folder === undefined ? input.args : input.args.slice(1);
  const programs = input.texts("binary");
  const path = cargo ?? folder;
  if (programs.length > 0 && path !== undefined) {
    const other = cargo === undefined ? "a folder" : "--cargo";
    return err(usage(`--binary and ${other} exclude each other: the programs are there, or they are built`));
  }
  if (cargo !== undefined && input.texts("sbom-file").length > 0) {
    return err(usage("--sbom-file and --cargo exclude each other: cargo says what it built"));
  }
  const image = programs.length > 0 ? { path: ".", programs } : { path: path ?? "." };
  return ok({ image, cargoArgs });
}

const UNSIGNED = "  not signed: no key signs here; --sign KEY names one, and smelt init makes one";

const LOST_BOMS =
  "  its bill of materials is kept nowhere: sign the image, or name a folder by --layout or --sbom-dir";

const NO_LAYOUT = usage("--layout is missing: the folder with which --check compares");

const NOWHERE = usage(
  "Nowhere to put the image: no repository is known, and no layout is named",
  "Name a repository with --repo or IMAGE_REPO, or as repo in [image] of smelt.toml; or a folder with --layout; or say --no-push",
);

function usage(message: string, hint?: string): ImageRefusal {
  return hint === undefined ? { kind: "Usage", message } : { kind: "Usage", message, hint };
}

function builtLines(
  { build: { name } }: PreparedImage,
  { facts, isUnsigned, layout, pushed }: {
    readonly isUnsigned: boolean;
    readonly facts: ShownImage & ShownBuild;
    readonly layout: string | undefined;
    readonly pushed: ShownPush | undefined;
  },
): readonly Line[] {
  const kept = layout === undefined && pushed === undefined ? `${name}, kept nowhere` : layout ?? name;
  const sent = pushed === undefined ? [] : pushedLines(pushed);
  const boms = facts.boms.flatMap(({ format, path, platform = "index" }) =>
    path === undefined ? [] : [line("  ", span(platform, "bold"), `  ${format}  ${path}`)]
  );
  const isLost = facts.boms.length > 0 && facts.attachments.length === 0 &&
    facts.boms.every(({ path }) => path === undefined);
  const lost = isLost ? [line(span(LOST_BOMS, "dim"))] : [];
  const unsigned = isUnsigned ? [line(span(UNSIGNED, "dim"))] : [];
  return [
    line(span("Built", "green"), ` ${kept}`),
    ...imageLines(facts),
    ...boms,
    ...lost,
    ...unsigned,
    ...sent,
  ];
}
