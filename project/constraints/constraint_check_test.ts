import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { field, type ResourceSchema, section } from "../../engine/schema.ts";
import { record, SealedSecret, Secret, Unknown, type Value } from "../../engine/value.ts";
import { loadConstraintCheck, type Verdict } from "./constraint_check.ts";

const SCHEMA: ResourceSchema = {
  type: "toy.Disk",
  summary: "A disk.",
  version: 1,
  sections: [
    section("", "Body.", [
      field("name", { kind: "string" }, "Name.", { required: true }),
      field("size", { kind: "integer" }, "Size."),
      field("ratio", { kind: "number" }, "Ratio."),
      field("type", { kind: "string" }, "A name that CEL itself has."),
      field("encrypted", { kind: "boolean" }, "Whether it is encrypted."),
      field("zones", { kind: "list", element: { kind: "string" } }, "Zones."),
      field("ports", {
        kind: "list",
        element: { kind: "record", fields: [field("port", { kind: "integer" }, "Port.")] },
      }, "Ports."),
      field("tags", { kind: "map", element: { kind: "string" } }, "Tags."),
      field("password", { kind: "string" }, "Secret.", { sensitive: true }),
    ]),
    section("limits", "Bounds.", [
      field("max", { kind: "integer" }, "Most."),
      field("min", { kind: "integer" }, "Least."),
      field("constructor", { kind: "integer" }, "A name that plain objects have."),
    ]),
    { ...section("settings", "Any.", [field("level", { kind: "integer" }, "Level.")]), open: true },
  ],
  outputs: [],
  world: undefined,
  timeoutsMs: { create: 1, update: 1, delete: 1, read: 1 },
  importId: undefined,
  sbomKind: "data",
};

function fieldsOf(values: Readonly<Record<string, unknown>>): ReturnType<typeof record> {
  return record(Object.entries(values).map(([key, value]) => [key, valueOf(value)] as const));
}

function valueOf(value: unknown): Value {
  if (Array.isArray(value)) return value.map(valueOf);
  if (value instanceof Secret || value instanceof SealedSecret || value instanceof Unknown) return value;
  if (typeof value === "object" && value !== null) return fieldsOf({ ...value });
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" || typeof value === "bigint") return value;
  throw new TypeError("no value");
}

async function verdict(text: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Verdict> {
  const check = await loadConstraintCheck([text]);
  const [found] = check([text], SCHEMA, fieldsOf(fields));
  ok(found !== undefined);
  return found;
}

async function told(text: string, fields: Readonly<Record<string, unknown>>): Promise<string> {
  const found = await verdict(text, fields);
  switch (found.kind) {
    case "false":
      return `false: ${found.found}`;
    case "faulty":
      return `faulty: ${found.why}`;
    case "unknown":
      return `unknown: ${found.address}`;
    case "doubtful":
      return `doubtful: ${found.why}${found.hint === undefined ? "" : `; ${found.hint}`}`;
    default:
      return found.kind;
  }
}

const LATER = new Unknown("net.main");
const HIDDEN = new Secret("s3cr3t-canary");
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

type Case = readonly [text: string, fields: Readonly<Record<string, unknown>>, expected: string];

const NUMBERS: readonly Case[] = [
  ["size >= 1", { size: 1 }, "holds"],
  ["size >= 1", { size: 0 }, "false: size = 0"],
  ["size >= 1.0", { size: 1 }, "holds"],
  ["size == 1.0", { size: 1 }, "holds"],
  ["size < 1.5", { size: 1 }, "holds"],
  ["size * 1.5 == 3.0", { size: 2 }, "holds"],
  ["size / 2 == 1", { size: 3 }, "holds"],
  ["ratio / 2 == 1.5", { ratio: 3 }, "holds"],
  ["ratio == 3", { ratio: 3 }, "holds"],
  ["settings.n / 2 == 1", { settings: { n: 3 } }, "holds"],
  ["settings.n > 2", { settings: { n: 2.5 } }, "holds"],
  ["size % 4 == 3", { size: 7 }, "holds"],
  ["-size == -7", { size: 7 }, "holds"],
  [`size == ${MOST}`, { size: MOST }, "holds"],
  [`size == ${LEAST}`, { size: LEAST }, "holds"],
  [`size == ${MOST - 1n}`, { size: MOST }, `false: size = ${MOST}`],
  [`size < ${MOST}.0`, { size: MOST }, "holds"],
  ["size == 9007199254740993", { size: 9007199254740993n }, "holds"],
  ["size == 9007199254740992.0", { size: 9007199254740993n }, "false: size = 9007199254740993"],
  ["size + 1 > 0", { size: MOST }, "faulty: a whole number in it does not fit into 64 bits"],
  ["size - 1 < 0", { size: LEAST }, "faulty: a whole number in it does not fit into 64 bits"],
  ["-size > 0", { size: LEAST }, "faulty: a whole number in it does not fit into 64 bits"],
  ["size / -1 > 0", { size: LEAST }, "faulty: a whole number in it does not fit into 64 bits"],
  [`size < ${MOST + 1n}`, { size: 1 }, `doubtful: ${MOST + 1n} does not fit into 64 bits`],
  ["10 / size > 1", { size: 0 }, "faulty: it divides by zero"],
  ["1.5 / size > 1", { size: 0 }, "faulty: it divides by zero"],
  ["ratio * ratio > 1", { ratio: 1e300 }, "faulty: a number in it gets too large"],
  ["int(name) == 12", { name: "12" }, "holds"],
  ["int(name) == 12", { name: "1x" }, 'faulty: "1x" is no whole number'],
  ["string(size) == '12' && double(size) == 12.0 && int(ratio) == 2", { size: 12, ratio: 2.9 }, "holds"],
];

const TEXTS: readonly Case[] = [
  ["name.startsWith('db-') && size(name) <= 8", { name: "db-main" }, "holds"],
  ["name.startsWith('db-')", { name: "main" }, 'false: name = "main"'],
  ["name.lowerAscii() == 'a' && name.upperAscii() == 'A'", { name: "A" }, "holds"],
  [
    "name.split('-').join('.') == 'a.b' && name.contains('a-') && name.endsWith('b')",
    { name: "a-b" },
    "holds",
  ],
  ["name.trim().size() == 1", { name: " é " }, "holds"],
  ["size(name) == 1", { name: "😀" }, "holds"],
  ["'a' < name", { name: "b" }, "holds"],
  ["name == 'x'", { name: "y".repeat(200) }, `false: name = "${"y".repeat(59)}…`],
  ["type == 'ssd'", { type: "ssd" }, "holds"],
  ["type in ['ssd', 'hdd']", { type: "tape" }, 'false: type = "tape"'],
  ["name < size", { name: "a", size: 1 }, 'faulty: "<" takes no text with a whole number'],
  ["name == 1", { name: "a" }, "faulty: a text cannot be compared with a whole number"],
  ["name + 1 == 'a1'", { name: "a" }, 'faulty: "+" takes no text with a whole number'],
  ["name.matches('^[a-z][a-z0-9-]*$')", { name: "db-1" }, "holds"],
  ["name.matches('^[a-z][a-z0-9-]*$')", { name: "1db" }, 'false: name = "1db"'],
  ["name.matches(r'^\\d{2,3}$')", { name: "123" }, "holds"],
  ["name.matches('(a')", { name: "a" }, 'faulty: "(a" is no pattern: "(" is not closed'],
  [
    "name.startWith('a')",
    { name: "a" },
    'doubtful: there is no function "startWith"; Did you mean "startsWith"?',
  ],
];

const PARTS: readonly Case[] = [
  ["size(zones) >= 2", { zones: ["a"] }, 'false: zones = ["a"]'],
  ["zones.all(z, z.startsWith('eu-'))", { zones: ["eu-1", "eu-2"] }, "holds"],
  ["zones.exists(z, z == 'us')", { zones: ["eu-1"] }, 'false: zones = ["eu-1"]'],
  ["zones.exists_one(z, z == 'a')", { zones: ["a", "b"] }, "holds"],
  [
    "zones.filter(z, z != 'a').size() == 1 && zones.map(z, z + '!')[1] == 'b!'",
    { zones: ["a", "b"] },
    "holds",
  ],
  ["zones[2] == 'c'", { zones: ["a", "b"] }, "faulty: there is no element 2 among 2"],
  ["ports.all(p, p.port > 1024)", { ports: [{ port: 80 }] }, "false: "],
  [
    "ports.all(p, p.prot > 1)",
    { ports: [] },
    'doubtful: there is no "prot" in toy.Disk; Did you mean "port"?',
  ],
  ["tags.team == 'db' && 'team' in tags && tags['team'] == 'db'", { tags: { team: "db" } }, "holds"],
  ["tags.team == 'db'", { tags: {} }, 'faulty: there is no "team"'],
  ["!has(tags.team) || tags.team == 'db'", { tags: {} }, "holds"],
  [
    "tags['__proto__'] == 'x' && tags.constructor == 'y'",
    { tags: { ["__proto__"]: "x", constructor: "y" } },
    "holds",
  ],
  ["!has(tags.team) || tags.team == 'db'", {}, "holds"],
  ["tags.team == 'db'", {}, 'faulty: "tags" is not set'],
  ["zones.all(z, z == 'a')", {}, 'faulty: "zones" is not set'],
  ["zones[0] == 'a'", {}, 'faulty: "zones" is not set'],
  ["has(tags.toString)", { tags: { a: "b" } }, "false: "],
  ["tags.all(key, key == 'team')", { tags: { team: "db" } }, "holds"],
  ["limits.max <= 10", { limits: { max: 20 } }, "false: limits.max = 20"],
  ["self.limits.max <= 10 && self.size == 1", { size: 1, limits: { max: 2 } }, "holds"],
  ["settings.enabled", { settings: { enabled: true } }, "holds"],
  [
    "settings.enabled",
    { settings: { enabled: 1 } },
    'faulty: "settings.enabled" is a whole number, wanted true or false',
  ],
  ["settings.deep.er == [1, 2]", { settings: { deep: { er: [1, 2] } } }, "holds"],
  ["settings.a == settings.b", { settings: { a: { x: 1 }, b: { x: 1 } } }, "holds"],
  ["size == 1 ? encrypted : !encrypted", { size: 1, encrypted: false }, "false: size = 1, encrypted = false"],
];

const ABSENT: readonly Case[] = [
  ["has(self.size)", {}, "false: "],
  ["size == null", {}, "holds"],
  ["size == null || size > 1", {}, "holds"],
  ["size > 1", {}, 'faulty: "size" is not set'],
  ["-size > 1 || size(name) > 1", {}, 'faulty: "size" is not set'],
  ["null in zones", { zones: [] }, "false: zones = []"],
  ["encrypted", {}, 'faulty: "encrypted" is not set'],
  ["limits.max == null && !has(self.limits) && !has(limits.max)", {}, "holds"],
  ["has(self.limits) && limits.min == null", { limits: { max: 1 } }, "holds"],
  ["settings.level == null && !has(settings.other)", {}, "holds"],
  ["limits.constructor == null && !has(limits.constructor)", {}, "holds"],
  ["settings.other == 1", {}, 'faulty: there is no "other"'],
];

const UNKNOWN: readonly Case[] = [
  ["size > 1", { size: LATER }, "unknown: net.main"],
  [
    "size > 1 && name == 'b'",
    { size: LATER, name: "a" },
    'false: name = "a"',
  ],
  ["name == 'b' && size > 1", { size: LATER, name: "a" }, 'false: name = "a"'],
  ["size > 1 && name == 'a'", { size: LATER, name: "a" }, "unknown: net.main"],
  ["size > 1 || name == 'a'", { size: LATER, name: "a" }, "holds"],
  ["name == 'a' || size > 1", { size: LATER, name: "a" }, "holds"],
  ["size > 1 || name == 'b'", { size: LATER, name: "a" }, "unknown: net.main"],
  ["!(size > 1)", { size: LATER }, "unknown: net.main"],
  ["size == size", { size: LATER }, "unknown: net.main"],
  ["size > 1 ? true : true", { size: LATER }, "unknown: net.main"],
  ["name == 'a' ? true : size > 1", { size: LATER, name: "a" }, "holds"],
  ["size > 1 && 1 / 0 == 1", { size: LATER }, "unknown: net.main"],
  ["1 / 0 == 1 && size > 1", { size: LATER }, "unknown: net.main"],
  ["1 / 0 == 1 && name == 'b'", { name: "a" }, 'false: name = "a"'],
  ["has(self.size)", { size: LATER }, "unknown: net.main"],
  ["size(zones) == 2", { zones: ["a", LATER] }, "holds"],
  ["size(zones) == 2", { zones: LATER }, "unknown: net.main"],
  ["'b' in zones", { zones: ["a", LATER] }, "unknown: net.main"],
  ["'a' in zones", { zones: [LATER, "a"] }, "holds"],
  ["zones == ['a', 'b']", { zones: ["x", LATER] }, "false: "],
  ["zones == ['a', 'b']", { zones: ["a", LATER] }, "unknown: net.main"],
  ["zones.exists(z, z == 'a')", { zones: [LATER, "a"] }, "holds"],
  ["zones.exists(z, z == 'b')", { zones: [LATER, "a"] }, "unknown: net.main"],
  ["zones.all(z, z == 'a')", { zones: [LATER, "b"] }, "false: "],
  ["zones.all(z, z == 'a')", { zones: [LATER, "a"] }, "unknown: net.main"],
  ["zones.exists_one(z, z == 'a')", { zones: [LATER, "a"] }, "unknown: net.main"],
  ["zones.filter(z, z == 'a').size() >= 1", { zones: [LATER, "a"] }, "unknown: net.main"],
  ["'team' in tags && size(tags) == 1", { tags: { team: LATER } }, "unknown: net.main"],
  ["'team' in tags", { tags: { team: "a", other: LATER } }, "holds"],
  ["size(tags) == 1", { tags: { team: LATER } }, "unknown: net.main"],
  ["tags.all(key, key == 'team')", { tags: { team: LATER } }, "unknown: net.main"],
  ["tags == settings", { tags: { a: "x" }, settings: { b: LATER } }, "false: "],
  ["tags == settings", { tags: { a: "x" }, settings: { a: "x", b: LATER } }, "unknown: net.main"],
  ["limits.max > 1", { limits: LATER }, "unknown: net.main"],
];

const SECRETS: readonly Case[] = [
  [
    "size(password) > 8",
    { password: "s3cr3t-canary" },
    'faulty: it reads the secret "password", and constraints read no secrets',
  ],
  [
    "password != ''",
    { password: HIDDEN },
    'faulty: it reads the secret "password", and constraints read no secrets',
  ],
  [
    "password != ''",
    { password: new SealedSecret("b/k", "d") },
    'faulty: it reads the secret "password", and constraints read no secrets',
  ],
  [
    "password == '' || true",
    { password: HIDDEN },
    'faulty: it reads the secret "password", and constraints read no secrets',
  ],
  [
    "password == '' && false",
    { password: HIDDEN },
    'faulty: it reads the secret "password", and constraints read no secrets',
  ],
  [
    "settings.a.b == 1",
    { settings: { a: { b: HIDDEN } } },
    'faulty: it reads the secret "settings.a.b", and constraints read no secrets',
  ],
  [
    "zones.exists(z, z == 'a')",
    { zones: [HIDDEN, "a"] },
    'faulty: it reads the secret "zones[0]", and constraints read no secrets',
  ],
  [
    "'a' in zones",
    { zones: [HIDDEN, "b"] },
    'faulty: it reads the secret "zones[0]", and constraints read no secrets',
  ],
  [
    "self == self",
    { password: HIDDEN },
    'faulty: it reads the secret "password", and constraints read no secrets',
  ],
  ["has(self.password)", { password: HIDDEN }, "holds"],
  ["has(self.password)", {}, "false: "],
  ["size(zones) == 1", { zones: [HIDDEN, "b"] }, "false: "],
];

const PROSE: readonly Case[] = [
  ["no public ip", {}, "prose"],
  ["small", {}, "prose"],
  ["secure in transit", {}, "prose"],
  ["GDPR/EU", {}, "prose"],
  ["see(docs)", {}, "prose"],
  ["size >= 1 and size <= 2", {}, "prose"],
  ["sise >= 1", {}, 'doubtful: there is no "sise" in toy.Disk; Did you mean "size"?'],
  ["limit.max >= 1", {}, 'doubtful: there is no "limit" in toy.Disk; Did you mean "limits"?'],
  ["limits.mx >= 1", {}, 'doubtful: there is no "mx" in toy.Disk; Did you mean "max"?'],
  ["self.sise >= 1", {}, 'doubtful: there is no "sise" in toy.Disk; Did you mean "size"?'],
  ["has(self.sise)", {}, 'doubtful: there is no "sise" in toy.Disk; Did you mean "size"?'],
  [
    "limits.max >= quota_of_team",
    {},
    'doubtful: there is no "quota_of_team" in toy.Disk; There are "name", "size", ' +
    '"ratio", "type", "encrypted", "zones", "ports", "tags", "password", "limits", "settings"',
  ],
  ["size", {}, "doubtful: it is neither true nor false; Compare it with something"],
  ["size + 1", {}, "doubtful: it is neither true nor false; Compare it with something"],
  ["timestamp(name) > timestamp(name)", {}, 'doubtful: there is no function "timestamp"'],
  ["size == 1u", {}, "doubtful: bytes and unsigned numbers have no place in constraints"],
  ["cel.bind(a, size, a > 1)", {}, 'doubtful: there is no function "bind"'],
];

for (const [group, cases] of Object.entries({ NUMBERS, TEXTS, PARTS, ABSENT, UNKNOWN, SECRETS, PROSE })) {
  for (const [text, fields, expected] of cases) {
    Deno.test(`loadConstraintCheck() ${group.toLowerCase()}: ${text} on ${Deno.inspect(fields)}`, async () => {
      strictEqual(await told(text, fields), expected);
    });
  }
}

Deno.test("loadConstraintCheck() bounds the work of one evaluation", async () => {
  const zones = Array.from({ length: 1_000 }, (_, index) => `z${index}`);
  strictEqual(await told("zones.all(a, a in zones)", { zones: zones.slice(0, 100) }), "holds");
  const startedMs = performance.now();
  strictEqual(
    await told("zones.all(a, zones.all(b, zones.all(c, a != b || b != c || true)))", { zones }),
    "faulty: it takes more than 100000 steps",
  );
  const doubled = "[name]" + ".map(a, a + a)".repeat(20) + "[0] == name";
  strictEqual(await told(doubled, { name: "x".repeat(1_000) }), "faulty: it takes more than 100000 steps");
  ok(performance.now() - startedMs < 5_000);
});

Deno.test("loadConstraintCheck() reads no text that is too long or too deep, and says so", async () => {
  deepStrictEqual(await verdict(`size > 1${" ".repeat(2_000)}`), {
    kind: "doubtful",
    why: "it is longer than 2000 characters",
  });
  for (
    const text of [`${"(".repeat(50)}size${")".repeat(50)} > 1`, `size > 1${" || size > 1".repeat(150)}`]
  ) {
    deepStrictEqual(await verdict(text), {
      kind: "doubtful",
      why: "it has too many parts, or too many levels",
    });
  }
});
