import type { DriftedPart } from "../../engine/drift_sides.ts";
import type { DriftedResource, DriftReport } from "../../engine/find_drift.ts";
import type { Value } from "../../engine/value.ts";
import type { ShownDrift } from "../../project/drift_project.ts";
import { type Line, line, type Span, span } from "../text.ts";
import { valueText } from "./value_text.ts";

/**
 * Drift as people read it. The three sides of a part stand below each other, each with a verb of its own, so that none can be
 * taken for another.
 */
export function driftReportLines({ report, environment, named }: ShownDrift): readonly Line[] {
  const { drifted, unread } = report;
  return [
    line(span(`Drift of ${environment}`, "bold")),
    line(),
    ...drifted.flatMap((each) => [...resourceLines(each, named), line()]),
    ...unread.map(({ address, type, why }) =>
      line("  ", span("?", "red"), "   ", span(address, "bold"), ` : ${type}  nothing can be told: ${why}`)
    ),
    ...(unread.length === 0 ? [] : [line()]),
    line(span(driftSummary(report), "bold")),
    ...nextLines(report),
  ];
}

/** The counts, for example `1 changed outside smelt, 1 gone, 3 as recorded`. */
export function driftSummary({ drifted, unread, sameCount }: DriftReport): string {
  const goneCount = drifted.filter(({ kind }) => kind === "gone").length;
  const parts = [
    [drifted.length - goneCount, "changed outside smelt"],
    [goneCount, "gone"],
    [unread.length, "unread"],
    [sameCount, "as recorded"],
  ] as const;
  const shown = parts.filter(([count]) => count > 0);
  return shown.length === 0
    ? "Nothing is stored that could drift"
    : shown.map(([count, text]) => `${count} ${text}`).join(", ");
}

function resourceLines(drifted: DriftedResource, named: ReadonlySet<string>): readonly Line[] {
  const isGone = drifted.kind === "gone";
  const heading = line(
    "  ",
    span(isGone ? "x" : "~", isGone ? "red" : "yellow"),
    "   ",
    span(drifted.address, "bold"),
    ` : ${drifted.type}`,
    span(`  ${drifted.id}`, "cyan"),
    isGone ? span("  is gone", "red") : span(""),
  );
  const isNamed = named.has(drifted.address);
  if (drifted.kind === "gone") {
    const words = isNamed ? "the files want it" : "nothing: no file names it";
    return [heading, sideLine("is wanted as", span(words, "dim"))];
  }
  return [
    heading,
    ...drifted.fields.flatMap(({ parts }) => parts.flatMap((part) => partLines(part, isNamed))),
    ...drifted.outputs.flatMap((part) => partLines(part, isNamed)),
  ];
}

function partLines(part: DriftedPart, isNamed: boolean): readonly Line[] {
  const { path, recorded, live } = part;
  return [
    line("        ", span(path, "bold")),
    sideLine("lives now as", span(sideText(live), "yellow")),
    sideLine("was recorded as", span(sideText(recorded))),
    ...wantedLines(part, isNamed),
  ];
}

function wantedLines({ path, wanted }: DriftedPart, isNamed: boolean): readonly Line[] {
  if (wanted.kind === "value") return [sideLine("is wanted as", span(sideText(wanted.value), "green"))];
  if (path.startsWith("output ")) return [];
  return [
    sideLine("is wanted as", span(isNamed ? "the provider sets it" : "nothing: no file names it", "dim")),
  ];
}

function sideText(value: Value | undefined): string {
  return value === undefined || value === null ? "nothing" : valueText(value);
}

function sideLine(words: string, value: Span): Line {
  return line("          ", span(words.padEnd(16), "dim"), value);
}

function nextLines({ drifted }: DriftReport): readonly Line[] {
  if (drifted.length === 0) return [];
  return [
    line(
      span("hint", "cyan"),
      ": smelt drift accept takes what lives for right, smelt drift revert puts back what was recorded, ",
      "smelt apply makes what is wanted",
    ),
  ];
}
