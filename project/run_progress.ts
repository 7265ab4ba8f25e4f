import type { RunProgress } from "../actors/run_world.ts";
import type { StepFailure, StepOutcome } from "../actors/step_outcome.ts";

/** What a run tells of itself while it goes on, and how its steps end, for those who show it. */
export type { RunProgress, StepFailure, StepOutcome };
