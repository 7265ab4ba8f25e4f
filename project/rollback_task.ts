import { arriveByMoves } from "../engine/arrivals.ts";
import { movesBack, planRollback } from "../engine/plan_rollback.ts";
import { err, ok } from "../engine/result.ts";
import type { ApplyTask } from "./apply_project.ts";
import { circleFailure } from "./drift_plans.ts";
import type { PlanMaker } from "./prepare_plan.ts";
import { preparedOf, readStoredWorld } from "./stored_world.ts";
import { pickEnvironment } from "./workspace.ts";

/** Brings an environment back to what lived at record `seq`, by a run like any other. Reads no file. */
export function rollbackTask(seq: number): ApplyTask {
  const prepare: PlanMaker = async (ports, workspace, source, request, signal) => {
    const chosen = pickEnvironment(workspace, request.environment);
    if (!chosen.ok) return chosen;
    const { name, firstRecord } = chosen.value;
    const last = source.head.seq;
    if (seq > last || firstRecord === undefined) {
      return err({
        kind: "NotFound",
        message: `No record ${seq} in the log of ${name}: it ends with record ${last}`,
        hint: "smelt history tells what happened at which record",
      });
    }
    const past = await ports.readPast(workspace.paths, { name, firstRecord }, seq);
    if (!past.ok) return past;
    const moved = arriveByMoves(source.state, movesBack(past.value, source.state));
    const { state, arrivals } = moved;
    const world = await readStoredWorld(ports, workspace, { ...source, state }, request, signal);
    if (!world.ok) return world;
    const { input } = world.value;
    const planned = planRollback({ ...input, before: source.state, arrivals, past: past.value });
    if (!planned.ok) return err(circleFailure(planned.error));
    const { plan, irreversible } = planned.value;
    const prepared = preparedOf(world.value, plan);
    const refused = moved.refused.map((each) => ({ kind: "Arrival" as const, ...each }));
    return ok({
      ...prepared,
      problems: [...refused, ...prepared.problems],
      purpose: { kind: "rollback", seq, irreversible },
    });
  };
  return { command: `rollback --to ${seq}`, prepare };
}
