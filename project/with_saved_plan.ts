import type { KeyRole } from "../engine/environment_event.ts";
import { err, type Result } from "../engine/result.ts";
import { type ApplyListener, tellingRepairs } from "./apply_project.ts";
import type { ProjectFailure } from "./failure.ts";
import { notFor } from "./open_saved_plan.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { readPlanFile, type UntrustedPlanFile } from "./saved_plan_file.ts";

/** Which saved plan, and what for. */
export interface PlanFileRequest {
  /** The file, relative to the working folder. */
  readonly path: string;
  /** The one that the plan is for when `undefined`; another one is refused. */
  readonly environment: string | undefined;
  /** What the key that signs here must be good for. */
  readonly role: KeyRole;
}

/** Does `work` in the environment that a saved plan names, whose log must hold the record that the plan was made at. */
export async function withSavedPlan<T>(
  ports: ProjectPorts,
  { path, environment: named, role }: PlanFileRequest,
  listener: Pick<ApplyListener, "repaired" | "noticed">,
  work: (opened: ReadEnvironment, file: UntrustedPlanFile) => Promise<Result<T, ProjectFailure>>,
): Promise<Result<T, ProjectFailure>> {
  const read = await readPlanFile(ports.workingFolder, path);
  if (!read.ok) return read;
  const file = read.value;
  const { claims } = file;
  if (named !== undefined && claims !== undefined && claims.environment !== named) {
    return err(notFor(file, named, claims.environment));
  }
  return await withEnvironment(
    ports,
    {
      environment: named ?? claims?.environment,
      purpose: "write",
      role,
      pins: claims === undefined ? [] : [{ ...claims.head, source: `the plan in "${file.path}"` }],
      tell: (notice) => listener.noticed(notice),
    },
    (opened) => tellingRepairs(opened, listener, () => work(opened, file)),
  );
}
