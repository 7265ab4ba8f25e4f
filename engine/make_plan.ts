import type { Arrival, ArrivalRefusal } from "./arrivals.ts";
import type { EnvironmentView } from "./environment.ts";
import { spreadFirstDeletions } from "./first_deletions.ts";
import { orderGraph, type Ordering, reverseEdges } from "./graph.ts";
import { isTouched, type LiveFacts, type Plan, type PlannedOutput, type PlannedResource } from "./plan.ts";
import { invariant } from "./invariant.ts";
import { objectOutput } from "./object_output.ts";
import { narrowPlan, type PlanScope } from "./plan_scope.ts";
import { planRemoval } from "./plan_removal.ts";
import { type PlanningContext, planWanted } from "./plan_wanted.ts";
import { planNames } from "./plan_names.ts";
import { planLookup, storedFacts } from "./plan_lookup.ts";
import { isSettledAbsent, type ResourceState } from "./resource_state.ts";
import type { ResourceSchema } from "./schema.ts";
import { spreadBlocks } from "./spread_blocks.ts";
import { compareText } from "./text_order.ts";
import type { Wanted } from "./wanted.ts";

/** Everything that a plan is made of. */
export interface PlanInput {
  readonly command: Plan["command"];
  readonly environment: string;
  readonly stream: string;
  readonly madeOn: Plan["madeOn"];
  /** The state on which it is decided: with what arrives in place. */
  readonly state: EnvironmentView;
  /** The state as the log has it. */
  readonly before: EnvironmentView;
  /** What comes to an address first, by address. */
  readonly arrivals: ReadonlyMap<string, Arrival>;
  /** Moves and imports that cannot be made. */
  readonly refusals: readonly ArrivalRefusal[];
  readonly scope: PlanScope;
  /** Addresses whose live objects are to be replaced because somebody asks for it. */
  readonly replaces: ReadonlySet<string>;
  /** Addresses that are to be let go of, as the files say. */
  readonly removed: ReadonlySet<string>;
  /** Runs that the log holds for live, and that are known to be dead. */
  readonly deadRuns: ReadonlySet<string>;
  /** By address; empty for `destroy`. Dependencies name addresses of this map only. */
  readonly wanted: ReadonlyMap<string, Wanted>;
  /** Paths that each address leaves alone, as `@ignore_changes` says. */
  readonly ignored: ReadonlyMap<string, readonly string[]>;
  /** In words for people, by address: how what a survey found differs from what it found before. */
  readonly surveyed: ReadonlyMap<string, readonly string[]>;
  readonly schemas: (type: string) => ResourceSchema | undefined;
  /** What refresh found, by address; what was not read is taken as stored. */
  readonly reads: ReadonlyMap<string, ReadResult>;
  readonly outputs: readonly { readonly name: string; readonly address: string; readonly path: string }[];
}

/** What reading a stored object gave. Secrets in it that the log holds are sealed, those that it does not are open. */
export type ReadResult =
  | { readonly kind: "found"; readonly facts: LiveFacts }
  | { readonly kind: "gone" }
  | { readonly kind: "unread"; readonly why: string };

/**
 * Decides what a run would do. The left side is every resource that the log knows, not only what the files name; each
 * resource is decided after those that it relies on, so that values known only after the apply reach its dependents. What is
 * `given`, by address, has been decided before: nothing is done to it, and the rest looks at it.
 */
export function makePlan(
  input: PlanInput,
  given: ReadonlyMap<string, PlannedResource> = new Map(),
): Plan {
  const ordering = orderGraph(wantedEdges(input.wanted));
  invariant(
    ordering.cycle === undefined,
    "Resources that rely on each other in a circle are refused before planning",
  );
  const planned = new Map(given);
  const context: PlanningContext = {
    input,
    planned,
    lookup: planLookup(input, planned),
    kept: keptByDestroy(input),
  };
  for (const address of ordering.order) {
    const wanted = input.wanted.get(address);
    if (wanted !== undefined) {
      planned.set(address, planWanted(context, wanted, address, ordering.tiers.get(address) ?? 0));
    }
  }
  recordReliedDrift(context);
  planRemovals(context);
  planNames(context);
  spreadFirstDeletions(context);
  spreadBlocks(context);
  const narrowed = narrowPlan(context, input.scope);
  const resources = [...planned.values()].sort((a, b) =>
    a.tier - b.tier || compareText(a.address, b.address)
  );
  return {
    command: input.command,
    environment: input.environment,
    stream: input.stream,
    madeOn: input.madeOn,
    resources,
    readSet: readSetOf(resources, input),
    outputs: planOutputs(context),
    ...narrowed,
  };
}

/** Whether a plan would change nothing, in the world or in the log. */
export function isEmptyPlan(plan: Plan): boolean {
  return !plan.resources.some(isTouched);
}

function wantedEdges(wanted: ReadonlyMap<string, Wanted>): ReadonlyMap<string, readonly string[]> {
  return new Map([...wanted].map(([address, each]) => [address, each.dependencies]));
}

/** A destroy leaves protected resources alone, and all that they rely on. */
function keptByDestroy(input: PlanInput): ReadonlyMap<string, string> {
  const kept = new Map<string, string>();
  if (input.command !== "destroy") return kept;
  const waiting: string[] = [];
  for (const state of input.state.resources.values()) {
    if (!state.isProtected || isSettledAbsent(state)) continue;
    kept.set(state.address, "it is protected");
    waiting.push(state.address);
  }
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    for (const dependency of reliedOn(input.state.resources.get(address))) {
      if (kept.has(dependency)) continue;
      kept.set(dependency, `${address} relies on it, which stays`);
      waiting.push(dependency);
    }
  }
  return kept;
}

/** Addresses that what lives under an address relies on, and what is deposed there. */
function reliedOn(state: ResourceState | undefined): readonly string[] {
  const objects = [state?.object, ...(state?.deposed ?? []).map((each) => each.object)];
  return objects.flatMap((object) => (object?.dependencies ?? []).map((each) => each.address));
}

/**
 * A run takes the values of what it does not change from the log. Where a read found them changed, and something that the run
 * makes or changes relies on them, the log must learn of it first.
 */
function recordReliedDrift({ planned }: PlanningContext): void {
  for (const { action, wanted, address } of [...planned.values()]) {
    if (action !== "create" && action !== "update" && action !== "replace") continue;
    for (const target of wanted?.dependencies ?? []) {
      const source = planned.get(target);
      if (source?.action !== "none" || source.drift === undefined || source.missing !== undefined) continue;
      const reasons = [...source.reasons, `${address} relies on what was changed outside`];
      planned.set(target, { ...source, action: "rebind", reasons });
    }
  }
}

/** Plans what the log knows and nobody wants; the most dependent comes first. */
function planRemovals(context: PlanningContext): void {
  const { input, planned } = context;
  const stored = [...input.state.resources.values()].filter((state) =>
    !planned.has(state.address) && !isSettledAbsent(state)
  );
  const edges = new Map(stored.map((state) => [state.address, reliedOn(state)] as const));
  const depth = orderGraph(reverseEdges(edges));
  let firstTier = 0;
  for (const each of planned.values()) firstTier = Math.max(firstTier, each.tier + 1);
  for (const state of stored) {
    const tier = firstTier + (depth.tiers.get(state.address) ?? depth.order.length);
    planned.set(state.address, planRemoval(context, state, tier));
  }
  nameCycle(planned, depth.cycle);
}

/** After a partial failure stored resources may rely on each other in a circle: whoever reads the plan should see it. */
function nameCycle(planned: Map<string, PlannedResource>, cycle: Ordering["cycle"]): void {
  const path = cycle?.toReversed() ?? [];
  for (const address of new Set(path)) {
    const removal = planned.get(address);
    if (removal?.action !== "delete") continue;
    const reasons = [...removal.reasons, `it is in a circle, ${path.join(" -> ")}: the youngest goes first`];
    planned.set(address, { ...removal, reasons });
  }
}

function readSetOf(
  resources: readonly PlannedResource[],
  { state, before }: PlanInput,
): ReadonlyMap<string, number> {
  const readSet = new Map<string, number>();
  const note = (address: string) => readSet.set(address, before.resources.get(address)?.version ?? 0);
  for (const each of resources) {
    if (!isTouched(each)) continue;
    note(each.address);
    if (each.arrival?.kind === "moved") note(each.arrival.from);
    each.wanted?.dependencies.forEach(note);
    state.resources.get(each.address)?.object?.dependencies.forEach((dependency) => note(dependency.address));
    each.dependents.forEach(note);
  }
  return readSet;
}

function planOutputs({ input, lookup }: PlanningContext): readonly PlannedOutput[] {
  return input.outputs.map(({ name, address, path }) => {
    const stored = input.state.resources.get(address)?.object;
    const found = lookup({ address, output: path });
    return {
      name,
      before: stored === undefined ? undefined : objectOutput(storedFacts(stored), path),
      after: found.ok ? found.value : undefined,
    };
  });
}
