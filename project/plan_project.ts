import { ok, type Result } from "../engine/result.ts";
import type { ApplyTask } from "./apply_project.ts";
import type { Diagnostic, SourceText } from "./diagnostics.ts";
import type { ConfigFailure } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import type { Notice } from "./notice.ts";
import { afterLoss } from "./plan_after_loss.ts";
import { planSource } from "./plan_source.ts";
import { planWithoutLog } from "./plan_without_log.ts";
import { type PlanRequest, type PreparedPlan, preparePlan } from "./prepare_plan.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { withEnvironment } from "./read_environment.ts";
import { openWorkspace, pickEnvironment } from "./workspace.ts";

/** A plan to show. */
export interface ShownPlan extends PreparedPlan {
  /** Whether the environment has a log; without one the plan is what a first apply would do. */
  readonly isInitialised: boolean;
  readonly warnings: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
}

/** Which plan to show. */
export interface ShownPlanRequest extends Omit<PlanRequest, "environment"> {
  /** The default one when `undefined`. */
  readonly environment: string | undefined;
  /** What else than making true what the files say. */
  readonly task?: ApplyTask | undefined;
}

/** Makes a plan of the project in the working folder. Appends nothing. */
export async function planProject(
  ports: ProjectPorts,
  request: ShownPlanRequest,
): Promise<Result<ShownPlan, ProjectFailure | ConfigFailure>> {
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const chosen = pickEnvironment(workspace.value, request.environment);
  if (!chosen.ok) return chosen;
  if (chosen.value.firstRecord === undefined && request.task === undefined) {
    const plan = await planWithoutLog(ports, workspace.value, { ...request, environment: chosen.value.name });
    return plan.ok ? ok({ ...plan.value, isInitialised: false }) : plan;
  }
  const signal = new AbortController().signal;
  const notices: Notice[] = [];
  return await withEnvironment(
    ports,
    { environment: request.environment, purpose: "plan", tell: (notice) => void notices.push(notice) },
    async ({ workspace, name, environment }) => {
      const source = await planSource(environment);
      const prepare = afterLoss(request.task?.prepare ?? preparePlan);
      const plan = await prepare(ports, workspace, source, { ...request, environment: name }, signal);
      if (!plan.ok) return plan;
      return ok({ ...plan.value, isInitialised: true, notices: [...notices, ...plan.value.notices] });
    },
  );
}
