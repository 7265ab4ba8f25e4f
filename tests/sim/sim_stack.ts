import type { SeededRandom } from "../support/seeded_random.ts";
import type { ToyResource, ToyStack } from "../support/toy_plan.ts";

const TYPES = ["toy.Token", "toy.Token", "toy.Brief", "toy.Name", "toy.Inside", "toy.Data"];
const ZONES = ["north", "south"];

/** Makes the files that a simulation begins with: a few resources, later ones relying on earlier ones. */
export function makeStack(random: SeededRandom): ToyStack {
  const stack: Record<string, ToyResource> = {};
  const count = 2 + random.below(4);
  for (let nth = 0; nth < count; nth++) stack[`r.n${nth}`] = makeResource(random, stack, `r.n${nth}`);
  return stack;
}

/** Edits the files: something is added, removed, changed in place or changed for good. */
export function editStack(random: SeededRandom, stack: ToyStack): ToyStack {
  const addresses = Object.keys(stack);
  const address = random.pick(addresses);
  const old = stack[address];
  const isNeeded = Object.values(stack).some((each) =>
    [each.needs?.["parent"], ...each.triggers ?? []].some((need) => need?.startsWith(`${address}.`) === true)
  );
  if (old === undefined || random.percent(25)) {
    const added = `r.m${random.below(1_000)}`;
    return added in stack ? stack : { ...stack, [added]: makeResource(random, stack, added) };
  }
  if (random.percent(30) && !isNeeded && addresses.length > 1) {
    return Object.fromEntries(Object.entries(stack).filter(([each]) => each !== address));
  }
  const change = random.percent(60) ? { size: random.below(100) } : { zone: random.pick(ZONES) };
  return { ...stack, [address]: { ...old, fields: { ...old.fields, ...change } } };
}

function makeResource(random: SeededRandom, stack: ToyStack, address: string): ToyResource {
  const type = random.pick(TYPES);
  const fields = { name: `name of ${address}`, size: random.below(100), zone: random.pick(ZONES) };
  const targets = Object.keys(stack);
  if (targets.length === 0 || random.percent(40)) return { type, fields };
  const needs = { parent: `${random.pick(targets)}.id` };
  return random.percent(80)
    ? { type, fields, needs }
    : { type, fields, needs, triggers: [`${random.pick(targets)}.arn`] };
}
