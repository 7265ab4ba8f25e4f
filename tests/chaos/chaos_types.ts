import type { SeededRandom } from "../support/seeded_random.ts";
import { type ChaosNeed, type ChaosResource, type ChaosStack, idOf } from "./chaos_stack.ts";

/** How a resource of a type is made up, and how it changes. */
export interface ChaosType {
  readonly type: string;
  readonly kind: string;
  readonly mayRepeat?: boolean;
  /** `false`: the stack lacks what it needs. */
  make(order: TypeOrder): boolean;
  /** A change that is made in place. */
  update?(order: TypeOrder): void;
  /** A change that takes a new object. */
  replace?(order: TypeOrder): void;
}

/** What is made or changed, and by which dice. */
export interface TypeOrder {
  readonly stack: ChaosStack;
  readonly random: SeededRandom;
  readonly resource: ChaosResource;
}

/** All types that random stacks are made of; those named twice come more often. */
export const CHAOS_TYPES: readonly ChaosType[] = [
  {
    type: "sim.Network",
    kind: "net",
    make: (order) => set(order, "cidr", '"10.0.0.0/8"'),
    update: (order) => void set(order, "mtu", `${1280 + order.random.below(5000)}`),
    replace: (order) => void set(order, "cidr", order.random.pick(['"10.0.0.0/8"', '"10.0.0.0/9"'])),
  },
  {
    type: "sim.Subnet",
    kind: "sub",
    make: (order) =>
      set(order, "cidr", freshRange(order)) && bind(order, "sim.Network", "network_id", "required"),
    update: (order) => void set(order, "public", order.random.pick(["true", "false"])),
    replace: (order) => void set(order, "cidr", freshRange(order)),
  },
  {
    type: "sim.Instance",
    kind: "vm",
    make: (order) => set(order, "image", '"debian-13"') && bind(order, "sim.Subnet", "subnet_id", "required"),
    update: (order) => void set(order, "size", order.random.pick(['"small"', '"medium"', '"large"'])),
    replace: (order) =>
      void (order.random.percent(70)
        ? set(order, "image", `"debian-${order.random.below(90)}"`)
        : set(order, "user_data", `secret("script ${order.random.below(90)}")`)),
  },
  {
    type: "sim.Disk",
    kind: "disk",
    make: (order) => set(order, "size_gb", "10") && bind(order, "sim.Instance", "instance_id", "optional"),
    update: (order) => void set(order, "size_gb", `${Number(order.resource.fields.get("size_gb")) + 1}`),
    replace: (order) => void set(order, "kind", order.random.pick(['"fast"', '"standard"'])),
  },
  {
    type: "sim.Database",
    kind: "db",
    make: (order) =>
      set(order, "engine", '"postgres"') && set(order, "storage_gb", "20") &&
      bind(order, "random.Password", "password", "required", "result") &&
      bind(order, "sim.Subnet", "subnet_ids", "optional"),
    update: (order) => void set(order, "backup", `{ retention_days = ${order.random.below(30)} }`),
    replace: (order) => void set(order, "engine", order.random.pick(['"postgres"', '"mysql"'])),
  },
  {
    type: "sim.Bucket",
    kind: "bkt",
    make: (order) => set(order, "name", `"bucket-${order.stack.counter++}"`),
    update: (order) => void set(order, "versioning", order.random.pick(["true", "false"])),
    replace: (order) => void set(order, "region", order.random.pick(['"north"', '"south"'])),
  },
  {
    type: "sim.Role",
    kind: "role",
    mayRepeat: true,
    make: () => true,
    update: (order) => void set(order, "session_s", `${900 + order.random.below(9000)}`),
    replace: (order) => void set(order, "path", `"/p${order.random.below(99)}/"`),
  },
  {
    type: "sim.Queue",
    kind: "queue",
    mayRepeat: true,
    make: (order) =>
      order.random.percent(60) || !bindOther(order, "sim.Queue", "dead_letter.queue_id") ||
      set(order, "dead_letter", "{ max_receives = 3 }"),
    update: (order) => void set(order, "visibility_timeout_s", `${order.random.below(900)}`),
  },
  {
    type: "sim.Topic",
    kind: "topic",
    make: (order) => bind(order, "sim.Queue", "queue_ids", "optional"),
    update: (order) => void set(order, "name", `"t${order.random.below(99)}"`),
  },
  {
    type: "local.Data",
    kind: "data",
    mayRepeat: true,
    make: (order) => set(order, "input", "{ v = 1 }") && bind(order, "sim.Role", "input.role", "optional"),
    update: (order) => void set(order, "input", `{ v = ${order.random.below(99)} }`),
    replace: (order) => void set(order, "triggers_replace", `${order.random.below(999)}`),
  },
  {
    type: "local.File",
    kind: "file",
    mayRepeat: true,
    make: (order) => set(order, "path", freshPath(order)) && set(order, "content", '"first"'),
    update: (order) => void set(order, "content", `"text ${order.random.below(99)}"`),
    replace: (order) => void set(order, "path", freshPath(order)),
  },
  {
    type: "random.Password",
    kind: "pw",
    make: (order) => set(order, "length", "16"),
    replace: (order) => void set(order, "length", `${12 + order.random.below(30)}`),
  },
  {
    type: "tls.PrivateKey",
    kind: "tls",
    make: (order) => set(order, "algorithm", '"ED25519"'),
    replace: (order) => void set(order, "algorithm", order.random.pick(['"ED25519"', '"ECDSA"'])),
  },
];

function set({ resource }: TypeOrder, field: string, text: string): true {
  resource.fields.set(field, text);
  return true;
}

/** Names a resource of `type` in a field; `false` when there is none and there must be. */
function bind(
  { stack, random, resource }: TypeOrder,
  type: string,
  to: string,
  strength: "required" | "optional",
  output?: string,
): boolean {
  const isList = to.endsWith("_ids");
  const found = stack.resources.filter((each) =>
    each.type === type && each !== resource && (isList || each.keys === undefined)
  );
  if (found.length === 0 || (strength === "optional" && random.percent(40))) return strength === "optional";
  const need: ChaosNeed = { target: idOf(random.pick(found)), to, isRequired: strength === "required" };
  resource.needs.push(output === undefined ? need : { ...need, output });
  return true;
}

/** Names another one in a field; `false` when it did not. */
function bindOther(order: TypeOrder, type: string, to: string): boolean {
  const before = order.resource.needs.length;
  bind(order, type, to, "optional");
  return order.resource.needs.length > before;
}

/** A range that no other subnet has had: the old one may still be there when the new one is made. */
function freshRange({ stack }: TypeOrder): string {
  const nth = stack.counter++;
  return `"10.${nth >> 8}.${nth & 255}.0/24"`;
}

function freshPath({ stack, resource }: TypeOrder): string {
  return `"out/f${stack.counter++}${resource.keys === undefined ? "" : "-${each.value}"}.txt"`;
}
