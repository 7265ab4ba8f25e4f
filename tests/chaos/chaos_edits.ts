import type { SeededRandom } from "../support/seeded_random.ts";
import { type ChaosResource, type ChaosStack, idOf, mend, relies } from "./chaos_stack.ts";
import { CHAOS_TYPES, type ChaosType } from "./chaos_types.ts";

/** An empty stack with a first few resources. */
export function makeStack(random: SeededRandom): ChaosStack {
  const stack: ChaosStack = { resources: [], uses: new Map(), counter: 0 };
  const count = 3 + random.below(8);
  for (let nth = 0; nth < count; nth++) add(stack, random);
  return stack;
}

/** Changes the stack as an operator would between two applies; says how. */
export function editStack(stack: ChaosStack, random: SeededRandom): string {
  const edit = random.pick(EDITS);
  const free = stack.resources.filter((each) => !each.isProtected);
  const said = free.length === 0 ? add(stack, random) : edit(stack, random, random.pick(free));
  mend(stack);
  return said;
}

type Edit = (stack: ChaosStack, random: SeededRandom, resource: ChaosResource) => string;

const EDITS: readonly Edit[] = [
  add,
  add,
  remove,
  remove,
  (stack, random, resource) => change("update", { stack, random, resource }),
  (stack, random, resource) => change("update", { stack, random, resource }),
  (stack, random, resource) => change("replace", { stack, random, resource }),
  (stack, random, resource) => change("replace", { stack, random, resource }),
  rename,
  retype,
  repeat,
  reorder,
  protect,
  use,
];

function add(stack: ChaosStack, random: SeededRandom): string {
  const kind = random.pick(CHAOS_TYPES);
  const resource = blank(kind, `n${stack.counter++}`);
  if (kind.mayRepeat === true && random.percent(35)) resource.keys = someKeys(random);
  if (!kind.make({ stack, random, resource })) return "adds nothing";
  if (kind.type.startsWith("sim.") && random.percent(15)) {
    resource.timeout = random.pick(["create 1s", "delete 1s"]);
  }
  stack.resources.push(resource);
  mend(stack);
  return `adds ${idOf(resource)}`;
}

function blank({ type, kind }: ChaosType, name: string): ChaosResource {
  return {
    kind,
    name,
    type,
    keys: undefined,
    fields: new Map(),
    needs: [],
    isProtected: false,
    timeout: undefined,
  };
}

function remove(stack: ChaosStack, _random: SeededRandom, resource: ChaosResource): string {
  stack.resources = stack.resources.filter((each) => each !== resource);
  return `removes ${idOf(resource)}`;
}

function change(
  how: "update" | "replace",
  order: { readonly stack: ChaosStack; readonly random: SeededRandom; readonly resource: ChaosResource },
): string {
  CHAOS_TYPES.find((each) => each.type === order.resource.type)?.[how]?.(order);
  return `${how}s ${idOf(order.resource)}`;
}

/** A unique name that moves to another address goes only once nothing that stays relies on its holder. */
function rename(stack: ChaosStack, _random: SeededRandom, resource: ChaosResource): string {
  const before = idOf(resource);
  const users = stack.resources.filter((each) => each.needs.some((need) => need.target === before));
  const hasUniqueName = resource.type === "sim.Bucket" || resource.type === "local.File";
  if (hasUniqueName && users.length > 0) return "renames nothing";
  resource.name = `n${stack.counter++}`;
  for (const user of users) {
    user.needs = user.needs.map((need) =>
      need.target === before ? { ...need, target: idOf(resource) } : need
    );
  }
  return `renames ${before} to ${idOf(resource)}`;
}

function retype(stack: ChaosStack, random: SeededRandom, resource: ChaosResource): string {
  const isUsed = stack.resources.some((each) => each.needs.some((need) => need.target === idOf(resource)));
  if (isUsed || resource.keys !== undefined) return "retypes nothing";
  const kind = random.pick(CHAOS_TYPES.filter((each) => each.mayRepeat));
  Object.assign(resource, { ...blank(kind, resource.name), kind: resource.kind });
  kind.make({ stack, random, resource });
  return `retypes ${idOf(resource)} to ${kind.type}`;
}

function repeat(stack: ChaosStack, random: SeededRandom): string {
  const many = stack.resources.filter((each) => each.keys !== undefined);
  if (many.length === 0) return "repeats nothing";
  const resource = random.pick(many);
  resource.keys = random.percent(50) ? someKeys(random) : someKeys(random).toReversed();
  return `repeats ${idOf(resource)} for ${resource.keys.join(" ")}`;
}

function someKeys(random: SeededRandom): readonly string[] {
  return ["a", "b", "c", "d-e"].filter(() => random.percent(50));
}

/** Adds an edge that orders only, or turns one round. */
function reorder(stack: ChaosStack, random: SeededRandom, resource: ChaosResource): string {
  const other = random.pick(stack.resources);
  const isThere = resource.needs.some((need) => need.target === idOf(other) && need.to === undefined);
  const [from, to] = isThere ? [other, resource] : [resource, other];
  if (isThere) {
    resource.needs = resource.needs.filter((need) => need.target !== idOf(other) || need.to !== undefined);
  }
  const isIdle = relies(stack, idOf(to), idOf(from)) || from.needs.some((need) => need.target === idOf(to)) ||
    from.isProtected;
  if (isIdle) return "orders nothing";
  from.needs.push({ target: idOf(to) });
  return `orders ${idOf(from)} after ${idOf(to)}`;
}

/** What relies on nothing, so that nothing else can want it replaced. */
function protect(stack: ChaosStack): string {
  const found = stack.resources.find((each) =>
    each.needs.length === 0 && each.keys === undefined && ["sim.Role", "sim.Network"].includes(each.type)
  );
  if (found === undefined) return "protects nothing";
  found.isProtected = true;
  return `protects ${idOf(found)}`;
}

function use(stack: ChaosStack, random: SeededRandom): string {
  const instance = random.pick(["one", "two"]);
  if (!stack.uses.delete(instance) || random.percent(40)) stack.uses.set(instance, random.below(900));
  return `uses ${[...stack.uses.keys()].join(" ")}`;
}
