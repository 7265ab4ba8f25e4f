import {
  type Action,
  type FieldChange,
  immutableReason,
  isTouched,
  type Plan,
  type PlannedResource,
  type PlanSummary,
} from "../../engine/plan.ts";
import type { Value } from "../../engine/value.ts";
import { defaultsOf, type IsDefault } from "../../project/default_fields.ts";
import type { PreparedPlan } from "../../project/prepare_plan.ts";
import { type Line, line, type Span, span, type Style } from "../text.ts";
import { driftLines } from "./drift_text.ts";
import { jsonLine, sortedKeys } from "./json_text.ts";
import { guardLines } from "./guard_lines.ts";
import { sentLines } from "./sent_lines.ts";
import { termsLines } from "./terms_text.ts";
import { purposeLines } from "./purpose_text.ts";
import { changeLines, plannedChange } from "./change_text.ts";
import type { Extent } from "./cut_text.ts";

const SHOWN_NAMES = 5;

interface Mark {
  readonly symbol: string;
  readonly style: Style;
  readonly verb: string;
}

const MARKS: Record<Action, Mark> = {
  create: { symbol: "+", style: "green", verb: "create" },
  update: { symbol: "~", style: "yellow", verb: "update" },
  replace: { symbol: "-/+", style: "magenta", verb: "replace" },
  delete: { symbol: "-", style: "red", verb: "delete" },
  rebind: { symbol: "=", style: "cyan", verb: "record" },
  observe: { symbol: "=", style: "cyan", verb: "record" },
  accept: { symbol: "=", style: "cyan", verb: "accept" },
  forget: { symbol: "x", style: "yellow", verb: "forget" },
  none: { symbol: " ", style: "dim", verb: "keep" },
};

/** How a plan is shown. */
export interface PlanView {
  readonly isDefault: IsDefault;
  /** `full` leaves nothing out that the plan would do, fields with their default among it. */
  readonly extent: Extent;
}

/**
 * The plan as people read it: what changes, field by field. Unchanged resources are counted only, and, unless all is to be
 * shown, fields of what is created that have their default; what is cut says how much is left out, and how to see it.
 */
export function planLines(plan: Plan, summary: PlanSummary, view: PlanView): readonly Line[] {
  const shown = plan.resources.filter(isWorthShowing);
  const what = plan.command === "apply" ? "Plan for" : "Plan to destroy";
  const heading = line(span(`${what} ${plan.environment}`, "bold"));
  if (shown.length === 0) {
    return [heading, line("Nothing changes."), ...leftOutLines(plan, view), line(summaryText(summary))];
  }
  const deleted = new Set(shown.filter(({ action }) => action === "delete").map(({ address }) => address));
  const lines = [
    ...spaced(shown.map((each) => resourceLines(each, deleted, view))),
    ...outputLines(plan, view),
    ...leftOutLines(plan, view),
  ];
  return [heading, line(), ...lines, ...cutLines(lines), line(span(summaryText(summary), "bold"))];
}

/** Says how to see what is left out, where anything is. */
function cutLines(lines: readonly Line[]): readonly Line[] {
  if (!lines.some((parts) => parts.some(({ style }) => style === "cut"))) return [];
  return [line(span("note", "cyan"), ": what is long is cut (…); with --full all of it is shown")];
}

/** What the files want and this plan leaves as it is: until it is done too, they and the world differ. */
function leftOutLines({ leftOut }: Plan, { extent }: PlanView): readonly Line[] {
  if (leftOut.length === 0) return [];
  return [line(span("left out", "yellow"), ": ", ...nameSpans(leftOut, extent), " would change as well")];
}

/** Names on one line; the first few of many, where not all are to be shown. */
function nameSpans(names: readonly string[], extent: Extent): readonly Span[] {
  const hiddenCount = extent === "full" ? 0 : Math.max(0, names.length - SHOWN_NAMES);
  return [
    span(names.slice(0, names.length - hiddenCount).join(", ")),
    ...(hiddenCount === 0 ? [] : [span(` and ${hiddenCount} more`, "cut")]),
  ];
}

/** The same of a plan that knows the defaults of its types. */
export function preparedLines(
  prepared: Pick<PreparedPlan, "plan" | "summary" | "registry" | "purpose" | "steps" | "terms">,
  extent: Extent,
): readonly Line[] {
  const purpose = purposeLines(prepared);
  const lines = [
    ...planLines(prepared.plan, prepared.summary, { isDefault: defaultsOf(prepared), extent }),
    ...termsLines(prepared.terms),
  ];
  return purpose.length === 0 ? lines : [...purpose, line(), ...lines];
}

/** The counts, for example `2 to create, 1 to update, 3 unchanged`. */
export function summaryText(summary: PlanSummary): string {
  const parts = [
    [summary.create, "to create"],
    [summary.update, "to update"],
    [summary.replace, "to replace"],
    [summary.delete, "to delete"],
    [summary.rebind, "to record"],
    [summary.forget, "to forget"],
    [summary.move, "to move"],
    [summary.import, "to import"],
    [summary.deposed, summary.deposed === 1 ? "replaced object to delete" : "replaced objects to delete"],
    [summary.unchanged, "unchanged"],
  ] as const;
  const shown = parts.filter(([count]) => count > 0);
  return shown.length === 0 ? "0 unchanged" : shown.map(([count, text]) => `${count} ${text}`).join(", ");
}

function isWorthShowing(planned: PlannedResource): boolean {
  return isTouched(planned) || planned.drift !== undefined ||
    planned.unrefreshed !== undefined || planned.reasons.length > 0;
}

/** A blank line after each block, but none between neighbours that are one line each. */
function spaced(blocks: readonly (readonly Line[])[]): readonly Line[] {
  return blocks.flatMap((block, index) => {
    const next = blocks[index + 1];
    return block.length === 1 && next?.length === 1 ? block : [...block, line()];
  });
}

function resourceLines(
  planned: PlannedResource,
  deleted: ReadonlySet<string>,
  view: PlanView,
): readonly Line[] {
  const mark = markOf(planned);
  const intent = planned.wanted?.description.intent;
  const isFirst = planned.objectId !== undefined && planned.goesFirst.includes(planned.objectId);
  const order = isFirst ? "  (the old one goes first)" : "";
  return [
    line(
      "  ",
      span(mark.symbol.padEnd(3), mark.style),
      " ",
      span(planned.address, "bold"),
      ` : ${planned.type}`,
      span(idText(planned), "cyan"),
      span(arrivalText(planned), "cyan"),
      span(intent === undefined ? "" : `  # ${intent}`, "dim"),
      span(order, "yellow"),
    ),
    ...untoldReasons(planned).map((reason) => line("        because ", reason)),
    ...driftLines(planned, view.extent),
    ...guardLines(planned),
    ...fieldLines(planned, view),
    ...sentLines(planned, view.extent),
    ...planned.deposed.map((id) =>
      line(
        "        ",
        span("-", "red"),
        ` object ${id}, replaced before and still there`,
        span(planned.goesFirst.includes(id) ? ", goes first" : "", "yellow"),
      )
    ),
    ...impactLines(planned, deleted, view),
    ...(planned.unrefreshed === undefined
      ? []
      : [line("        ", span("cannot be decided: ", "red"), planned.unrefreshed)]),
  ];
}

/** What arrives and is left as it is has a mark of its own; else the mark of what is done to it then. */
function markOf({ action, arrival }: PlannedResource): Mark {
  if (action !== "none" || arrival === undefined) return MARKS[action];
  return arrival.kind === "moved" ? MOVED : IMPORTED;
}

const MOVED: Mark = { symbol: "=>", style: "cyan", verb: "move" };
const IMPORTED: Mark = { symbol: "<=", style: "cyan", verb: "import" };

function arrivalText({ arrival }: PlannedResource): string {
  if (arrival === undefined) return "";
  return arrival.kind === "moved" ? `  (moved from ${arrival.from})` : `  (imported: ${arrival.facts.id})`;
}

/** The object that goes, and nothing of it stays to look it up by. */
function idText({ action, objectId }: PlannedResource): string {
  const isGoing = action === "delete" || action === "forget";
  return isGoing && objectId !== undefined ? `  ${objectId}` : "";
}

/** A field that forces a replacement says so itself. */
function untoldReasons({ reasons, changes }: PlannedResource): readonly string[] {
  const told = new Set(
    changes.filter((change) => change.forcesReplacement).map(({ path }) => immutableReason(path)),
  );
  return reasons.filter((reason) => !told.has(reason));
}

function fieldLines(planned: PlannedResource, { isDefault, extent }: PlanView): readonly Line[] {
  const { action, type, changes } = planned;
  const isHidden = (change: FieldChange) =>
    extent === "short" && action === "create" && isDefault(type, change);
  const hiddenCount = changes.filter(isHidden).length;
  const count = hiddenCount === 1 ? "1 default" : `${hiddenCount} defaults`;
  return [
    ...changes.filter((change) => !isHidden(change)).flatMap((change) =>
      changeLines(plannedChange(planned, change), extent)
    ),
    ...(hiddenCount === 0 ? [] : [line(span(`        and ${count}`, "dim"))]),
  ];
}

function outputLines(plan: Plan, { extent }: PlanView): readonly Line[] {
  const changed = plan.outputs.filter(({ before, after }) => isOtherText(before, after));
  if (changed.length === 0) return [];
  return [
    line(span("Outputs", "bold")),
    ...changed.flatMap(({ name, before, after }) =>
      changeLines({ path: name, before, after, action: "none", notes: [] }, extent)
    ),
    line(),
  ];
}

/** By the texts that would be shown: two secrets look the same, and may not be compared. */
function isOtherText(before: Value | undefined, after: Value | undefined): boolean {
  const [old, now] = [before, after].map((each) => each === undefined ? "" : jsonLine(sortedKeys(each)));
  return old !== now;
}

/** What relies on an object that goes. Where that goes as well, by the same plan, there is nothing to say. */
function impactLines(
  planned: PlannedResource,
  deleted: ReadonlySet<string>,
  { extent }: PlanView,
): readonly Line[] {
  const dependents = planned.action === "delete"
    ? planned.dependents.filter((address) => !deleted.has(address))
    : planned.dependents;
  const count = dependents.length;
  const isGoing = planned.action === "replace" || planned.action === "delete" || planned.goesFirst.length > 0;
  if (count === 0 || !isGoing) return [];
  const verb = count === 1 ? "relies" : "rely";
  const names = nameSpans(dependents, extent).map(({ text, style }) => span(text, style ?? "dim"));
  return [line(span(`        ${count} ${verb} on it: `, "dim"), ...names)];
}
