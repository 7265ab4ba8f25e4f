import type { Plan } from "../engine/plan.ts";
import type { Step } from "../engine/steps.ts";
import type { RunProgress } from "../project/run_progress.ts";
import type { CliContext } from "./context.ts";
import { fitLine } from "./fit_line.ts";
import { LiveRegion } from "./live_region.ts";
import { flightLine, progressLine, tallyLine, waitLine } from "./render/progress_text.ts";
import type { RunView } from "./run_view.ts";
import { isToldLater, RunTally } from "./run_tally.ts";
import { type Line, line, span } from "./text.ts";
import { startTicks } from "./ticks.ts";

/** Milliseconds between two drawings at least. */
const DRAW_MS = 100;

/**
 * The view of a terminal: what goes on in a region that is drawn again and again, what has ended above it for good. Drawn
 * at once when something happens, but at most ten times a second: what comes sooner waits for the next tick.
 */
export function openLiveView(context: CliContext, plan: Plan | undefined, steps: readonly Step[]): RunView {
  const { ports: { clock } } = context;
  const tally = new RunTally(plan, steps, clock.monotonicMs());
  const region = new LiveRegion(context.printer);
  let lasting: Line[] = [];
  let drawnMs = -Infinity;
  const draw = () => {
    drawnMs = clock.monotonicMs();
    const size = context.terminalSize();
    region.draw(lasting, regionLines(tally, drawnMs, size), size);
    lasting = [];
  };
  const drawSoon = () => {
    if (clock.monotonicMs() - drawnMs >= DRAW_MS) draw();
  };
  const stopTicks = startTicks(clock, DRAW_MS, drawSoon);
  return {
    observe: (progress) => {
      const id = progress.type === "StepEnded" ? tally.idOf(progress.step) : undefined;
      tally.add(progress, clock.monotonicMs());
      const text = progressLine(progress, id);
      if (text !== undefined && !isPassing(progress) && !isToldLater(progress, plan)) lasting.push(text);
      drawSoon();
    },
    note: (text) => {
      lasting.push(text);
      draw();
    },
    close: () => {
      stopTicks();
      region.draw(lasting, [], context.terminalSize());
      lasting = [];
    },
  };
}

/** What the region shows while it lasts needs no line that stays. */
function isPassing({ type }: RunProgress): boolean {
  return type === "RunWaits" || type === "ResolveWaits" || type === "StepRetries" || type === "RunBegan";
}

/** What goes on, at most as much as fits, then the count; one row is left for the cursor. */
function regionLines(
  tally: RunTally,
  nowMs: number,
  size: { readonly columns: number; readonly rows: number },
): readonly Line[] {
  const limit = Math.max(0, size.rows - 3);
  const going = [
    ...tally.waits.map((wait) => () => waitLine(wait, nowMs)),
    ...tally.flights.map((flight) => () => flightLine(flight, nowMs)),
  ];
  const shown = going.slice(0, limit).map((make) => make());
  const hidden = going.length - shown.length;
  const more = hidden === 0 ? [] : [line(span(`  … and ${hidden} more`, "dim"))];
  // A character in the last column makes some terminals go to the next row.
  return [...shown, ...more, tallyLine(tally, nowMs)].map((each) => fitLine(each, size.columns - 1));
}
