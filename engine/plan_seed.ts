/**
 * What a plan was made of, as far as it does something: what is wanted, what reads found, and how it came to be asked for. What
 * follows from that is not in it, so that no two parts of a saved plan can say different things.
 */
import type { Arrival } from "./arrivals.ts";
import type { PlanInput, ReadResult } from "./make_plan.ts";
import { isTouched, type LiveFacts, type Plan, type PlannedResource } from "./plan.ts";
import { storedFacts } from "./plan_lookup.ts";
import { equalValues } from "./value.ts";
import type { Wanted } from "./wanted.ts";

/** What a plan is made anew of, together with the state that it rests on. */
export interface PlanSeed {
  readonly command: Plan["command"];
  /** What the plan does something to. */
  readonly resources: readonly SeedResource[];
  /** What reads found, otherwise than stored, of resources that the plan only looks at. */
  readonly beside: readonly SeedRead[];
  /** Version of each resource that the plan rests on, by address. */
  readonly readSet: ReadonlyMap<string, number>;
  readonly outputs: PlanInput["outputs"];
  /** What the scope of the plan kept from being done; for people. */
  readonly leftOut: readonly string[];
}

/** One resource that the plan does something to. */
export interface SeedResource {
  readonly address: string;
  /** Its depth in the whole graph, of which the seed holds a part. */
  readonly tier: number;
  readonly wanted: Wanted | undefined;
  /** Paths that it leaves alone. */
  readonly ignored: readonly string[];
  readonly arrival: Arrival | undefined;
  /** What a read found, `null` when it is gone; `undefined` where that is what the log says, or what arrives. */
  readonly read: LiveFacts | null | undefined;
  /** Why it is done, where nothing else tells: its replacement was asked for, or the files say `removed`. */
  readonly asked: "replace" | "remove" | undefined;
}

/** What a read found of a resource. */
export interface SeedRead {
  readonly address: string;
  readonly read: LiveFacts | null;
}

/** What `plan` was made of. */
export function seedOf(input: PlanInput, plan: Plan): PlanSeed {
  const touched = plan.resources.filter(isTouched);
  const known = new Set(touched.map(({ address }) => address));
  const sources = new Set([
    ...touched.flatMap(({ wanted }) => wanted?.dependencies ?? []),
    ...input.outputs.map(({ address }) => address),
  ]);
  return {
    command: plan.command,
    resources: touched.map((each) => seedResource(input, each)),
    beside: [...sources].filter((address) => !known.has(address)).flatMap((address) => {
      const read = newRead(input, address);
      return read === undefined ? [] : [{ address, read }];
    }),
    readSet: plan.readSet,
    outputs: input.outputs,
    leftOut: plan.leftOut,
  };
}

function seedResource(input: PlanInput, { address, tier, wanted, arrival }: PlannedResource): SeedResource {
  const isReplaced = input.replaces.has(address);
  return {
    address,
    tier,
    wanted,
    ignored: input.ignored.get(address) ?? [],
    arrival,
    read: arrival?.kind === "imported" ? undefined : newRead(input, address),
    asked: isReplaced ? "replace" : input.removed.has(address) ? "remove" : undefined,
  };
}

/** What the log does not say in the same words. */
function newRead({ state, reads }: PlanInput, address: string): LiveFacts | null | undefined {
  const read: ReadResult | undefined = reads.get(address);
  const stored = state.resources.get(address)?.object;
  if (read === undefined || read.kind === "unread" || stored === undefined) return undefined;
  if (read.kind === "gone") return null;
  return equalFacts(read.facts, storedFacts(stored)) ? undefined : read.facts;
}

function equalFacts(left: LiveFacts, right: LiveFacts): boolean {
  return left.id === right.id && left.precondition === right.precondition &&
    equalValues(left.fields, right.fields) && equalValues(left.outputs, right.outputs);
}
