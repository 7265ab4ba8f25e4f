import type { Action, FieldChange, PlannedResource } from "../../engine/plan.ts";
import { SealedSecret, Secret, someValue, type Value } from "../../engine/value.ts";
import { sourcesAt } from "../../engine/wanted.ts";
import { type Line, line, type Span, span } from "../text.ts";
import type { Extent } from "./cut_text.ts";
import { differingLines } from "./differing_lines.ts";
import { changedSpans, valueSpans } from "./value_text.ts";

/** What a change of a field is shown with. */
export interface ShownChange extends Pick<FieldChange, "path" | "before" | "after"> {
  readonly action: Action;
  /** What stands behind it. */
  readonly notes: readonly Span[];
}

/** A change of a field of `planned`, with why it matters, and with what gives a value that is not shown. */
export function plannedChange(
  { action, wanted }: Pick<PlannedResource, "action" | "wanted">,
  change: FieldChange,
): ShownChange {
  const { path, before, after, forcesReplacement } = change;
  const sources = wanted === undefined || !holdsSecret(after) ? [] : sourcesAt(wanted, path);
  const from = sources.map(({ address, output }) => `${address}.${output}`).join(", ");
  return {
    path,
    before,
    after,
    action,
    notes: [
      span(from === "" ? "" : `  # from ${from}`, "dim"),
      span(forcesReplacement ? "  # forces replacement" : "", "magenta"),
    ],
  };
}

/** A change of a field: on one line, or by the lines of a text that has several. */
export function changeLines(
  { path, before, after, action, notes }: ShownChange,
  extent: Extent,
): readonly Line[] {
  const isNew = before === undefined || action === "create";
  const mark = isNew ? span("+", "green") : after === undefined ? span("-", "red") : span("~", "yellow");
  const isOne = isNew || after === undefined;
  const differing = differingLines(isNew ? undefined : before, after, extent);
  if (differing !== undefined) {
    return [
      line("      ", mark, ` ${path} ${isOne ? "=" : ":"}`, ...notes),
      ...differing.map((each) => line("          ", ...each)),
    ];
  }
  if (isOne) {
    return [line("      ", mark, ` ${path} = `, ...valueSpans(isNew ? after : before, extent), ...notes)];
  }
  const [old, now] = changedSpans(before, after, extent);
  return [line("      ", mark, ` ${path} : `, ...old, " -> ", ...now, ...notes)];
}

function holdsSecret(value: Value | undefined): boolean {
  return value !== undefined &&
    someValue(value, (part) => part instanceof Secret || part instanceof SealedSecret);
}
