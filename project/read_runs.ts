import { runHistory, type RunSummary } from "../audit/run_history.ts";
import { ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPaths } from "./project_paths.ts";
import type { LoggedEnvironment, ProjectPorts } from "./project_ports.ts";

/** Every run of an environment, in the order in which they started. */
export async function readRuns(
  ports: ProjectPorts,
  paths: ProjectPaths,
  wanted: LoggedEnvironment,
): Promise<Result<readonly RunSummary[], ProjectFailure>> {
  const log = await ports.readLog(paths, wanted);
  return log.ok ? ok(runHistory(log.value.records)) : log;
}
