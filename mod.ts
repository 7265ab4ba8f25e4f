/**
 * smelt as a library: plan, apply and audit a project of `.smelt` files from a program of your own.
 *
 * ```ts ignore
 * import { openProject } from "./mod.ts";
 *
 * const project = openProject({ folder: ".", who: "release job" });
 * const applied = await project.apply({ approve: (plan) => plan.summary.delete === 0 });
 * if (!applied.ok) throw new Error(applied.error.message);
 * ```
 *
 * @module
 */
export {
  type EmbeddedApplyOptions,
  openProject,
  type Project,
  type ProjectOptions,
} from "./compose/open_project.ts";
export type { AuditCheck, AuditReport } from "./audit/audit_report.ts";
export type { TrailEntry } from "./audit/trail.ts";
export type { RunProgress } from "./actors/run_world.ts";
export { IntegrityError, type IntegrityKind } from "./engine/integrity_error.ts";
export type { Action, FieldChange, Plan, PlannedResource, PlanSummary } from "./engine/plan.ts";
export type { Result } from "./engine/result.ts";
export { SealedSecret, Secret, Unknown, type Value, type ValueRecord } from "./engine/value.ts";
export type { ApplyResult } from "./project/apply_project.ts";
export type { Notice } from "./project/notice.ts";
export type { ProjectFailure, ProjectFailureKind } from "./project/failure.ts";
export type { Initialised } from "./project/init_project.ts";
export type { ListedResource } from "./project/list_resources.ts";
export type { ShownPlan } from "./project/plan_project.ts";
export type { PreparedPlan } from "./project/prepare_plan.ts";
export { VERSION } from "./project/version.ts";
