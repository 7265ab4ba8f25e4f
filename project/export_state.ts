import { stateJson } from "../audit/state_json.ts";
import { stateAfter } from "../audit/verified_log.ts";
import type { JsonObject } from "../engine/json.ts";
import { ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import { type Moment, placeMoment } from "./log_moment.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { readState } from "./read_environment.ts";
import { openInitialised } from "./workspace.ts";

/**
 * Everything that the log of an environment says, now or at a moment of the past, as JSON that is the same for the same log.
 * Secrets are sealed references.
 */
export async function exportState(
  ports: ProjectPorts,
  environment: string | undefined,
  moment: Moment | undefined,
): Promise<Result<JsonObject, ProjectFailure>> {
  if (moment !== undefined) return await exportPast(ports, environment, moment);
  return await readState(
    ports,
    environment,
    ({ name, environment: { journal } }) =>
      stateJson({ environment: name, stream: journal.stream, head: journal.head, state: journal.state }),
  );
}

async function exportPast(
  ports: ProjectPorts,
  environment: string | undefined,
  moment: Moment,
): Promise<Result<JsonObject, ProjectFailure>> {
  const found = await openInitialised(ports.workingFolder, environment);
  if (!found.ok) return found;
  const { workspace, chosen } = found.value;
  const log = await ports.readLog(workspace.paths, chosen);
  if (!log.ok) return log;
  const placed = placeMoment(log.value, chosen.name, moment);
  if (!placed.ok) return placed;
  const { seq } = placed.value;
  const head = { seq, hash: log.value.records[seq - 1]?.hash ?? "" };
  const { stream } = log.value;
  return ok(stateJson({ environment: chosen.name, stream, head, state: stateAfter(log.value, seq) }));
}
