import type { Action, FieldChange, Plan, PlannedResource, PlanSummary } from "../../engine/plan.ts";
import { type Line, line, span, type Style } from "../text.ts";
import { valueText } from "./value_text.ts";

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
  forget: { symbol: "x", style: "yellow", verb: "forget" },
  none: { symbol: " ", style: "dim", verb: "keep" },
};

/** The plan as people read it: what changes, field by field; unchanged resources are counted only. */
export function planLines(plan: Plan, summary: PlanSummary): readonly Line[] {
  const shown = plan.resources.filter(isWorthShowing);
  const heading = line(span(`Plan for ${plan.environment}`, "bold"));
  if (shown.length === 0) return [heading, line("Nothing changes."), line(summaryText(summary))];
  return [
    heading,
    line(),
    ...shown.flatMap((each) => [...resourceLines(each), line()]),
    line(summaryText(summary)),
  ];
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
    [summary.unchanged, "unchanged"],
  ] as const;
  const shown = parts.filter(([count, text]) => count > 0 || text === "unchanged");
  return shown.map(([count, text]) => `${count} ${text}`).join(", ");
}

function isWorthShowing(planned: PlannedResource): boolean {
  return planned.action !== "none" || planned.deposed.length > 0 || planned.drift !== undefined ||
    planned.unrefreshed !== undefined || planned.reasons.length > 0;
}

function resourceLines(planned: PlannedResource): readonly Line[] {
  const mark = MARKS[planned.action];
  const intent = planned.wanted?.description.intent;
  const order = planned.isDeleteFirst ? "  (the old one goes first: its name can be held once only)" : "";
  return [
    line(
      "  ",
      span(mark.symbol.padEnd(3), mark.style),
      " ",
      span(planned.address, "bold"),
      ` : ${planned.type}`,
      span(intent === undefined ? "" : `  # ${intent}`, "dim"),
      span(order, "yellow"),
    ),
    ...planned.reasons.map((reason) => line("        because ", reason)),
    ...driftLines(planned),
    ...planned.changes.map((change) => changeLine(change, planned.action)),
    ...planned.deposed.map((id) =>
      line("        ", span("-", "red"), ` object ${id}, replaced before and still there`)
    ),
    ...impactLines(planned),
    ...(planned.unrefreshed === undefined
      ? []
      : [line("        ", span("cannot be decided: ", "red"), planned.unrefreshed)]),
  ];
}

function driftLines(planned: PlannedResource): readonly Line[] {
  if (planned.drift === undefined) return [];
  if (planned.drift.found === null) {
    return [line("        ", span("changed outside smelt: ", "yellow"), "it is gone")];
  }
  return planned.drift.changes.map((change) =>
    line(
      "        ",
      span("changed outside smelt: ", "yellow"),
      `${change.path} : ${valueText(change.before)} -> ${valueText(change.after)}`,
    )
  );
}

function changeLine(change: FieldChange, action: Action): Line {
  const forces = change.forcesReplacement ? span("  # forces replacement", "magenta") : span("");
  if (change.before === undefined || action === "create") {
    return line("      ", span("+", "green"), ` ${change.path} = ${valueText(change.after)}`, forces);
  }
  if (change.after === undefined) {
    return line("      ", span("-", "red"), ` ${change.path} = ${valueText(change.before)}`, forces);
  }
  return line(
    "      ",
    span("~", "yellow"),
    ` ${change.path} : ${valueText(change.before)} -> ${valueText(change.after)}`,
    forces,
  );
}

function impactLines(planned: PlannedResource): readonly Line[] {
  const count = planned.dependents.length;
  if (count === 0 || (planned.action !== "replace" && planned.action !== "delete")) return [];
  const names = planned.dependents.slice(0, 5).join(", ");
  return [line(span(`        ${count} rely on it: ${names}${count > 5 ? ", …" : ""}`, "dim"))];
}
