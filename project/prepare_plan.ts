import type { InputRule } from "../actors/step_message.ts";
import { makePlan, type ReadResult } from "../engine/make_plan.ts";
import type { Plan, PlanSummary } from "../engine/plan.ts";
import { type PlanProblem, planProblems } from "../engine/plan_problems.ts";
import { stepsOf } from "../engine/plan_steps.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Step } from "../engine/steps.ts";
import { summarizePlan } from "../engine/summarize_plan.ts";
import type { DesiredConfig } from "../engine/resource_config.ts";
import type { Diagnostic } from "../lang/diagnostic.ts";
import type { Registry } from "../providers/registry.ts";
import type { Head } from "../store/journal_port.ts";
import type { Vault } from "../trust/vault_port.ts";
import { checkPlannedConstraints } from "./check_planned_constraints.ts";
import { type CheckedConfig, type ConfigFailure, configFailure, loadDesired } from "./desired_config.ts";
import type { SourceText } from "./diagnostics.ts";
import type { ProjectFailure } from "./failure.ts";
import { type LiveHolder, liveHolders } from "./live_holders.ts";
import { massGoneFailure } from "./mass_gone.ts";
import type { PlanPurpose } from "./plan_purpose.ts";
import { problemDiagnostic } from "./problem_diagnostic.ts";
import { arrive } from "./arrive.ts";
import type { Notice } from "./notice.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { pickEnvironment, type Workspace } from "./workspace.ts";

/** What a plan is asked for. */
export interface PlanRequest {
  readonly command: Plan["command"];
  readonly environment: string;
  /** Files given by name; none means all that lie below the root. Not read for `destroy`. */
  readonly files: readonly string[];
  /** Whether stored resources are read from their providers first. */
  readonly refresh: "all" | "none";
  /** Whether to go on when most of what a provider held is not found; refused when left out. */
  readonly massGone?: "allow" | "refuse";
}

/** What the log says, and the vault of its secrets. */
export interface PlanSource {
  readonly state: EnvironmentView;
  readonly stream: string;
  readonly head: Head;
  readonly vault: Vault;
  /** Runs that the log holds for live, and that are known to be dead. */
  readonly deadRuns: ReadonlySet<string>;
}

/** A plan, and what a run needs to carry it out. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly summary: PlanSummary;
  readonly steps: readonly Step[];
  /** What is wrong with it, so that it cannot be applied. */
  readonly problems: readonly PlanProblem[];
  /** Live runs that change what it is about: until they end it cannot be applied either. */
  readonly held: readonly LiveHolder[];
  /** What changes nothing of the plan. */
  readonly notices: readonly Notice[];
  readonly warnings: readonly Diagnostic[];
  /** The texts that warnings point into. */
  readonly sources: ReadonlyMap<string, SourceText>;
  readonly registry: Registry;
  /** What constraints say once they know what the plan does not. */
  readonly inputRule: InputRule;
  /** What reads found, by address. */
  readonly reads: ReadonlyMap<string, ReadResult>;
  /** The state on which it is decided: with what arrives in place. */
  readonly state: EnvironmentView;
  /** What the plan is for, when it is not to make true what the files say. */
  readonly purpose?: PlanPurpose;
}

/** A way to come to a plan. Appends nothing and changes nothing. */
export type PlanMaker = typeof preparePlan;

const NOTHING_DESIRED: DesiredConfig = { resources: [], moved: [], removed: [], imports: [], outputs: [] };

/** Makes a plan: reads the files, reads what lives, compares. Appends nothing and changes nothing. */
export async function preparePlan(
  ports: ProjectPorts,
  workspace: Workspace,
  source: PlanSource,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<Result<PreparedPlan, ConfigFailure | ProjectFailure>> {
  const registry = ports.registry(workspace.paths);
  const config = await desiredOf(ports, workspace, registry, request);
  if (!config.ok) return config;
  const { desired } = config.value;
  const arrived = await arrive({
    state: source.state,
    desired,
    registry,
    vault: source.vault,
    clock: ports.clock,
    refresh: request.refresh,
    signal,
  });
  const { state, wanted, ignored, reads, arrivals } = arrived;
  const gone = await massGoneFailure({ state, reads, registry, signal }, request.massGone);
  if (gone !== undefined) return err(gone);
  const plan = makePlan({
    command: request.command,
    environment: request.environment,
    stream: source.stream,
    madeOn: source.head,
    state,
    before: source.state,
    arrivals,
    removed: new Set(desired.removed.map((each) => each.address)),
    deadRuns: source.deadRuns,
    wanted,
    ignored,
    reads,
    schemas: (type) => {
      const found = registry.lookUp(type);
      return found.ok ? found.value.schema : undefined;
    },
    outputs: desired.outputs.map(({ name, target, path }) => ({ name, address: target, path })),
  });
  const { sources } = config.value;
  const constraints = await checkPlannedConstraints(plan, desired, registry);
  if (constraints.findings.length > 0) {
    return err(configFailure(constraints.findings.map((each) => problemDiagnostic(each, sources)), sources));
  }
  const held = liveHolders(plan, state, source.deadRuns);
  const changing = new Set(held.flatMap((each) => each.changing));
  return ok({
    plan,
    summary: summarizePlan(plan),
    steps: stepsOf(plan, state),
    problems: [
      ...arrived.refused.map((each) => ({ kind: "Arrival" as const, ...each })),
      ...planProblems(plan, state),
    ].filter(({ address }) => !changing.has(address)),
    notices: arrived.notices,
    held,
    warnings: config.value.warnings,
    sources,
    registry,
    inputRule: constraints.inputRule,
    reads,
    state,
  });
}

async function desiredOf(
  ports: ProjectPorts,
  workspace: Workspace,
  registry: Registry,
  request: PlanRequest,
): Promise<Result<Pick<CheckedConfig, "desired" | "warnings" | "sources">, ConfigFailure | ProjectFailure>> {
  if (request.command === "destroy") {
    return ok({ desired: NOTHING_DESIRED, warnings: [], sources: new Map() });
  }
  const environment = pickEnvironment(workspace, request.environment);
  if (!environment.ok) return environment;
  return await loadDesired({
    workspace,
    workingFolder: ports.workingFolder,
    given: request.files,
    environment: environment.value,
    registry,
    readVariable: ports.readVariable,
  });
}
