import { stateAfter } from "../audit/verified_log.ts";
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
    const log = await ports.readLog(workspace.paths, { ...chosen.value, firstRecord });
    if (!log.ok) return log;
    const past = stateAfter(log.value, seq);
    const moved = arriveByMoves(source.state, movesBack(past, source.state));
    const { state, arrivals } = moved;
    const world = await readStoredWorld(ports, workspace, { ...source, state }, request, signal);
    if (!world.ok) return world;
    const { input } = world.value;
    const before = source.state;
    const planned = planRollback({ ...input, before, arrivals, refusals: moved.refused, past });
    if (!planned.ok) return err(circleFailure(planned.error));
    const { plan, irreversible } = planned.value;
    return ok({ ...preparedOf(world.value, plan), purpose: { kind: "rollback", seq, irreversible } });
  };
  return { command: `rollback --to ${seq}`, prepare };
}
