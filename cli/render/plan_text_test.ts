import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { examplePlan, exampleResource } from "../../tests/support/example_plan.ts";
import type { FieldChange, Plan } from "../../engine/plan.ts";
import { summarizePlan } from "../../engine/summarize_plan.ts";
import { record, Secret, Unknown } from "../../engine/value.ts";
import type { IsDefault } from "../../project/default_fields.ts";
import { jsonText } from "./json_text.ts";
import { planJson } from "./plan_json.ts";
import { planLines } from "./plan_text.ts";

function change(path: string, before: FieldChange["before"], after: FieldChange["after"]): FieldChange {
  return { path, before, after, forcesReplacement: false };
}

function shown(plan: Plan, isDefault: IsDefault = () => false): readonly string[] {
  return planLines(plan, summarizePlan(plan), isDefault).map((parts) =>
    parts.map(({ text }) => text).join("")
  );
}

const PLAN = examplePlan([
  exampleResource("net.main", "create", {
    changes: [change("cidr", undefined, "10.0.0.0/8"), change("router", undefined, new Unknown("ip.main"))],
  }),
  exampleResource("db.main", "update", {
    changes: [
      change("password", new Secret("hunter2"), new Secret("hunter3")),
      change("tags[a]", "x", undefined),
    ],
    drift: { id: "db-1", found: null, changes: [] },
  }),
  exampleResource("key.main", "replace", {
    objectId: "key-1",
    goesFirst: ["key-1", "key-0"],
    deposed: ["key-0"],
    reasons: ["bits cannot change in place", "its name can be held once only"],
    changes: [{ path: "bits", before: 2048, after: 4096, forcesReplacement: true }],
    dependents: ["cert.main"],
  }),
  exampleResource("old.main", "delete", {
    dependents: ["a.a", "a.b", "a.c", "a.d", "a.e", "a.f"],
    deposed: ["old-0"],
  }),
  exampleResource("same.main", "none"),
], {
  outputs: [{ name: "address", before: "1.1.1.1", after: "2.2.2.2" }, { name: "same", before: 1, after: 1 }],
});

Deno.test("planLines() shows what changes, field by field", () => {
  deepStrictEqual(shown(PLAN), [
    "Plan for dev",
    "",
    "  +   net.main : sim.Network",
    '      + cidr = "10.0.0.0/8"',
    "      + router = (known after apply)",
    "",
    "  ~   db.main : sim.Network",
    "        changed outside smelt: it is gone",
    "      ~ password : (sensitive) -> (sensitive)",
    '      - tags[a] = "x"',
    "",
    "  -/+ key.main : sim.Network  (the old one goes first)",
    "        because its name can be held once only",
    "      ~ bits : 2048 -> 4096  # forces replacement",
    "        - object key-0, replaced before and still there, goes first",
    "        1 relies on it: cert.main",
    "",
    "  -   old.main : sim.Network",
    "        - object old-0, replaced before and still there",
    "        6 rely on it: a.a, a.b, a.c, a.d, a.e, …",
    "",
    "Outputs",
    '      ~ address : "1.1.1.1" -> "2.2.2.2"',
    "",
    "1 to create, 1 to update, 1 to replace, 1 to delete, 2 replaced objects to delete, 1 unchanged",
  ]);
});

Deno.test("planLines() of a plan without changes says so", () => {
  deepStrictEqual(shown(examplePlan([exampleResource("a.a", "none")])), [
    "Plan for dev",
    "Nothing changes.",
    "1 unchanged",
  ]);
  deepStrictEqual(shown(examplePlan([], { command: "destroy" })), [
    "Plan to destroy dev",
    "Nothing changes.",
    "0 unchanged",
  ]);
});

Deno.test("planLines() of a destroy names what goes, a line each", () => {
  const plan = examplePlan([
    exampleResource("a.b", "delete", { objectId: "net-2" }),
    exampleResource("a.a", "delete", { objectId: "net-1", dependents: ["a.b"] }),
    exampleResource("a.c", "delete", { objectId: "net-3", dependents: ["a.d"] }),
  ], { command: "destroy" });
  deepStrictEqual(shown(plan).slice(1, -1), [
    "",
    "  -   a.b : sim.Network  net-2",
    "  -   a.a : sim.Network  net-1",
    "",
    "  -   a.c : sim.Network  net-3",
    "        1 relies on it: a.d",
    "",
  ]);
});

Deno.test("planLines() counts defaults of what is created, and shows them of what is changed", () => {
  const changes = [
    change("cidr", undefined, "10.0.0.0/8"),
    change("a", undefined, 1),
    change("b", undefined, 2),
  ];
  const isDefault: IsDefault = (_, { path }) => path !== "cidr";
  deepStrictEqual(
    shown(examplePlan([exampleResource("n.n", "create", { changes })]), isDefault).slice(3, 5),
    [
      '      + cidr = "10.0.0.0/8"',
      "        and 2 defaults",
    ],
  );
  const update = shown(examplePlan([exampleResource("n.n", "update", { changes })]), isDefault);
  deepStrictEqual(update.filter((each) => each.startsWith("      + ")).length, 3);
});

Deno.test("planLines() tells a change from outside once", () => {
  const drift = (changes: FieldChange[]) => ({
    id: "f-1",
    found: { id: "f-1", fields: record(), outputs: record(), precondition: undefined },
    changes,
  });
  const outside = [
    change("content", "a", "b"),
    change("mode", "0644", "0600"),
    change("output sha256", "1", "2"),
  ];
  const update = exampleResource("f.f", "update", {
    drift: drift(outside),
    changes: [change("content", "b", "a")],
  });
  deepStrictEqual(shown(examplePlan([update])).slice(3, 6), [
    "        changed outside smelt: content, output sha256",
    '        changed outside smelt: mode : "0644" -> "0600"',
    '      ~ content : "b" -> "a"',
  ]);
  const kept = exampleResource("f.f", "none", { drift: drift(outside.slice(2)) });
  deepStrictEqual(shown(examplePlan([kept])).slice(3, 4), [
    '        changed outside smelt: output sha256 : "1" -> "2"',
  ]);
});

Deno.test("planLines() shows texts of several lines by the lines that differ", () => {
  const before = "a\nb\nc\nd\n";
  const after = "a\nB\nB2\nc\nd\n";
  const lines = shown(
    examplePlan([exampleResource("f.f", "update", { changes: [change("content", before, after)] })]),
  );
  deepStrictEqual(lines.slice(3, 9), [
    "      ~ content :",
    "            (1 line unchanged)",
    "          - b",
    "          + B",
    "          + B2",
    "            (3 lines unchanged)",
  ]);
});

Deno.test("planLines() cuts off long values and long texts", () => {
  const long = Array.from({ length: 100 }, (_, index) => `${index}`).join("\n");
  const changes = [change("one", "x".repeat(1_000), "y"), change("many", "0", `${long}\n`)];
  const lines = shown(examplePlan([exampleResource("f.f", "update", { changes })]));
  match(lines[3] ?? "", /x… \(1002 characters\) -> "y"$/);
  strictEqual(lines.filter((each) => each.startsWith("          + ")).length, 21);
  match(lines.join("\n"), /… and \d+ more lines/);
});

Deno.test("no plan shows a secret", () => {
  const text = shown(PLAN).join("\n") + jsonText(planJson(PLAN, summarizePlan(PLAN), []));
  doesNotMatch(text, /hunter/);
});

Deno.test("planJson() lists every resource with its action, changes and reasons", () => {
  const parsed = JSON.parse(jsonText(planJson(PLAN, summarizePlan(PLAN), [])));
  deepStrictEqual(parsed.summary, {
    create: 1,
    update: 1,
    replace: 1,
    delete: 1,
    rebind: 0,
    forget: 0,
    move: 0,
    import: 0,
    deposed: 2,
    unchanged: 1,
  });
  deepStrictEqual(
    parsed.resources.map((each: { address: string; action: string }) => [each.address, each.action]),
    [
      ["net.main", "create"],
      ["db.main", "update"],
      ["key.main", "replace"],
      ["old.main", "delete"],
      ["same.main", "none"],
    ],
  );
  deepStrictEqual(parsed.resources[0].changes[1], {
    path: "router",
    after: { unknown: true },
    forces_replacement: false,
  });
  deepStrictEqual(parsed.resources[1].changes[0].before, "(sensitive)");
  deepStrictEqual(parsed.resources[1].drift, { gone: true, changes: [] });
  deepStrictEqual(parsed.resources.map((each: { delete_first?: boolean }) => each.delete_first === true), [
    ...[false, false, true, false, false],
  ]);
  deepStrictEqual(parsed.resources[3].deposed, ["old-0"]);
});

Deno.test("values are shown on one line, with keys in order and quoted where they must be", () => {
  const value = record([["b", [1, true, null]], ["a b", 2n ** 64n], ["a", record([])]]);
  const plan = examplePlan([exampleResource("f.f", "create", { changes: [change("v", undefined, value)] })]);
  strictEqual(shown(plan)[3], '      + v = { a = {}, "a b" = 18446744073709551616, b = [1, true, null] }');
});
