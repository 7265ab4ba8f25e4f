import { arriveByImports, arriveByMoves, type Arrived, importOf } from "./arrivals.ts";
import type { EnvironmentView } from "./environment.ts";
import { makePlan, type PlanInput, type ReadResult } from "./make_plan.ts";
import { isTouched, type LiveFacts, type Plan, type PlannedResource, type PlanSummary } from "./plan.ts";
import { LEFT_ALONE, WHOLE_SCOPE } from "./plan_scope.ts";
import type { PlanSeed, SeedResource } from "./plan_seed.ts";
import { seedFault, seedWorldFault, sourcesOf, wantedIn } from "./seed_fault.ts";
import { stepsOf } from "./plan_steps.ts";
import { driftOf } from "./plan_wanted.ts";
import { isSettledAbsent } from "./resource_state.ts";
import { err, ok, type Result } from "./result.ts";
import type { Step } from "./steps.ts";
import { summarizePlan } from "./summarize_plan.ts";
import { compareText } from "./text_order.ts";

/** What a plan is made anew on. */
export interface ReplanWorld extends Pick<PlanInput, "environment" | "stream" | "madeOn" | "schemas"> {
  /** The state as the log has it; what the plan rests on has the versions that the seed names. */
  readonly before: EnvironmentView;
}

/** A plan that was made anew: what it does something to, and nothing beside. */
export interface Replanned {
  readonly plan: Plan;
  readonly steps: readonly Step[];
  readonly summary: PlanSummary;
}

/** `moved`: something has come to rely on what the plan rests on. `untrue`: no plan of smelt has such a seed. */
export type ReplanFault =
  | { readonly kind: "moved"; readonly addresses: readonly string[] }
  | { readonly kind: "untrue"; readonly why: string };

/**
 * Makes a plan anew of its seed, by what made it: what it does, what it shows and why it says so all follow from what is
 * wanted. Looks only at what the plan is about and at what that relies on.
 */
export function replan(seed: PlanSeed, world: ReplanWorld): Result<Replanned, ReplanFault> {
  const fault = seedFault(seed);
  if (fault !== undefined) return err({ kind: "untrue", why: fault });
  const arrived = arriveAgain(seed, world.before);
  if (arrived === undefined) return err({ kind: "untrue", why: "what it moves cannot be moved" });
  const lie = seedWorldFault(seed, { state: arrived.state, schemas: world.schemas });
  if (lie !== undefined) return err({ kind: "untrue", why: lie });
  const input = inputOf(seed, world, arrived);
  const whole = makePlan(input, besideIt(seed, input));
  const tiers = new Map(seed.resources.map(({ address, tier }) => [address, tier]));
  const resources = seed.command === "destroy" ? whole.resources : inTiers(whole.resources, tiers);
  const touched = resources.filter(isTouched);
  const other = differing(touched.map((each) => each.address), [...tiers.keys()]);
  if (other !== undefined) return err({ kind: "untrue", why: `it does not follow what it does to ${other}` });
  const unread = unpinned(seed, whole);
  if (unread !== undefined) return err(unread);
  const plan = { ...whole, resources: touched, leftOut: seed.leftOut };
  const unchanged = unchangedBeside(seed, arrived.state) + summarizePlan(plan).unchanged;
  return ok({
    plan,
    steps: stepsOf({ ...plan, resources }, input.state),
    summary: { ...summarizePlan(plan), unchanged },
  });
}

/**
 * The seed holds a part of the graph, which does not tell how deep in the whole of it a resource stands. That is for people, and
 * for ties. Of a destroy it holds all that counts: there the depth says what a failure stops, and nobody is believed about it.
 */
function inTiers(
  resources: readonly PlannedResource[],
  tiers: ReadonlyMap<string, number>,
): readonly PlannedResource[] {
  return resources.map((each) => ({ ...each, tier: tiers.get(each.address) ?? each.tier }))
    .sort((a, b) => a.tier - b.tier || compareText(a.address, b.address));
}

function arriveAgain({ resources }: PlanSeed, before: EnvironmentView): Arrived | undefined {
  const moves = resources.flatMap(({ address: to, arrival }) =>
    arrival?.kind === "moved" ? [{ from: arrival.from, to }] : []
  );
  const moved = arriveByMoves(before, moves);
  const isAsSaid = moved.arrivals.size === moves.length &&
    moves.every(({ from, to }) => {
      const arrival = moved.arrivals.get(to);
      return arrival?.kind === "moved" && arrival.from === from;
    });
  if (!isAsSaid) return undefined;
  const imports = new Map(
    resources.flatMap(({ address, arrival }) =>
      arrival?.kind === "imported"
        ? [[address, { event: importOf(address, arrival, ""), arrival }] as const]
        : []
    ),
  );
  return arriveByImports(moved, imports);
}

function inputOf(seed: PlanSeed, world: ReplanWorld, { state, arrivals }: Arrived): PlanInput {
  const { resources } = seed;
  const about = new Set([...resources.map((each) => each.address), ...sourcesOf(seed)]);
  const asked = (what: SeedResource["asked"]) =>
    new Set(resources.filter((each) => each.asked === what).map((each) => each.address));
  return {
    ...world,
    command: seed.command,
    state: {
      ...state,
      resources: new Map([...about].flatMap((address) => {
        const found = state.resources.get(address);
        return found === undefined ? [] : [[address, found]];
      })),
    },
    arrivals,
    refusals: [],
    scope: WHOLE_SCOPE,
    replaces: asked("replace"),
    removed: asked("remove"),
    deadRuns: new Set(),
    wanted: wantedIn(seed),
    // What a survey told in words is nobody's word by now; what it found is wanted.
    surveyed: new Map(),
    ignored: new Map(resources.map(({ address, ignored }) => [address, ignored])),
    reads: new Map(
      [...resources.map(({ address, arrival, read }) => [address, readOf(arrival, read)] as const)]
        .concat(seed.beside.map(({ address, read }) => [address, readOf(undefined, read)] as const))
        .flatMap(([address, read]) => read === undefined ? [] : [[address, read] as const]),
    ),
    outputs: seed.outputs,
  };
}

function readOf(
  arrival: SeedResource["arrival"],
  read: LiveFacts | null | undefined,
): ReadResult | undefined {
  if (arrival?.kind === "imported") return { kind: "found", facts: arrival.facts };
  if (read === undefined) return undefined;
  return read === null ? { kind: "gone" } : { kind: "found", facts: read };
}

/** What the plan only looks at, as it lives. */
function besideIt(seed: PlanSeed, input: PlanInput): ReadonlyMap<string, PlannedResource> {
  const own = new Set(seed.resources.map((each) => each.address));
  const beside = new Map<string, PlannedResource>();
  for (const state of input.state.resources.values()) {
    const { address, version, object } = state;
    if (own.has(address) || object === undefined) continue;
    beside.set(address, {
      ...LEFT_ALONE,
      address,
      type: object.type,
      tier: 0,
      version,
      wanted: undefined,
      bound: undefined,
      objectId: object.id,
      dependents: [],
      drift: driftOf(input, state),
    });
  }
  return beside;
}

/** An address that only one of the two names. */
function differing(left: readonly string[], right: readonly string[]): string | undefined {
  return [...new Set(left).symmetricDifference(new Set(right))].sort(compareText)[0];
}

/** The plan rests on exactly what the seed pins; what it does not pin can only have come to rely on it since. */
function unpinned({ readSet }: PlanSeed, { readSet: found, resources }: Plan): ReplanFault | undefined {
  const extra = [...readSet.keys()].find((address) => !found.has(address));
  if (extra !== undefined) return { kind: "untrue", why: `it does not rest on ${extra}` };
  const free = [...found.keys()].filter((address) => readSet.get(address) !== found.get(address));
  if (free.length === 0) return undefined;
  const dependents = new Set(resources.flatMap((each) => each.dependents));
  const lacking = free.find((address) => !dependents.has(address));
  return lacking === undefined
    ? { kind: "moved", addresses: free.sort(compareText) }
    : { kind: "untrue", why: `it does not say on which version of ${lacking} it rests` };
}

/** How many resources there are that the plan does nothing to. */
function unchangedBeside({ resources, leftOut }: PlanSeed, { resources: states }: EnvironmentView): number {
  const own = new Set(resources.map((each) => each.address));
  let count = 0;
  for (const state of states.values()) if (!own.has(state.address) && !isSettledAbsent(state)) count++;
  const isHeld = (address: string) => {
    const state = states.get(address);
    return state !== undefined && !isSettledAbsent(state);
  };
  return count + leftOut.filter((address) => !isHeld(address)).length;
}
