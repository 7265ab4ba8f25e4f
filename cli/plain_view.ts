import type { Plan } from "../engine/plan.ts";
import type { Step } from "../engine/steps.ts";
import type { CliContext } from "./context.ts";
import { flightLine, progressLine, tallyLine } from "./render/progress_text.ts";
import type { RunView } from "./run_view.ts";
import { isToldLater, RunTally } from "./run_tally.ts";
import { startTicks } from "./ticks.ts";
import type { Line } from "./text.ts";

/** Milliseconds after which a silent run says that it goes on: logs of CI services are cut off when nothing comes. */
const SILENCE_MS = 60_000;

/** The view of logs: one line for each thing that ended or is tried again, and one a minute while nothing does. */
export function openPlainView(context: CliContext, plan: Plan | undefined, steps: readonly Step[]): RunView {
  const { printer, ports: { clock } } = context;
  const tally = new RunTally(plan, steps, clock.monotonicMs());
  let spokenMs = clock.monotonicMs();
  const say = (lines: readonly Line[]) => {
    printer.err(lines);
    spokenMs = clock.monotonicMs();
  };
  const stopTicks = startTicks(clock, SILENCE_MS / 4, () => {
    const nowMs = clock.monotonicMs();
    if (nowMs - spokenMs < SILENCE_MS) return;
    say([tallyLine(tally, nowMs), ...tally.flights.map((flight) => flightLine(flight, nowMs))]);
  });
  return {
    observe: (progress) => {
      const id = progress.type === "StepEnded" ? tally.idOf(progress.step) : undefined;
      tally.add(progress, clock.monotonicMs());
      const text = progressLine(progress, id);
      if (text !== undefined && !isToldLater(progress, plan)) say([text]);
    },
    note: (text) => say([text]),
    close: stopTicks,
  };
}
