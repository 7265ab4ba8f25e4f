import { addressesText } from "../../engine/addresses_text.ts";
import type { ChangeImpact, ChangeKind, TouchAction, TouchedResource } from "../../engine/change_impact.ts";
import { type Line, line, type Span, span, type Style } from "../text.ts";
import { riskSpan } from "./risk_span.ts";
import { shownRows } from "./shown_rows.ts";

const TITLES: Record<ChangeKind, string> = {
  destroy: "if it were destroyed",
  replace: "if it were replaced",
  update: "if it were updated",
};

/** What a change would touch, as people read it: whether it would be refused, how great the risk is, and what becomes of whom. */
export function impactLines({ change, subject, touched, refusedBy, risk }: ChangeImpact): readonly Line[] {
  return [
    line(span(TITLES[change], "bold"), ": ", riskSpan(risk.level)),
    ...risk.raisedBy.map((reason) => line(`  raised from ${risk.byCount.toUpperCase()} for `, reason)),
    ...(refusedBy.length === 0 ? [] : [refusedLine(refusedBy)]),
    ...(subject.loses === undefined ? [] : [line("  lost with it: ", subject.loses)]),
    ...(touched.length === 0 ? [line("  nothing else is touched")] : shownRows(touched, touchedCells)),
  ];
}

function refusedLine(refusedBy: readonly string[]): Line {
  const verb = refusedBy.length === 1 ? "is" : "are";
  return line(span("  refused", "red"), `: ${addressesText(refusedBy)} ${verb} protected`);
}

const ACTION_WORDS: Record<TouchAction, { readonly text: string; readonly style: Style }> = {
  rebind: { text: "recorded anew", style: "cyan" },
  update: { text: "may be updated", style: "yellow" },
  replace: { text: "may be replaced", style: "magenta" },
  delete: { text: "goes first", style: "red" },
  forget: { text: "is forgotten, its object stays", style: "yellow" },
};

function touchedCells({ address, action, because, isProtected, loses }: TouchedResource): readonly Span[] {
  const { text, style } = ACTION_WORDS[action];
  const notes = [...because, isProtected ? "protected" : undefined, loses].filter((note) =>
    note !== undefined
  );
  return [span(address), span(text, style), span(notes.join("; "), "dim")];
}
