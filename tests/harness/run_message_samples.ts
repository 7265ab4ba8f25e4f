/** One of each message of a run, made by the program's own renderers, as docs/operations.md quotes them. */
import { noticeLines } from "../../cli/render/notice_text.ts";
import { repairLines } from "../../cli/render/repair_text.ts";
import { flightLine, progressLine, tallyLine, waitLine } from "../../cli/render/progress_text.ts";
import { countLine, unsettledLines } from "../../cli/render/outcome_text.ts";
import { settledLines } from "../../cli/render/settled_text.ts";
import { openInterrupts } from "../../cli/interrupts.ts";
import type { RunReport, StepResult } from "../../cli/run_report.ts";
import { RunTally } from "../../cli/run_tally.ts";
import type { Line } from "../../cli/text.ts";
import { movePin } from "../../compose/user_pin.ts";
import type { CallFailure } from "../../engine/call_failure.ts";
import type { RunProgress, StepOutcome } from "../../project/run_progress.ts";
import { PinFile } from "../../store/pin_file.ts";
import { exampleStep } from "../support/example_plan.ts";
import { fakeContext } from "../support/fake_context.ts";

const NET = exampleStep("create", "net.main");
const RUN = "1a2b3c4d".padEnd(32, "0");
const SECOND_MS = 1_000;
const THROTTLED: CallFailure = {
  kind: "Throttled",
  retry: "safe",
  certainty: "notDone",
  message: "too many requests",
};
const TAKEN: CallFailure = { ...THROTTLED, kind: "AlreadyExists", message: "the name is taken" };
const TIMEOUT: CallFailure = {
  ...THROTTLED,
  kind: "Timeout",
  certainty: "unknown",
  message: "no reply came",
};
const PIN_WAIT = { clock: fakeContext("file").clock, holder: "nobody" };
const DONE: StepOutcome = { kind: "succeeded", by: "call" };
const FAILED: StepOutcome = { kind: "failed", failure: { kind: "Call", failure: THROTTLED } };
const IN_DOUBT: StepOutcome = { kind: "inDoubt", failure: TIMEOUT };
const SKIPPED: StepOutcome = { kind: "skipped", because: "net.main", reason: "net.main did not end well" };

/** What is said while a run goes on. */
export function progressSamples(): readonly string[] {
  const waits: RunProgress = { type: "RunWaits", forRun: RUN, host: "laptop", atMostMs: 30 * SECOND_MS };
  const looks: RunProgress = { type: "ResolveWaits", address: "net.main", afterMs: 8 * SECOND_MS };
  const ended = (outcome: StepOutcome, id?: string) =>
    progressLine({ type: "StepEnded", step: NET, outcome, elapsedMs: 1_200 }, id);
  const retries = (failure: CallFailure) =>
    progressLine({ type: "StepRetries", step: NET, failure, afterMs: 2 * SECOND_MS }, undefined);
  const resolved = (outcome: "done" | "notDone" | "unknown", evidence: string) =>
    progressLine({ type: "Resolved", address: "net.main", outcome, evidence }, undefined);
  const flight = { step: NET, beganMs: 0, id: undefined, what: undefined, retry: undefined };
  const lines: readonly (Line | undefined)[] = [
    progressLine(waits, undefined),
    waitLine({ what: waits, untilMs: 12 * SECOND_MS }, 0),
    progressLine({ type: "RunBegan", run: RUN, stepCount: 12 }, undefined),
    tallyLine(busyTally(), 14 * SECOND_MS),
    flightLine(flight, 3 * SECOND_MS),
    flightLine({ ...flight, id: "net-1a2b3c4d" }, 3 * SECOND_MS),
    flightLine({ ...flight, what: "built" }, 3 * SECOND_MS),
    retries(THROTTLED),
    retries(TAKEN),
    ended(DONE, "net-1a2b3c4d"),
    ended({ kind: "succeeded", by: "resolution" }, "net-1a2b3c4d"),
    ended(FAILED),
    ended(IN_DOUBT),
    ended(SKIPPED),
    progressLine(looks, undefined),
    waitLine({ what: looks, untilMs: 8 * SECOND_MS }, 0),
    resolved("done", "token"),
    resolved("done", "resend"),
    resolved("notDone", "absence"),
    resolved("unknown", ""),
    tallyLine(new RunTally(undefined, [], 0), 3 * SECOND_MS),
  ];
  return [...lines.flatMap((each) => each === undefined ? [] : [textOf(each)]), ...interruptSamples()];
}

/** What is said of a run at its end. */
export function endingSamples(): readonly string[] {
  const [failed, doubtful] = [sample(FAILED), sample(IN_DOUBT)];
  const skipped: StepResult = { step: exampleStep("create", "sub.a"), outcome: SKIPPED };
  const reports: readonly RunReport[] = [
    report({ results: [failed, skipped] }),
    report({ results: [doubtful] }),
    report({
      undecided: [{ address: "net.main", why: "run 1a2b3c4d is changing it now", isInDoubt: false }],
    }),
    report({ deposed: [{ address: "net.main", id: "net-1a2b3c4d" }] }),
    report({ kept: ["net.main"] }),
    report({ end: "interrupted" }),
    report({ end: "lost" }),
    report({ end: "broken", unsavedAt: ".smelt/unsaved/1a2b3c4d.json" }),
  ];
  const counts = [
    report({ results: [sample(DONE)], end: "succeeded" }),
    report({ results: [sample(DONE), { ...skipped, outcome: FAILED }] }),
    report({ results: [doubtful], end: "failed" }),
  ];
  return [...reports.flatMap(unsettledLines), ...counts.map(countLine)].map(textOf);
}

/** What is said before the plan, or of it. */
export async function noteSamples(): Promise<readonly string[]> {
  const full = () => Promise.reject(new Error("disk full"));
  const pin = await movePin(
    { pinFile: new PinFile("pins.json", PIN_WAIT) },
    full,
  );
  const lines = [
    ...repairLines([
      { kind: "completed", sizeBytes: 0, keptAt: undefined },
      { kind: "cut", sizeBytes: 152, keptAt: ".smelt/log/default.torn-1" },
    ]),
    ...settledLines({
      kind: "ended",
      run: RUN,
      end: "succeeded",
      unsavedAt: undefined,
      settled: [
        { address: "net.main", outcome: "done", evidence: "token" },
        { address: "net.main", outcome: "notDone", evidence: "absence" },
        { address: "net.main", outcome: "done", evidence: "resend" },
      ],
      unsettled: [{ address: "net.main", failure: TIMEOUT }],
    }),
  ];
  return [...lines, ...(pin === undefined ? [] : noticeLines(pin).slice(0, 1))].map(textOf);
}

function interruptSamples(): readonly string[] {
  const context = fakeContext("file");
  const told: string[] = [];
  openInterrupts(context, (text) => told.push(text));
  context.interrupt();
  context.interrupt();
  return told;
}

function busyTally(): RunTally {
  const steps = ["a", "b", "c", "d"].map((name, tier) => exampleStep("create", `net.${name}`, { tier }));
  const tally = new RunTally(undefined, steps, 0);
  const [first, second, third] = steps;
  if (first !== undefined) tally.add({ type: "StepEnded", step: first, outcome: DONE, elapsedMs: 1 }, 1);
  if (second !== undefined) tally.add({ type: "StepEnded", step: second, outcome: FAILED, elapsedMs: 1 }, 1);
  if (third !== undefined) tally.add({ type: "StepBegan", step: third }, 1);
  return tally;
}

function sample(outcome: StepOutcome): StepResult {
  return { step: NET, outcome };
}

function report(facts: Partial<RunReport>): RunReport {
  return {
    command: "apply",
    environment: "default",
    run: RUN,
    end: "partial",
    results: [],
    deposed: [],
    undecided: [],
    kept: [],
    unsavedAt: undefined,
    repairs: [],
    ...facts,
  };
}

function textOf(line: Line): string {
  return line.map(({ text }) => text).join("").trim();
}
