/** One `needs` of a resource; fields, keys and outputs as the source has them. */
export interface ChaosNeed {
  /** `kind.name`. */
  readonly target: string;
  readonly output?: string;
  /** The field that it fills; `undefined`: order only. */
  readonly to?: string;
  /** The resource cannot be without it. */
  readonly isRequired?: boolean;
}

/** One `resource` of a random stack. */
export interface ChaosResource {
  readonly kind: string;
  name: string;
  type: string;
  /** Keys of `for_each`; `undefined`: one resource. */
  keys: readonly string[] | undefined;
  /** Source text of each field, and of each section with its braces. */
  fields: Map<string, string>;
  needs: ChaosNeed[];
  isProtected: boolean;
  /** As `@timeout` has it. */
  timeout: string | undefined;
}

/** What the files of a case say. */
export interface ChaosStack {
  resources: ChaosResource[];
  /** Instances of the component, each with its argument. */
  readonly uses: Map<string, number>;
  /** For names that nothing had before. */
  counter: number;
}

/** `kind.name`. */
export function idOf({ kind, name }: Pick<ChaosResource, "kind" | "name">): string {
  return `${kind}.${name}`;
}

/** Whether `from` relies on `to`, by way of others too. */
export function relies(stack: ChaosStack, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    const resource = stack.resources.find((each) => idOf(each) === id);
    resource?.needs.forEach((need) => seen.add(need.target));
  }
  return seen.has(to);
}

/** Takes away needs that name nothing, or many where one is wanted, and what cannot be without them. */
export function mend(stack: ChaosStack): void {
  for (;;) {
    const known = new Map(stack.resources.map((each) => [idOf(each), each]));
    const isSound = (need: ChaosNeed) => {
      const target = known.get(need.target);
      return target !== undefined &&
        (target.keys === undefined || need.to === undefined || need.to.endsWith("_ids"));
    };
    const broken = stack.resources.find((each) => !each.needs.every(isSound));
    if (broken === undefined) return;
    const lost = broken.needs.filter((need) => !isSound(need));
    broken.needs = broken.needs.filter(isSound);
    if (lost.some((need) => need.to === "dead_letter.queue_id")) broken.fields.delete("dead_letter");
    if (lost.some((need) => need.isRequired)) {
      stack.resources = stack.resources.filter((each) => each !== broken);
    }
  }
}

const COMPONENT = `component "svc" {
  param n : Integer = 30
  resource role "main" : sim.Role {
    session_s = 1800
  }
  resource key "main" : sim.Key {
    needs role.main -> role_id
  }
  resource queue "work" : sim.Queue {
    for_each = ["x", "y"]
    visibility_timeout_s = param.n
  }
}
`;

/** Addresses and types that the stack wants. */
export function wantedTypes(stack: ChaosStack): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  for (const each of stack.resources) {
    for (const key of each.keys ?? [undefined]) {
      wanted.set(key === undefined ? idOf(each) : `${idOf(each)}[${key}]`, each.type);
    }
  }
  for (const instance of stack.uses.keys()) {
    wanted.set(`${instance}__role.main`, "sim.Role");
    wanted.set(`${instance}__key.main`, "sim.Key");
    for (const key of ["x", "y"]) wanted.set(`${instance}__queue.work[${key}]`, "sim.Queue");
  }
  return wanted;
}

/** The stack as a file. */
export function sourceOf(stack: ChaosStack): string {
  const uses = [...stack.uses].map(([instance, n]) => `use "svc" as "${instance}" {\n  n = ${n}\n}\n`);
  return [COMPONENT, ...uses, ...stack.resources.map(resourceSource)].join("");
}

function resourceSource(resource: ChaosResource): string {
  const { kind, name, type, keys, fields, needs, isProtected, timeout } = resource;
  const plain = [...fields].filter(([, text]) => !text.startsWith("{"));
  const sections = [...fields].filter(([, text]) => text.startsWith("{"));
  const lines = [
    ...(isProtected ? ['@lifecycle "prevent_destroy"'] : []),
    ...(timeout === undefined ? [] : [`@timeout "${timeout}"`]),
    ...(keys === undefined ? [] : [`for_each = [${keys.map((key) => `"${key}"`).join(", ")}]`]),
    ...needs.map(needSource),
    ...plain.map(([field, text]) => `${field} = ${text}`),
    ...sections.map(([section, text]) => `${section} ${text}`),
  ];
  return `resource ${kind} "${name}" : ${type} {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
}

function needSource({ target, output, to }: ChaosNeed): string {
  return `needs ${target}${output === undefined ? "" : `.${output}`}${to === undefined ? "" : ` -> ${to}`}`;
}
