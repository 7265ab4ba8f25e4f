import { pruneImages } from "../../project/work_on_images.ts";
import type { CommandInput } from "../command_spec.ts";
import { confirmRun, reportUnconfirmed } from "../confirm.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { sizeText } from "../render/image_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { type Line, line, span } from "../text.ts";

type PruneRequest = Parameters<typeof pruneImages>[1];
type Pruned = Extract<Awaited<ReturnType<typeof pruneImages>>, { readonly ok: true }>["value"];

const DAY_MS = 86_400_000;
const CACHE = "the cache";

/** `smelt image prune` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const { format } = input;
  const [layout, repository] = [input.args[0], input.text("repository")];
  const message = usageOf(input, layout, repository);
  if (message !== undefined) return reportUsage(context, { message }, format);
  const place = placeOf(input, layout, repository);
  const days = input.wholeNumber("older-than") ?? (place.kind === "layout" ? 0 : 30);
  const access = { insecure: input.texts("insecure"), caFile: input.text("ca-file") };
  const request = { ...access, place, unusedMs: days * DAY_MS };
  const told = await pruneImages(context.ports, { ...request, mode: "tell" });
  if (!told.ok) return reportFailure(context, told.error, format);
  const name = layout ?? repository ?? CACHE;
  const isAsked = told.value.images.length > 0 && !input.flag("dry-run");
  if (isAsked) {
    context.printer.err(told.value.images.map((each) => line("  ", each)));
    const answer = await confirmRun(context, {
      command: "prune",
      environment: name,
      isProtected: false,
      yes: input.flag("yes") ? "yes" : "ask",
      confirmed: undefined,
    }, new AbortController().signal);
    if (answer !== "go") return reportUnconfirmed(context, answer, format);
  }
  const pruned = input.flag("dry-run")
    ? told
    : await pruneImages(context.ports, { ...request, mode: "remove" });
  if (!pruned.ok) return reportFailure(context, pruned.error, format);
  if (format === "json") {
    context.printer.machine(prunedJson(pruned.value, input.flag("dry-run") ? "would" : "did"));
  } else context.printer.out(prunedLines(pruned.value, { name, place, isDry: input.flag("dry-run") }));
  return EXIT_CODES.ok;
}

function usageOf(
  input: CommandInput,
  layout: string | undefined,
  repository: string | undefined,
): string | undefined {
  if (layout !== undefined && repository !== undefined) return "A layout and --repository exclude each other";
  return input.flag("untagged") && layout === undefined ? "--untagged is about a layout: name it" : undefined;
}

function placeOf(
  input: CommandInput,
  layout: string | undefined,
  repository: string | undefined,
): PruneRequest["place"] {
  if (repository !== undefined) return { kind: "repository", name: repository };
  return layout === undefined
    ? { kind: "cache" }
    : { kind: "layout", layout, images: input.flag("untagged") ? "untagged" : "kept" };
}

function prunedLines(
  { freedBytes, images, partCount }: Pruned,
  { isDry, name, place }: {
    readonly name: string;
    readonly place: PruneRequest["place"];
    readonly isDry: boolean;
  },
): readonly Line[] {
  const parts = place.kind === "repository"
    ? counted(partCount, "manifest")
    : `${counted(partCount, "blob")}, ${sizeText(freedBytes)}`;
  const verb = isDry ? span("Would remove", "yellow") : span("Removed", "green");
  const lines = isDry ? images.map((each) => line("  ", each)) : [];
  return [...lines, line(verb, ` ${counted(images.length, "image")} and ${parts} of ${name}`)];
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function prunedJson({ freedBytes, images, partCount }: Pruned, tense: "did" | "would"): string {
  return jsonText({
    removed: tense === "did",
    images: [...images],
    parts: partCount,
    freed_bytes: freedBytes,
    exit: { code: EXIT_CODES.ok, kind: "ok" },
  });
}
