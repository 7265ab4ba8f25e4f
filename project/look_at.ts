import { stateAfter } from "../audit/verified_log.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import { type Moment, type PlacedMoment, placeMoment } from "./log_moment.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { readState } from "./read_environment.ts";
import { openInitialised } from "./workspace.ts";

/** What the log of an environment says, now or at a moment of the past. */
export interface Look {
  readonly name: string;
  readonly state: EnvironmentView;
  /** `undefined`: now. */
  readonly moment: PlacedMoment | undefined;
}

/** Folds the log of an environment up to `moment`, or to its end; all of it is verified. */
export async function lookAt(
  ports: ProjectPorts,
  environment: string | undefined,
  moment: Moment | undefined,
): Promise<Result<Look, ProjectFailure>> {
  if (moment !== undefined) return await lookBack(ports, environment, moment);
  return await readState(ports, environment, ({ name, environment: opened }) => ({
    name,
    state: opened.journal.state,
    moment: undefined,
  }));
}

/** Reads the whole log, since a checkpoint tells nothing of what was before it. */
async function lookBack(
  ports: ProjectPorts,
  environment: string | undefined,
  moment: Moment,
): Promise<Result<Look, ProjectFailure>> {
  const found = await openInitialised(ports.workingFolder, environment);
  if (!found.ok) return found;
  const { workspace, chosen } = found.value;
  const { name } = chosen;
  const log = await ports.readLog(workspace.paths, chosen);
  if (!log.ok) return log;
  const placed = placeMoment(log.value, name, moment);
  if (!placed.ok) return placed;
  return ok({ name, state: stateAfter(log.value, placed.value.seq), moment: placed.value });
}
