import type { PlanSource } from "./prepare_plan.ts";
import type { OpenEnvironment } from "./project_ports.ts";

/** What a plan is made of, with the runs that this machine knows to be dead though the log does not say so yet. */
export async function planSource({ journal, vault, locks }: OpenEnvironment): Promise<PlanSource> {
  const deadRuns = new Set<string>();
  for (const run of journal.state.liveRuns.keys()) {
    if (await locks.look(run) === "free") deadRuns.add(run);
  }
  return { state: journal.state, stream: journal.stream, head: journal.head, vault, deadRuns };
}
