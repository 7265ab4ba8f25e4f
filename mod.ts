/**
 * smelt as a library: declare resources in TypeScript or take those of `.smelt` files, and plan, apply and audit them from a
 * program of your own. The guide is docs/embedding.md.
 *
 * ```ts ignore
 * import { openProject, stack } from "./mod.ts";
 *
 * const shop = stack((s) => {
 *   const net = s.sim.Network("main", { cidr: "10.0.0.0/16" });
 *   const web = s.sim.Subnet("web", { network_id: net.id, cidr: "10.0.1.0/24" });
 *   return { subnet: web.id };
 * });
 *
 * const project = openProject({ folder: ".", who: "release job" });
 * for await (const event of project.apply({ stack: shop, approve: (plan) => plan.summary.delete === 0 })) {
 *   if (event.type === "Ended" && !event.result.ok) throw new Error(event.result.error.message);
 * }
 * ```
 *
 * @module
 */
export {
  type ApplyOptions,
  type EnvironmentChoice,
  type HistoryOptions,
  type InitOptions,
  openProject,
  type OutputValues,
  type PlanOptions,
  type PlanScopeOptions,
  type Project,
  type ProjectOptions,
  type RunOptions,
  type UnlockedRun,
  type UnlockOptions,
} from "./compose/open_project.ts";
export type { ApplyEvent, ApplyRun, Approve } from "./compose/apply_events.ts";
export { type Stack, stack, type StackOutputs } from "./stack/stack.ts";
export type { Declarations, Declare, ResourceOptions } from "./stack/declarations.ts";
export type { Fields, Json, OpenFields, SectionFields } from "./stack/field_types.ts";
export type { Id, Output, Ref } from "./stack/output.ts";
export type { StackOptions } from "./stack/stack_statements.ts";
export type { AnyResourceOptions } from "./stack/resource_options.ts";
export type { AnyResource, Resource } from "./stack/resource_handle.ts";
export type { TypeName } from "./stack/resource_types.ts";
export { secret, type Sensitive } from "./stack/secret.ts";
export type { AuditCheck, AuditReport } from "./audit/audit_report.ts";
export type { TrailEntry } from "./audit/trail.ts";
export type { RunProgress } from "./actors/run_world.ts";
export type { StepFailure, StepOutcome } from "./actors/step_outcome.ts";
export type { CallFailure } from "./engine/call_failure.ts";
export { IntegrityError, type IntegrityKind } from "./engine/integrity_error.ts";
export type { Problem } from "./engine/problem.ts";
export type { DesiredConfig, Origin } from "./engine/resource_config.ts";
export type { Operation, Step } from "./engine/steps.ts";
export type {
  Action,
  Drift,
  FieldChange,
  Plan,
  PlannedOutput,
  PlannedResource,
  PlanSummary,
} from "./engine/plan.ts";
export type { PlanProblem } from "./engine/plan_problems.ts";
export type { Result } from "./engine/result.ts";
export { SealedSecret, Secret, Unknown, type Value, type ValueRecord } from "./engine/value.ts";
export type { ApplyResult, ApprovedEnvironment } from "./project/apply_project.ts";
export { type ApplyVerdict, applyVerdict } from "./project/apply_verdict.ts";
export type { Diagnostic } from "./lang/diagnostic.ts";
export type { LiveHolder } from "./project/live_holders.ts";
export type { Notice } from "./project/notice.ts";
export type { ProjectFailure, ProjectFailureKind } from "./project/failure.ts";
export { failureText } from "./project/failure_text.ts";
export type { Initialised } from "./project/init_project.ts";
export type { ListedResource } from "./project/list_resources.ts";
export type { ShownPlan } from "./project/plan_project.ts";
export type { PreparedPlan } from "./project/prepare_plan.ts";
export { VERSION } from "./project/version.ts";
