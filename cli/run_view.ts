import type { Plan } from "../engine/plan.ts";
import type { Step } from "../engine/steps.ts";
import type { RunProgress } from "../project/run_progress.ts";
import type { CliContext } from "./context.ts";
import { openJsonView } from "./json_view.ts";
import { openLiveView } from "./live_view.ts";
import { openPlainView } from "./plain_view.ts";
import type { Line } from "./text.ts";

/** What people see of a run while it goes on, all of it on standard error. */
export interface RunView {
  /** Shows what happened. Never throws, as the run must not end because nobody looks. */
  observe(progress: RunProgress): void;
  /** A line for people between those of the run, for example what an interrupt does. */
  note(text: Line): void;
  /** Writes what is still to be written and stops the clock of the view. Nothing may be observed after it. */
  close(): void;
}

/**
 * Opens the view of a run: on a terminal a live region below lines that stay, else one plain line for each thing that
 * happened; with `json` one JSON object a line. Without a plan it shows how doubts are settled before there is one. Close it
 * before anything is asked.
 */
export function openRunView(
  context: CliContext,
  plan: Plan | undefined,
  steps: readonly Step[],
  format: "text" | "json",
): RunView {
  if (format === "json") return openJsonView(context);
  return context.printer.isErrTerminal
    ? openLiveView(context, plan, steps)
    : openPlainView(context, plan, steps);
}
