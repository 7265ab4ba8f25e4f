/**
 * What makes a seed one that no plan has. Whoever signs a saved plan need not use smelt to write it: what it was made of is
 * held against the log and the schemas as source files are, before anything is made of it.
 */
import type { Arrival } from "./arrivals.ts";
import { typeAt } from "./binding.ts";
import type { EnvironmentView } from "./environment.ts";
import type { PlanInput } from "./make_plan.ts";
import type { LiveFacts } from "./plan.ts";
import type { PlanSeed, SeedResource } from "./plan_seed.ts";
import { formatFieldPath, parseFieldPath, type ResourceSchema } from "./schema.ts";
import { equalValues, isRecord, type ValueRecord } from "./value.ts";
import { wantedFault } from "./wanted_fault.ts";
import { cycleAmong } from "./want_stored.ts";
import { getField, type Wanted } from "./wanted.ts";

/** What the seed wants, by address. */
export function wantedIn({ resources }: PlanSeed): ReadonlyMap<string, Wanted> {
  return new Map(resources.flatMap(({ address, wanted }) => wanted === undefined ? [] : [[address, wanted]]));
}

/** What the resources of a plan, and its outputs, look at. */
export function sourcesOf({ resources, outputs }: PlanSeed): readonly string[] {
  return [
    ...resources.flatMap(({ wanted }) => wanted?.dependencies ?? []),
    ...outputs.map(({ address }) => address),
  ];
}

/** What is wrong with the seed by itself, in words that go on after the file: `it names bucket.b twice`. */
export function seedFault(seed: PlanSeed): string | undefined {
  const { command, resources, outputs } = seed;
  const wanted = wantedIn(seed);
  const twice = namedTwice(seed);
  if (twice !== undefined) return twice;
  if (command === "destroy" && (wanted.size > 0 || outputs.length > 0)) {
    return "it wants something, and destroys";
  }
  if (command === "destroy" && resources.some((each) => each.arrival !== undefined)) {
    return "it brings something in, and destroys";
  }
  return cycleAmong(wanted) === undefined ? undefined : "what it wants relies on itself";
}

function namedTwice({ resources, beside, outputs, leftOut }: PlanSeed): string | undefined {
  const addresses = resources.map((each) => each.address);
  const own = repeated(addresses);
  if (own !== undefined) return `it names ${own} twice`;
  const looked = repeated(beside.map((each) => each.address));
  if (looked !== undefined) return `it looks at ${looked} twice`;
  const shown = repeated(outputs.map((each) => each.name));
  if (shown !== undefined) return `it shows the output "${shown}" twice`;
  const left = repeated(leftOut);
  return left === undefined ? undefined : `it leaves ${left} out twice`;
}

function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

/** What the seed is held against: the log, with what arrives in place, and the schemas. */
export interface SeedWorld extends Pick<PlanInput, "schemas"> {
  readonly state: EnvironmentView;
}

/** What is wrong with what the seed says of what lives, and with what it wants, in the same words. */
export function seedWorldFault(seed: PlanSeed, world: SeedWorld): string | undefined {
  return besideFault(seed) ?? readsFault(seed, world) ?? arrivalsFault(seed) ?? wishesFault(seed, world);
}

function besideFault(seed: PlanSeed): string | undefined {
  const own = new Set(seed.resources.map((each) => each.address));
  const sources = new Set(sourcesOf(seed));
  for (const { address } of seed.beside) {
    if (own.has(address)) return `it looks at ${address} and changes it`;
    if (!sources.has(address)) return `it looks at ${address}, on which nothing in it relies`;
  }
  return undefined;
}

/** A read is of the very object that the log holds: what a run sends is taken from there. */
function readsFault({ resources, beside }: PlanSeed, world: SeedWorld): string | undefined {
  for (const { address, read } of [...resources, ...beside]) {
    const fault = read === undefined ? undefined : readFault(address, read, world);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function readFault(
  address: string,
  read: LiveFacts | null,
  { state, schemas }: SeedWorld,
): string | undefined {
  const object = state.resources.get(address)?.object;
  if (object === undefined) return `it says what a read of ${address} found, and the log has no object there`;
  if (schemas(object.type)?.world === undefined) {
    return `it says what a read of ${address} found: none is made`;
  }
  if (read === null || read.id === object.id) return undefined;
  return `it says that ${address} is "${read.id}", and the log has "${object.id}"`;
}

function arrivalsFault({ resources }: PlanSeed): string | undefined {
  for (const { address, arrival, read, wanted } of resources) {
    if (arrival?.kind !== "imported") continue;
    if (read !== undefined) return `it takes ${address} over and says once more how it lives`;
    if (wanted?.type !== arrival.resourceType || wanted.schemaVersion !== arrival.schemaVersion) {
      return `it takes ${address} over as something else than it wants there`;
    }
    const other = otherInput(arrival);
    if (other !== undefined) {
      return `it takes ${address} over as if ${other} had been sent otherwise than it lives`;
    }
  }
  return undefined;
}

/** What is taken over counts as sent as far as it lives. */
function otherInput({ inputs, facts }: Extract<Arrival, { readonly kind: "imported" }>): string | undefined {
  const paths = Object.entries(inputs).flatMap(([name, value]) =>
    isRecord(value) && isRecord(facts.fields[name])
      ? Object.keys(value).map((field) => ({ section: name, field }))
      : [{ section: "", field: name }]
  );
  const other = paths.find((path) => !isSame(inputs, facts.fields, path));
  return other === undefined ? undefined : formatFieldPath(other);
}

function isSame(left: ValueRecord, right: ValueRecord, path: Parameters<typeof getField>[1]): boolean {
  const [one, two] = [getField(left, path), getField(right, path)];
  return one !== undefined && two !== undefined && equalValues(one, two);
}

function wishesFault(seed: PlanSeed, world: SeedWorld): string | undefined {
  const wanted = wantedIn(seed);
  const typeOf = (address: string) =>
    wanted.get(address)?.type ?? world.state.resources.get(address)?.object?.type;
  const schemaOf = (address: string) => {
    const type = typeOf(address);
    return type === undefined ? undefined : world.schemas(type);
  };
  for (const { address, wanted: wish, ignored } of seed.resources) {
    if (wish === undefined) continue;
    const schema = world.schemas(wish.type);
    if (schema?.version !== wish.schemaVersion) return `${address} is of another version of its type`;
    const strange = ignored.find((text) => !isPlace(schema, text));
    if (strange !== undefined) {
      return `${address} leaves "${strange}" alone, which ${schema.type} does not have`;
    }
    const kept = isIgnoring(world.state, { address, wanted: wish }) ? ignored : [];
    const fault = wantedFault({ address, wanted: wish, schema, kept }, schemaOf);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isPlace(schema: ResourceSchema, text: string): boolean {
  return schema.sections.some((each) => each.name === text) ||
    typeAt(schema, parseFieldPath(text)) !== undefined;
}

/** What is ignored is wanted as it lives, whatever the schema says of it. */
function isIgnoring(
  { resources }: EnvironmentView,
  { address, wanted }: Pick<SeedResource, "address"> & { readonly wanted: Wanted },
): boolean {
  const state = resources.get(address);
  return state?.object?.type === wanted.type && state.taint === undefined;
}
