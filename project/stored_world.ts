import type { PlanInput, ReadResult } from "../engine/make_plan.ts";
import type { Plan } from "../engine/plan.ts";
import { WHOLE_SCOPE } from "../engine/plan_scope.ts";
import { planProblems } from "../engine/plan_problems.ts";
import { stepsOf } from "../engine/plan_steps.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { summarizePlan } from "../engine/summarize_plan.ts";
import type { Registry } from "../providers/registry.ts";
import type { ProjectFailure } from "./failure.ts";
import { liveHolders } from "./live_holders.ts";
import { massGoneFailure } from "./mass_gone.ts";
import type { PlanBasis } from "./plan_basis.ts";
import { nothingRead, type PlanRequest, type PlanSource, type PreparedPlan } from "./prepare_plan.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { otherAccountFailure } from "./reached_accounts.ts";
import { readStored } from "./read_stored.ts";
import type { Workspace } from "./workspace.ts";

/** What the log holds and what lives, for plans that rest on no file. */
export interface StoredWorld {
  readonly registry: Registry;
  readonly reads: ReadonlyMap<string, ReadResult>;
  readonly basis: PlanBasis;
  readonly input: Omit<PlanInput, "wanted" | "ignored" | "removed" | "arrivals" | "outputs" | "before">;
}

/** Reads every stored object. */
export async function readStoredWorld(
  ports: ProjectPorts,
  workspace: Workspace,
  source: PlanSource,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<Result<StoredWorld, ProjectFailure>> {
  const registry = ports.registry(workspace.paths);
  const { state, vault } = source;
  const elsewhere = await otherAccountFailure({ state, registry }, signal);
  if (elsewhere !== undefined) return err(elsewhere);
  const reads = request.refresh === "none"
    ? new Map<string, ReadResult>()
    : await readStored({ state, registry, vault, clock: ports.clock, only: undefined, signal });
  const gone = await massGoneFailure({ state, reads, registry, signal }, request.massGone);
  if (gone !== undefined) return err(gone);
  const input = {
    command: request.command,
    environment: request.environment,
    stream: source.stream,
    madeOn: source.head,
    state,
    deadRuns: source.deadRuns,
    scope: WHOLE_SCOPE,
    replaces: new Set<string>(),
    refusals: [],
    surveyed: new Map(),
    reads,
    schemas: (type: string) => {
      const found = registry.lookUp(type);
      return found.ok ? found.value.schema : undefined;
    },
  };
  return ok({ registry, reads, input, basis: nothingRead(workspace) });
}

/** A plan of the log and what lives, ready for a run: no file warns of anything, and no constraint is asked. */
export function preparedOf(
  { registry, input, basis }: StoredWorld,
  plan: Plan,
  state: EnvironmentView = input.state,
): PreparedPlan {
  const held = liveHolders(plan, state, input.deadRuns);
  const changing = new Set(held.flatMap((each) => each.changing));
  return {
    plan,
    summary: summarizePlan(plan),
    steps: stepsOf(plan, state),
    problems: planProblems(plan, state).filter(({ address }) => !changing.has(address)),
    held,
    notices: [],
    warnings: [],
    sources: new Map(),
    basis,
    registry,
    inputRule: () => undefined,
  };
}
