import { type Line, line, span, type Style } from "../text.ts";
import { countResults, type RunReport, type StepResult } from "../run_report.ts";
import { addressesText } from "../../engine/addresses_text.ts";
import type { PlanPurpose } from "../../project/plan_purpose.ts";
import { failureText } from "./failure_text.ts";
import { doubtText, failedText, OPERATION_WORDS } from "./operation_words.ts";

/** What a run did not do, and why, and what to do about it, and which objects it let go of; empty when all is done. */
export function unsettledLines(report: RunReport): readonly Line[] {
  return [
    ...report.results.flatMap(failedLines),
    ...skippedLines(report.results),
    ...inDoubtLines(report.results),
    ...undecidedLines(report),
    ...deposedLines(report),
    ...retainedLines(report.results),
    ...keptLines(report),
    ...endLines(report),
  ];
}

function failedLines({ step, outcome }: StepResult): readonly Line[] {
  if (outcome.kind !== "failed") return [];
  const { kind, message } = failureText(outcome.failure);
  const [code] = outcome.failure.kind === "Call" ? [` (${kind})`] : [""];
  return [
    line(span("error", "red"), `: Cannot ${failedText(step.operation, step.address)}${code}: ${message}`),
  ];
}

/** One line for each reason, since one failure can hold back hundreds. */
function skippedLines(results: readonly StepResult[]): readonly Line[] {
  const bad = new Set(
    results.filter(({ outcome }) => outcome.kind === "failed" || outcome.kind === "inDoubt")
      .map(({ step }) => step.address),
  );
  const skipped = results.flatMap(({ step, outcome }) =>
    outcome.kind === "skipped" && !bad.has(step.address) ? [{ address: step.address, outcome }] : []
  );
  const byReason = Map.groupBy(skipped, ({ outcome }) => outcome.reason);
  return [...byReason].map(([reason, group]) =>
    line(span("skipped", "yellow"), `: ${addressesText(group.map(({ address }) => address))}: ${reason}`)
  );
}

function inDoubtLines(results: readonly StepResult[]): readonly Line[] {
  const lines = results.flatMap(({ step, outcome }) => {
    if (outcome.kind !== "inDoubt") return [];
    const { kind, message } = outcome.failure;
    return [
      line(span("in doubt", "red"), `: ${inDoubtText(step)}: ${message} (${kind})`),
    ];
  });
  if (lines.length === 0) return [];
  const hint =
    ": smelt recover looks at the provider and settles it; so does the next smelt apply, first of all";
  return [...lines, line(span("hint", "cyan"), hint)];
}

function inDoubtText({ operation, address }: StepResult["step"]): string {
  const { object } = OPERATION_WORDS[operation];
  return doubtText(operation, address) + (object === undefined ? "" : ` (${address})`);
}

function undecidedLines({ undecided }: RunReport): readonly Line[] {
  return undecided.map(({ address, why }) =>
    line(span("left alone", "yellow"), `: ${address} cannot be decided: ${why}`)
  );
}

function deposedLines({ deposed }: RunReport): readonly Line[] {
  return deposed.map(({ address, id }) =>
    line(
      span("left over", "yellow"),
      `: ${id}, replaced as the object of ${address} and still there: the next smelt apply deletes it`,
    )
  );
}

/** Nothing tells of these later: whoever wants them gone needs their ids. */
function retainedLines(results: readonly StepResult[]): readonly Line[] {
  return results.flatMap(({ step, outcome }) =>
    step.operation === "forgetDeposed" && outcome.kind === "succeeded"
      ? [line(
        span("retained", "cyan"),
        `: ${step.objectId}, the old object of ${step.address}, stays; smelt does not know it any more`,
      )]
      : []
  );
}

function keptLines({ kept }: RunReport): readonly Line[] {
  if (kept.length === 0) return [];
  return [line(span("kept", "yellow"), `: ${addressesText(kept)}: protected, or relied on by what is`)];
}

function endLines({ end, unsavedAt }: RunReport): readonly Line[] {
  const unsaved = unsavedAt === undefined ? [] : [
    line(
      span("note", "cyan"),
      `: outcomes that could not be stored are kept in ${unsavedAt}; the next run takes them up`,
    ),
  ];
  switch (end) {
    case "interrupted":
      return [
        line(span("interrupted", "yellow"), ": nothing more was started; smelt apply does the rest"),
        ...unsaved,
      ];
    case "lost":
      return [
        line(
          span("error", "red"),
          ": Another run held this one for dead and ended it: nothing more was started",
        ),
        ...unsaved,
      ];
    case "broken":
      return [
        line(span("error", "red"), ": The log took no more records: nothing more was started"),
        ...unsaved,
      ];
    default:
      return unsaved;
  }
}

const PURPOSE_WORDS: Readonly<Record<PlanPurpose["kind"], string>> = {
  refresh: "Recorded",
  accept: "Accepted",
  revert: "Reverted",
  rollback: "Rolled back",
};

function doneWord({ command, purpose }: RunReport): string {
  if (purpose !== undefined) return PURPOSE_WORDS[purpose.kind];
  return command === "apply" ? "Applied" : "Destroyed";
}

/** What a run did, in numbers, for example `Applied: 3 created, 1 updated`. */
export function countLine(report: RunReport): Line {
  const counts = countResults(report.results);
  const done = [
    [counts.created, "created"],
    [counts.updated, "updated"],
    [counts.replaced, "replaced"],
    [counts.deleted, "deleted"],
    [counts.recorded, "recorded"],
    [counts.forgotten, "forgotten"],
    [counts.moved, "moved"],
    [counts.imported, "imported"],
  ] as const;
  const undone = [
    [counts.failed, "failed", "red"],
    [counts.inDoubt, "in doubt", "red"],
    [counts.skipped, "skipped", "yellow"],
  ] as const satisfies readonly (readonly [number, string, Style])[];
  const doneText = done.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`).join(", ");
  const undoneSpans = undone.filter(([count]) => count > 0)
    .map(([count, word, style]) => span(`, ${count} ${word}`, style));
  const isWell = report.end === "succeeded" && undoneSpans.length === 0;
  const word = doneWord(report);
  const heading = isWell ? span(word, "green") : span(`${word} in part`, "yellow");
  const nothing = doneText === "" && !isWell;
  return line(
    nothing ? span(`${word} nothing`, "red") : heading,
    ": ",
    doneText === "" ? "0 changed" : doneText,
    ...undoneSpans,
  );
}
