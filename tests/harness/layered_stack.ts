import type { SeededRandom } from "../support/seeded_random.ts";

/** Files of a project with several environments, and what each environment gives them. */
export interface LayeredStack {
  /** By path; `main.smelt` includes the others. */
  readonly files: Readonly<Record<string, string>>;
  /** Lines of each environment in `smelt.toml`. */
  readonly environments: Readonly<Record<string, string>>;
}

/** The process environment that the stacks read. */
export const STACK_VARIABLES = { TEAM: "core ß", TOKEN: "a token of the process" };

const ENVIRONMENTS = ["dev", "prod"];

/**
 * A random stack with layers, components, instances, variables, secrets, bindings and includes. `round` is in values of
 * layers only: of two stacks of one seed the rest is the same.
 */
export function layeredStack(random: SeededRandom, round: number): LayeredStack {
  const networks = list(1 + random.below(2), (index) => network(random, index));
  const component = componentOf(random);
  const parts = [...networks, queues(random), data(random), ...(random.percent(70) ? [bucket(random)] : [])];
  const layers = ["small", "big"].map((name) => layer(random, { name, round }));
  const included = parts.filter(() => random.percent(40));
  return {
    files: {
      "main.smelt": [
        'include "parts/first.smelt"\ninclude "parts/layers.smelt"\n',
        component,
        ...parts.filter((part) => !included.includes(part)),
      ].join(""),
      // An include is relative to its own file first, and a file that is included twice counts once.
      "parts/first.smelt": `include "second.smelt"\ninclude "main.smelt"\n${included.slice(1).join("")}`,
      "parts/second.smelt": included.slice(0, 1).join(""),
      "parts/layers.smelt": layers.join(""),
    },
    environments: Object.fromEntries(ENVIRONMENTS.map((name) => [name, environmentLines(random, name)])),
  };
}

function environmentLines(random: SeededRandom, name: string): string {
  const chains = [["base"], ["base", "small"], ["small", "big"], ["big", "small"]];
  const variables = [`zone = "${random.pick(["north-a", "north-b"])}"`, `owner = "${name} \\"team\\" é"`];
  return [
    `layers = ${JSON.stringify(random.pick(chains))}`,
    `project_id = "p-${random.below(9)}"`,
    `vars = { ${variables.join(", ")} }`,
  ].map((line) => `${line}\n`).join("");
}

/** Texts as files may have them, for fields that take any. */
function text(random: SeededRandom): string {
  return random.pick([
    '"plain"',
    "var.owner",
    '"${var.environment}/${var.zone}"',
    'env("TEAM")',
    '"t-${env(\\"TEAM\\")}"',
    'env("UNSET", "fallback")',
    'secret("a hidden text")',
    "var.project_id",
    '"unknown ${x} and \\${var.zone}"',
    '"line\\none\\t\\u{1f600}"',
  ]);
}

function tags(random: SeededRandom): string {
  const entries = ["a", "b", '"app/name"'].filter(() => random.percent(60));
  return `  tags = { ${entries.map((key) => `${key} = ${text(random)}`).join(", ")} }\n`;
}

function network(random: SeededRandom, index: number): string {
  const id = `net.n${index}`;
  const isMany = random.percent(50);
  const subnets = isMany
    ? random.pick(['for_each = ["a", "b"]', "count = 2", 'for_each = { a = "x", b = "y" }'])
    : undefined;
  const first = !isMany
    ? `sub.s${index}`
    : subnets === "count = 2"
    ? `sub.s${index}[0]`
    : `sub.s${index}["a"]`;
  const firewalls = list(random.below(3), (each) => `fw.f${index}${each}`);
  return [
    `resource net "n${index}" : sim.Network {\n  cidr = "10.${index}.0.0/16"\n`,
    random.percent(50) ? `  name = ${text(random).replace(/^secret.*$/, "var.zone")}\n` : "",
    `${tags(random)}}\n`,
    `resource sub "s${index}" : sim.Subnet {\n`,
    subnets === undefined ? "" : `  ${subnets}\n  name = "i\${each.index}"\n`,
    `  needs ${id} -> network_id\n`,
    `  cidr = "10.${index}.${subnets === undefined ? "0" : "${each.index}"}.0/24"\n`,
    `  zone = var.zone\n}\n`,
    ...firewalls.map((each) => firewall(random, { address: each, network: id })),
    random.percent(60) ? instance(random, { index, subnet: first, firewalls }) : "",
  ].join("");
}

function firewall(
  random: SeededRandom,
  { address, network }: { readonly address: string; readonly network: string },
): string {
  const [kind, name] = address.split(".");
  const ports = list(
    random.below(3),
    (each) =>
      `    { direction = "ingress", protocol = "tcp", from_port = ${80 + each}, cidrs = ["10.0.0.0/8"]${
        random.percent(40) ? ', comment = secret("why")' : ""
      } },\n`,
  );
  return `resource ${kind} "${name}" : sim.Firewall {\n  needs ${network} -> network_id\n` +
    `  needs ${network}.arn -> name\n  rules = [\n${ports.join("")}  ]\n}\n`;
}

function instance(
  random: SeededRandom,
  { index, subnet, firewalls }: {
    readonly index: number;
    readonly subnet: string;
    readonly firewalls: readonly string[];
  },
): string {
  const needs = [`needs ${subnet} -> subnet_id`, ...firewalls.map((each) => `needs ${each} -> firewall_ids`)];
  const monitoring = random.percent(50) ? "  monitoring {\n    enabled = true\n  }\n" : "";
  const script = random.percent(50) ? '  user_data = secret("run ${x}")\n' : "";
  return `resource vm "v${index}" : sim.Instance {\n${needs.map((line) => `  ${line}\n`).join("")}` +
    `  image = "debian-13"\n${script}${monitoring}${tags(random)}}\n`;
}

function queues(random: SeededRandom): string {
  const count = 1 + random.below(3);
  return `resource queue "dead" : sim.Queue {\n${tags(random)}}\n` +
    `resource queue "jobs" : sim.Queue {\n  count = ${count}\n  needs queue.dead -> dead_letter.queue_id\n` +
    `  name = "q\${each.index}-\${var.environment}"\n  dead_letter {\n    max_receives = 3\n  }\n}\n` +
    `resource topic "news" : sim.Topic {\n  needs queue.jobs -> queue_ids\n${
      random.percent(50) ? "  needs queue.dead -> queue_ids\n" : ""
    }}\n`;
}

function bucket(random: SeededRandom): string {
  const section = random.percent(50) ? "  retention {\n    prefix = var.zone\n  }\n" : "";
  return `resource bucket "b" : sim.Bucket {\n  name = "b-\${var.environment}-\${var.project_id}"\n${section}}\n`;
}

/** A worldless resource, which takes values of every kind. */
function data(random: SeededRandom): string {
  const values = [
    "big = 9223372036854775807",
    "half = -0.5",
    'deep = [1, [true, {}], { k = [var.zone, secret("deep")] }]',
    'tag = { "$secret" = "no tag" }',
    'block = """\n      one\n        two\n      """',
  ].filter(() => random.percent(70));
  return `resource data "d" : local.Data {\n  needs net.n0.arn -> input.arn\n  needs queue.jobs -> input.jobs\n` +
    `  input {\n${values.map((line) => `    ${line}\n`).join("")}    pair = ${text(random)}\n  }\n}\n`;
}

function componentOf(random: SeededRandom): string {
  const uses = list(1 + random.below(2), (index) => {
    const size = random.percent(50) ? `  size = ${40 + index}\n` : "";
    const hidden = random.percent(50) ? `  hidden = secret("of ${index}")\n` : "";
    return `use "svc" as "app-${index}" {\n${size}${hidden}  isFast = ${random.percent(50)}\n}\n`;
  });
  return `component "svc" {
  param size : Integer = 30
  param hidden : String = var.owner
  param isFast : Bool
  resource queue "work" : sim.Queue {
    for_each = ["x", "y"]
    visibility_timeout_s = param.size
    fifo = param.isFast
    tags = { hidden = "is \${param.hidden}" each = each.value size = "\${param.size}" }
  }
  resource role "main" : sim.Role {
    session_s = 1800
  }
  resource key "main" : sim.Key {
    needs role.main -> role_id
  }
  resource topic "all" : sim.Topic {
    needs queue.work -> queue_ids
  }
}
${uses.join("")}`;
}

function layer(
  random: SeededRandom,
  { name, round }: { readonly name: string; readonly round: number },
): string {
  const overrides = [
    `override net.* {\n    mtu = ${1400 + round}\n  }`,
    `override net.n0 {\n    tags = { stage = "r${round}" owner = var.owner }\n  }`,
    `override queue.* {\n    visibility_timeout_s = ${10 + round}\n    tags = { layer = "${name}" }\n  }`,
    `override queue.jobs {\n    dead_letter {\n      max_receives = ${
      4 + round
    }\n    }\n    name = "l\${each.index}-r${round}"\n  }`,
    `override vm.* {\n    monitoring {\n      interval_s = ${
      20 + round
    }\n    }\n    user_data = secret("round ${round}")\n  }`,
    `override vm.* {\n    unset tags\n    unset monitoring.enabled\n  }`,
    `override app-0__queue.* {\n    tags = { k = each.value n = "${round}" hidden = secret("r${round}") }\n  }`,
    `override *__topic.all {\n    name = "\${var.environment}-${round}"\n  }`,
    `override data.d {\n    input {\n      round = ${round}\n      env = env("TOKEN")\n    }\n  }`,
    `override bucket.* {\n    retention {\n      expire_after_days = ${5 + round}\n    }\n  }`,
    `override sub.* {\n    public = ${round % 2 === 0}\n  }`,
  ].filter(() => random.percent(50));
  return `layer "${name}" over "base" {\n${overrides.map((each) => `  ${each}\n`).join("")}}\n`;
}

function list<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
