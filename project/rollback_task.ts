import { arriveByMoves } from "../engine/arrivals.ts";
import { movesBack, planRollback } from "../engine/plan_rollback.ts";
import { stateAfter } from "../audit/verified_log.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ApplyTask } from "./apply_project.ts";
import { circleFailure } from "./drift_plans.ts";
import type { ProjectFailure } from "./failure.ts";
import { type Moment, type PlacedMoment, placeMoment } from "./log_moment.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { PlanMaker } from "./prepare_plan.ts";
import { preparedOf, readStoredWorld } from "./stored_world.ts";
import { pickInitialised, type Workspace } from "./workspace.ts";

/** Brings an environment back to what lived at a moment, by a run like any other. Reads no file. */
export function rollbackTask(moment: Moment): ApplyTask {
  const prepare: PlanMaker = async (ports, workspace, source, request, signal) => {
    const past = await readPast(ports, workspace, request.environment, moment);
    if (!past.ok) return past;
    const { placed: { seq }, state: then } = past.value;
    const moved = arriveByMoves(source.state, movesBack(then, source.state));
    const { state, arrivals } = moved;
    const world = await readStoredWorld(ports, workspace, { ...source, state }, request, signal);
    if (!world.ok) return world;
    const { input } = world.value;
    const planned = planRollback({
      ...input,
      refusals: moved.refused,
      before: source.state,
      arrivals,
      past: then,
    });
    if (!planned.ok) return err(circleFailure(planned.error));
    const { plan, irreversible } = planned.value;
    return ok({ ...preparedOf(world.value, plan), purpose: { kind: "rollback", seq, irreversible } });
  };
  return { command: `rollback --to ${moment.kind === "record" ? moment.seq : moment.text}`, prepare };
}

async function readPast(
  ports: ProjectPorts,
  workspace: Workspace,
  environment: string,
  moment: Moment,
): Promise<Result<{ readonly placed: PlacedMoment; readonly state: EnvironmentView }, ProjectFailure>> {
  const chosen = pickInitialised(workspace, environment);
  if (!chosen.ok) return chosen;
  const log = await ports.readLog(workspace.paths, chosen.value);
  if (!log.ok) return log;
  const placed = placeMoment(log.value, chosen.value.name, moment);
  if (!placed.ok) return placed;
  return ok({ placed: placed.value, state: stateAfter(log.value, placed.value.seq) });
}
