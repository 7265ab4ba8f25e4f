/**
 * What comes to an address before a plan is made: an object that another address held, or one that smelt did not make. The
 * plan is made on the state as it will be then, by the same fold that the log will go through.
 */
import type { EnvironmentView } from "./environment.ts";
import { evolveResource } from "./evolve_resource.ts";
import { moveResource, renameRelied } from "./move_resource.ts";
import type { LiveFacts } from "./plan.ts";
import { reliedOnBy } from "./relied_on.ts";
import type { Imported } from "./resource_event.ts";
import { absentResource, isSettledAbsent, type ResourceState } from "./resource_state.ts";
import { record, SealedSecret, Secret, someValue, type Value, type ValueRecord } from "./value.ts";
import { encodeRecord } from "./value_codec.ts";

/** How the object of an address comes to it. */
export type Arrival =
  | { readonly kind: "moved"; readonly from: string }
  | {
    readonly kind: "imported";
    readonly resourceType: string;
    readonly schemaVersion: number;
    readonly facts: LiveFacts;
    /** Of what is wanted, the part that lives already. */
    readonly inputs: ValueRecord;
  };

/** The state as a plan finds it, and what has to happen first to make it so. */
export interface Arrived {
  readonly state: EnvironmentView;
  /** By the address that something comes to. */
  readonly arrivals: ReadonlyMap<string, Arrival>;
}

/** A wish that cannot be fulfilled. */
export interface ArrivalRefusal {
  /** The address that something was to come to. */
  readonly address: string;
  /** The address that it was to come from; `undefined` for an import. */
  readonly from: string | undefined;
  /** What was to come: `the move from "a.b"`, `the import of "net-1"`. */
  readonly what: string;
  readonly why: string;
}

/** A wished move. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** What becomes of wished moves. */
export interface MovesOutcome extends Arrived {
  /** Moves of which nothing is left to do. */
  readonly done: readonly Move[];
  readonly refused: readonly ArrivalRefusal[];
}

/**
 * Carries out moves on a copy of `state`, in an order in which each finds its new address empty. Moves of before may still
 * be written down: what was at the first address of a chain goes to the last one.
 */
export function arriveByMoves(state: EnvironmentView, moves: readonly Move[]): MovesOutcome {
  const chains = moves.filter(({ from }) => holdsAnything(state.resources.get(from)))
    .map((move) => chainFrom(state, moves, move));
  const due = chains.flatMap(([first, ...rest]) =>
    first === undefined ? [] : [{ from: first.from, to: rest.at(-1)?.to ?? first.to }]
  );
  const done = moves.filter((move) => !chains.some((chain) => chain.includes(move)));
  if (due.length === 0) return { state, arrivals: new Map(), done, refused: [] };
  const resources = new Map(state.resources);
  const arrivals = new Map<string, Arrival>();
  let waiting = due;
  const isReady = (move: Move): boolean => obstacle(resources, move) === undefined;
  // One after the other: each may take the place that the next one finds free.
  for (let next = waiting.find(isReady); next !== undefined; next = waiting.find(isReady)) {
    const { from, to } = next;
    moveWithin(resources, from, to);
    arrivals.set(to, { kind: "moved", from });
    waiting = waiting.filter((move) => move !== next);
  }
  const refused = waiting.map((move) => ({
    address: move.to,
    from: move.from,
    what: `the move from "${move.from}"`,
    why: obstacle(resources, move) ?? "",
  }));
  return { state: viewOf(state, resources), arrivals, done, refused };
}

/** The event that a plan takes an import for: without what only the provider tells, and without secrets. */
export function importOf(
  address: string,
  { resourceType, schemaVersion, facts, inputs }: Extract<Arrival, { readonly kind: "imported" }>,
  account: string,
): Imported {
  return {
    type: "Imported",
    address,
    id: facts.id,
    resourceType,
    schemaVersion,
    account,
    inputs: encodeRecord(record(Object.entries(inputs).filter(([, value]) => !someValue(value, isSecret)))),
    fields: {},
    outputs: {},
  };
}

function isSecret(value: Value): boolean {
  return value instanceof Secret || value instanceof SealedSecret;
}

/** The state after an import on a copy of `state`; the event is what the run will append, secrets left out. */
export function arriveByImports(
  { state, arrivals }: Arrived,
  imports: ReadonlyMap<string, { readonly event: Imported; readonly arrival: Arrival }>,
): Arrived {
  if (imports.size === 0) return { state, arrivals };
  const resources = new Map(state.resources);
  const all = new Map(arrivals);
  for (const [address, { event, arrival }] of imports) {
    const before = resources.get(address) ?? absentResource(address);
    resources.set(address, evolveResource(before, event, { run: "", seq: 0, at: "" }));
    all.set(address, arrival);
  }
  return { state: viewOf(state, resources), arrivals: all };
}

/** The move, and those that go on from where it leads, as long as nothing is held there. */
function chainFrom(state: EnvironmentView, moves: readonly Move[], first: Move): readonly Move[] {
  const chain = [first];
  for (let last = first;;) {
    const next = moves.find(({ from }) => from === last.to);
    if (next === undefined || chain.includes(next) || holdsAnything(state.resources.get(last.to))) {
      return chain;
    }
    chain.push(next);
    last = next;
  }
}

function holdsAnything(state: ResourceState | undefined): boolean {
  return state !== undefined && !isSettledAbsent(state);
}

/** What keeps a move from being made now. */
function obstacle(resources: ReadonlyMap<string, ResourceState>, { from, to }: Move): string | undefined {
  const [source, target] = [resources.get(from), resources.get(to)];
  if (source?.intent !== undefined) return `a call to "${from}" is still open: apply or recover settles it`;
  if (target?.intent !== undefined) return `a call to "${to}" is still open: apply or recover settles it`;
  const held = target?.object ?? target?.deposed[0]?.object;
  return held === undefined ? undefined : `"${to}" holds "${held.id}" already`;
}

function moveWithin(resources: Map<string, ResourceState>, from: string, to: string): void {
  const source = resources.get(from) ?? absentResource(from);
  const moved = moveResource(source, resources.get(to) ?? absentResource(to));
  resources.set(from, moved.source);
  resources.set(to, moved.target);
  for (const state of resources.values()) {
    if (reliedOnBy(state).has(from)) resources.set(state.address, renameRelied(state, from, to));
  }
}

function viewOf(state: EnvironmentView, resources: ReadonlyMap<string, ResourceState>): EnvironmentView {
  const dependents = new Map<string, Set<string>>();
  for (const each of resources.values()) {
    if (isSettledAbsent(each)) continue;
    for (const target of reliedOnBy(each)) {
      const known = dependents.get(target);
      if (known === undefined) dependents.set(target, new Set([each.address]));
      else known.add(each.address);
    }
  }
  return { ...state, resources, dependents };
}
