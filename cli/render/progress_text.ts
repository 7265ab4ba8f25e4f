import type { RunProgress, StepOutcome } from "../../project/run_progress.ts";
import { unreachable } from "../../engine/invariant.ts";
import type { Step } from "../../engine/steps.ts";
import type { Flight, RunTally } from "../run_tally.ts";
import { type Line, line, type Span, span } from "../text.ts";
import { elapsedText, wholeSecondsText } from "./elapsed_text.ts";
import { evidenceText } from "./evidence_text.ts";
import { failureText } from "./failure_text.ts";
import { doubtText, OPERATION_WORDS } from "./operation_words.ts";

/** The line that stays when something happened, or `undefined` where nothing is worth one. `id`: the object, where it is known. */
export function progressLine(progress: RunProgress, id: string | undefined): Line | undefined {
  switch (progress.type) {
    case "RunWaits": {
      const run = progress.forRun.slice(0, 8);
      return line(
        `Waiting at most ${
          wholeSecondsText(progress.atMostMs)
        } for the run ${run} on ${progress.host} to end`,
      );
    }
    case "RunBegan":
      return line(span(`Run ${progress.run.slice(0, 8)}: ${stepCountText(progress.stepCount)}`, "dim"));
    case "StepBegan":
    case "StepAccepted":
    case "StepProgressed":
      return undefined;
    case "StepRetries":
      return line(
        ...subject(progress.step),
        span(`  ${retryText(progress)}`, "yellow"),
        `: ${progress.failure.kind}: ${progress.failure.message}`,
      );
    case "StepEnded":
      return endedLine(progress.step, progress.outcome, id, progress.elapsedMs);
    case "ResolveWaits":
      return line(
        `  ?   ${progress.address} `,
        span(` settling what an earlier run left, the next look in ${wholeSecondsText(progress.afterMs)}`),
      );
    case "Resolved":
      return line("  ?   ", span(progress.address, "bold"), "  ", ...resolvedText(progress));
    default:
      return unreachable(progress);
  }
}

/** A step that goes on: its address, state and time since it began. */
export function flightLine(flight: Flight, nowMs: number): Line {
  return line(
    ...subject(flight.step),
    `  ${flightState(flight, nowMs)}`,
    span(`  ${wholeSecondsText(nowMs - flight.beganMs)}`, "dim"),
  );
}

/** What the run waits for before its first step. */
export function waitLine(wait: RunTally["waits"][number], nowMs: number): Line {
  const left = wholeSecondsText(wait.untilMs - nowMs);
  switch (wait.what.type) {
    case "RunWaits":
      return line(
        `Waiting for the run ${wait.what.forRun.slice(0, 8)} on ${wait.what.host} to end, ${left} left`,
      );
    case "ResolveWaits":
      return line(`  ?   `, span(wait.what.address, "bold"), `  settling, the next look in ${left}`);
    default:
      return line();
  }
}

/** The whole run on one line, for example `12/40 done, 3 in flight, 1 failed  tier 2/5  14s`. */
export function tallyLine(tally: RunTally, nowMs: number): Line {
  const { total, succeeded, failed, inDoubt, skipped } = tally.counts;
  const { current, count } = tally.tier;
  const time = span(`  ${wholeSecondsText(nowMs - tally.beganMs)}`, "dim");
  if (total === 0) return line("Settling what earlier runs left", time);
  const parts: readonly (Span | undefined)[] = [
    span(`${succeeded}/${total} done`, "bold"),
    tally.flights.length > 0 ? span(`, ${tally.flights.length} in flight`) : undefined,
    failed > 0 ? span(`, ${failed} failed`, "red") : undefined,
    inDoubt > 0 ? span(`, ${inDoubt} in doubt`, "red") : undefined,
    skipped > 0 ? span(`, ${skipped} skipped`, "yellow") : undefined,
    count > 1 ? span(`  tier ${current}/${count}`, "dim") : undefined,
    time,
  ];
  return parts.filter((part) => part !== undefined);
}

function subject(step: Step): readonly Span[] {
  const { symbol, style } = OPERATION_WORDS[step.operation];
  return [span("  "), span(symbol.padEnd(3), style), span(" "), span(step.address, "bold")];
}

function flightState({ step, id, retry, what }: Flight, nowMs: number): string {
  if (retry !== undefined && retry.atMs > nowMs) {
    return `${
      retryText({ step, failure: retry.failure, afterMs: retry.atMs - nowMs })
    }: ${retry.failure.kind}`;
  }
  const { going } = OPERATION_WORDS[step.operation];
  if (what !== undefined) return `${going}, ${what}`;
  return id === undefined ? going : `${going}, accepted ${id}`;
}

/** A name that is still held by what was deleted just before is nothing wrong. */
function retryText(
  { step, failure, afterMs }: Pick<RunProgress & { type: "StepRetries" }, "step" | "failure" | "afterMs">,
): string {
  const isNew = step.operation === "create" || step.operation === "replace";
  const what = isNew && failure.kind === "AlreadyExists" ? "waiting for the name, next try" : "retrying";
  return `${what} in ${wholeSecondsText(afterMs)}`;
}

/** Why a step did not end well stands in the summary of the run, once. */
function endedLine(step: Step, outcome: StepOutcome, id: string | undefined, elapsedMs: number): Line {
  const time = span(`  ${elapsedText(elapsedMs)}`, "dim");
  const { verb, done, object } = OPERATION_WORDS[step.operation];
  switch (outcome.kind) {
    case "succeeded": {
      const how = outcome.by === "resolution" ? ", as a look at the provider found" : "";
      return line(...subject(step), `  ${done}${how}`, span(id === undefined ? "" : `  ${id}`, "cyan"), time);
    }
    case "failed": {
      const { kind } = failureText(outcome.failure);
      return line(
        ...subject(step),
        span(`  cannot ${object === undefined ? verb : `${verb} ${object}`}`, "red"),
        `: ${kind}`,
        time,
      );
    }
    case "inDoubt":
      return line(
        ...subject(step),
        span("  in doubt", "red"),
        `: ${doubtText(step.operation, "it")}: ${outcome.failure.kind}`,
        time,
      );
    case "skipped":
      return line(...subject(step), span("  skipped", "yellow"));
    default:
      return unreachable(outcome);
  }
}

function resolvedText({ outcome, evidence }: RunProgress & { readonly type: "Resolved" }): readonly Span[] {
  const how = span(`: ${evidenceText(evidence)}`);
  switch (outcome) {
    case "done":
      return [span(evidence === "resend" ? "settled, it is done now" : "settled, it was done", "green"), how];
    case "notDone":
      return [span("settled, it was not done", "green"), how];
    case "unknown":
      // Why is told where the step ends.
      return [span("still in doubt", "red")];
    default:
      return unreachable(outcome);
  }
}

function stepCountText(count: number): string {
  return count === 1 ? "1 step" : `${count} steps`;
}
