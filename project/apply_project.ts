import { executeRun, type RunResult } from "../actors/engine_run.ts";
import { resolveInDoubt, type ResolveResult, waitsFor } from "../actors/resolve_in_doubt.ts";
import { DEFAULT_LIMITS, type Interrupts, type RunProgress, type RunWorld } from "../actors/run_world.ts";
import type { AccountProblem } from "../actors/run_accounts.ts";
import type { Plan } from "../engine/plan.ts";
import { isRefusing } from "../engine/plan_problems.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { unplannedRefusal } from "./change_policy.ts";
import type { ConfigFailure } from "./desired_config.ts";
import type { DeclaredConfig } from "./declared_config.ts";
import type { ProjectFailure } from "./failure.ts";
import { missingPermissions } from "./missing_permissions.ts";
import type { Notice } from "./notice.ts";
import { afterLoss } from "./plan_after_loss.ts";
import { planDigest } from "./plan_digest.ts";
import { type PlanMaker, type PreparedPlan, preparePlan, type ScopeRequest } from "./prepare_plan.ts";
import { planRefused } from "./plan_refused.ts";
import { planSource } from "./plan_source.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { Repair } from "../store/log_backend.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { readUnsaved } from "./read_unsaved.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { checkWhy } from "./said_secret.ts";

/** How many resources change at once when nobody says otherwise. */
export const DEFAULT_PARALLELISM = DEFAULT_LIMITS.parallelism;

/** What a run that changes things is asked for. */
export interface ApplyRequest {
  readonly command: Plan["command"];
  /** The default one when `undefined`. */
  readonly environment: string | undefined;
  readonly files: readonly string[];
  /** What a program declares; the files are not read then. */
  readonly declared?: DeclaredConfig | undefined;
  readonly refresh: "all" | "none";
  /** What it is about, when it is not about everything. */
  readonly scope?: ScopeRequest;
  /** How many resources may change at once. */
  readonly parallelism: number;
  /** Kept in the signed log. */
  readonly why: string | undefined;
  /** A run of before that this one takes up; that it has ended is for the caller to see to. */
  readonly resumes?: string;
  /** Whether to go on when most of what a provider held is not found; refused when left out. */
  readonly massGone?: "allow" | "refuse";
  /** What else than making true what the files say. */
  readonly task?: ApplyTask | undefined;
}

/** Another way to come to a plan that is then carried out like any other. */
export interface ApplyTask {
  /** As the log tells it. */
  readonly command: string;
  readonly prepare: PlanMaker;
}

/** Who is asked and told while an apply goes on. */
export interface ApplyListener {
  /** An append of this command has mended the end of the log, which one that was cut short had left. Not called when none has. */
  repaired(repairs: readonly Repair[]): void;
  /** What earlier runs had left in doubt has been looked at. Not called when there was nothing. */
  settled(result: Extract<ResolveResult, { readonly kind: "ended" }>): void;
  /** The plan is made and can be applied; `false` ends the command without a change. */
  approve(plan: PreparedPlan, environment: ApprovedEnvironment): Promise<boolean>;
  /** Something that changes nothing of how the apply ends. */
  noticed(notice: Notice): void;
  /** The plan cannot be applied; a failure follows. */
  refused(plan: PreparedPlan): void;
  progress(progress: RunProgress): void;
  readonly interrupts: Interrupts;
}

/** What the question of an apply is about. */
export interface ApprovedEnvironment {
  readonly name: string;
  readonly isProtected: boolean;
}

/** How an apply ended. */
export type ApplyResult =
  | { readonly kind: "empty"; readonly prepared: PreparedPlan }
  | { readonly kind: "declined"; readonly prepared: PreparedPlan }
  | {
    readonly kind: "ran";
    readonly prepared: PreparedPlan;
    readonly environment: string;
    readonly run: Extract<RunResult, { readonly kind: "ended" }>;
    /** Ids of what lives now, by address. */
    readonly ids: ReadonlyMap<string, string>;
    /** Addresses whose last call has no known outcome. */
    readonly doubts: ReadonlySet<string>;
    /** Objects that were replaced and are still there, by address. */
    readonly deposed: readonly { readonly address: string; readonly id: string }[];
  };

/**
 * Makes what lives equal to what is wanted: settles what earlier runs left in doubt, plans, asks, and carries the plan out.
 * Everything that can be refused is refused before the first call to a provider that changes anything.
 */
export async function applyProject(
  ports: ProjectPorts,
  request: ApplyRequest,
  listener: ApplyListener,
): Promise<Result<ApplyResult, ProjectFailure | ConfigFailure>> {
  return await withEnvironment(
    ports,
    { environment: request.environment, purpose: "write", tell: (notice) => listener.noticed(notice) },
    (opened) => tellingRepairs(opened, listener, () => applyOpened(ports, opened, request, listener)),
  );
}

/** Does `work`, and tells what its appends have mended, whatever comes of it. */
export async function tellingRepairs<T>(
  { environment }: ReadEnvironment,
  listener: Pick<ApplyListener, "repaired">,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } finally {
    if (environment.repairs.length > 0) listener.repaired(environment.repairs);
  }
}

/** The same in an environment that is open. */
export async function applyOpened(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  request: ApplyRequest,
  listener: ApplyListener,
): Promise<Result<ApplyResult, ProjectFailure | ConfigFailure>> {
  const { workspace, name, environment } = opened;
  const unplanned = unplannedRefusal(opened, request.task?.command ?? request.command);
  if (unplanned !== undefined) return err(unplanned);
  const world = runWorld(ports, opened, request, listener);
  const settled = await settleDoubts(world, opened, errandOf(request), listener);
  if (!settled.ok) return settled;
  const source = await planSource(environment);
  const planning = { ...request, environment: name };
  const prepare = afterLoss(request.task?.prepare ?? preparePlan);
  const prepared = await prepare(ports, workspace, source, planning, listener.interrupts.stop);
  if (!prepared.ok) return prepared;
  const { task, resumes } = request;
  const { command } = task ?? {};
  return await carryOut({ ports, opened, world, listener, resumes, command }, prepared.value);
}

/** Where a plan is carried out, and who is asked and told. */
export interface Carrying {
  readonly ports: ProjectPorts;
  readonly opened: ReadEnvironment;
  readonly world: RunWorld;
  readonly listener: ApplyListener;
  /** A run of before that this one takes up. */
  readonly resumes: string | undefined;
  /** As the log tells it; the plan's own when left out. */
  readonly command?: string | undefined;
  /** Of a saved plan: the digest of its file, which approvals name. */
  readonly savedDigest?: string;
}

/** Carries out a plan, once it has been found to be one that can be carried out and has been approved. */
export async function carryOut(
  { ports, opened, world, listener, resumes, command, savedDigest }: Carrying,
  plan: PreparedPlan,
): Promise<Result<ApplyResult, ProjectFailure>> {
  const { name, isProtected, environment } = opened;
  plan.notices.forEach((notice) => listener.noticed(notice));
  const leavesNothing = plan.problems.length > 0 && plan.steps.length === 0;
  if (plan.problems.some(isRefusing) || plan.held.length > 0 || leavesNothing) {
    listener.refused(plan);
    return err(planRefused(plan));
  }
  if (plan.steps.length === 0) return ok({ kind: "empty", prepared: plan });
  const said = await checkWhy(environment, world.starter.why);
  if (!said.ok) return said;
  const missing = await missingPermissions(ports, plan);
  if (missing !== undefined) return err(missing);
  if (!(await listener.approve(plan, { name, isProtected }))) return ok({ kind: "declined", prepared: plan });
  const order = {
    plan: plan.plan,
    steps: plan.steps,
    command: command ?? plan.plan.command,
    planDigest: savedDigest ?? planDigest(environment.hash, plan.plan),
    resumes,
    inputRule: plan.inputRule,
  };
  return endOf(await executeRun(world, order), plan, opened);
}

/** What a run says that it was started for. */
function errandOf(request: ApplyRequest): Parameters<typeof resolveInDoubt>[1] {
  const command = request.task?.command ?? request.command;
  const { resumes } = request;
  return resumes === undefined ? { command } : { command, resumes };
}

/** Settles what earlier runs left in doubt; what stays in doubt blocks its own resource only. */
export async function settleDoubts(
  world: RunWorld,
  opened: ReadEnvironment,
  errand: Parameters<typeof resolveInDoubt>[1],
  listener: Pick<ApplyListener, "settled">,
): Promise<Result<void, ProjectFailure>> {
  const said = await checkWhy(opened.environment, world.starter.why);
  if (!said.ok) return said;
  const unsaved = await readUnsaved(opened.workspace.paths.unsavedFolder, opened.environment);
  const result = await resolveInDoubt(world, errand, unsaved.outcomes);
  if (result.kind === "refused" || result.kind === "noAccount") return err(accountFailure(result));
  // What nobody waits for any more has been settled otherwise; what a live run of this machine has kept is its own.
  const isAwaited = unsaved.outcomes.some((event) => waitsFor(world.journal.state, event));
  if (!isAwaited && (result.kind !== "ended" || result.end !== "broken")) await unsaved.clear();
  if (result.kind === "ended") listener.settled(result);
  return ok(undefined);
}

/** The outside of a run in this project. */
export function runWorld(
  ports: ProjectPorts,
  { environment, workspace }: ReadEnvironment,
  request: Pick<ApplyRequest, "parallelism" | "why">,
  listener: Pick<ApplyListener, "progress" | "interrupts">,
): RunWorld {
  const registry = ports.registry(workspace.paths);
  return {
    journal: environment.journal,
    providers: (type) => {
      const found = registry.lookUp(type);
      return found.ok ? found.value : undefined;
    },
    vault: environment.vault,
    clock: ports.clock,
    random: ports.random,
    locks: environment.locks,
    starter: { host: ports.host, who: ports.who, why: request.why },
    limits: {
      ...DEFAULT_LIMITS,
      parallelism: request.parallelism,
      callsPerSecond: workspace.config.callsPerSecond,
    },
    interrupts: listener.interrupts,
    observer: (progress) => listener.progress(progress),
    saveUnsaved: (run, outcomes) => environment.saveUnsaved(run, outcomes),
  };
}

function endOf(
  result: RunResult,
  prepared: PreparedPlan,
  { name, environment }: ReadEnvironment,
): Result<ApplyResult, ProjectFailure> {
  switch (result.kind) {
    case "nothing":
      return ok({ kind: "empty", prepared });
    case "refused":
    case "noAccount":
      return err(accountFailure(result));
    case "stale":
      return err({
        kind: "Stale",
        message: "What the plan rests on has changed since it was made: no call was made",
        details: result.moved,
        hint: "Plan again",
      });
    case "ended": {
      const states = environment.journal.state.resources;
      const ids = new Map(
        [...states.values()].flatMap(({ address, object }) =>
          object === undefined ? [] : [[address, object.id] as const]
        ),
      );
      const deposed = [...states.values()].flatMap((state) =>
        state.deposed.map((each) => ({ address: state.address, id: each.object.id }))
      );
      const doubts = new Set(environment.journal.state.openTokens.values());
      return ok({ kind: "ran", prepared, environment: name, run: result, ids, doubts, deposed });
    }
  }
}

/** Why calls may not go where they would, or the log did not let a run start. */
export function accountFailure(problem: AccountProblem): ProjectFailure {
  return problem.kind === "refused" ? refusalFailure(problem.refusal) : {
    kind: "Provider",
    message:
      `Cannot tell which account the provider "${problem.provider}" reaches: ${problem.failure.message}`,
  };
}
