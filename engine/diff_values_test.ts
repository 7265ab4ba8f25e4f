import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { storedValueArbitrary } from "./_value_arbitrary.ts";
import { diffValues } from "./diff_values.ts";
import { type Comparison, sameValues } from "./same_values.ts";
import { field, type FieldType } from "./schema.ts";
import { mapValue, record, SealedSecret, Secret, someValue, Unknown, type Value } from "./value.ts";

const TEXT: FieldType = { kind: "string" };
const ANY = field("x", { kind: "any" }, "Anything");

function changes(
  before: Value | undefined,
  after: Value | undefined,
  how: Comparison = ANY,
): readonly string[] {
  return diffValues("x", before, after, how).map((each) =>
    `${each.path}: ${shown(each.before)} -> ${shown(each.after)}${each.forcesReplacement ? " !" : ""}`
  );
}

function shown(value: Value | undefined): string {
  if (value === undefined) return "absent";
  if (typeof value === "bigint") return `${value}`;
  return value instanceof Unknown ? "unknown" : JSON.stringify(value);
}

Deno.test("diffValues() finds no difference between what counts as absent", () => {
  const blanks = [undefined, null, [], record()];
  for (const before of blanks) for (const after of blanks) deepStrictEqual(changes(before, after), []);
});

Deno.test("diffValues() tells false, zero and the empty text from an absent value", () => {
  const no: Value = false;
  deepStrictEqual(changes(undefined, no), ["x: absent -> false"]);
  deepStrictEqual(changes(null, 0), ["x: null -> 0"]);
  deepStrictEqual(changes("", undefined), ['x: "" -> absent']);
});

Deno.test("diffValues() compares whole numbers whatever holds them, and texts with texts only", () => {
  deepStrictEqual(changes(1, 1n), []);
  deepStrictEqual(changes(2 ** 60, 2n ** 60n), []);
  deepStrictEqual(changes(1, 1.5), ["x: 1 -> 1.5"]);
  deepStrictEqual(changes(1n, 2), ["x: 1 -> 2"]);
  deepStrictEqual(changes("1", 1), ['x: "1" -> 1']);
});

Deno.test("diffValues() names the element of a list that differs, the added and the lost ones", () => {
  deepStrictEqual(changes(["a", "b"], ["a", "c"]), ['x[1]: "b" -> "c"']);
  deepStrictEqual(changes(["a"], ["a", "b"]), ['x[1]: absent -> "b"']);
  deepStrictEqual(changes(["a", "b"], ["a"]), ['x[1]: "b" -> absent']);
  deepStrictEqual(changes(undefined, ["a"]), ['x: absent -> ["a"]']);
});

Deno.test("diffValues() names only what comes and goes in a list, wherever it stands", () => {
  const rule = (port: number, note: string): Value => record([["port", port], ["note", note]]);
  const rules = [rule(22, "a"), rule(80, "b"), rule(443, "c")];
  deepStrictEqual(changes(rules, [rule(21, "new"), ...rules]), [
    'x[0]: absent -> {"port":21,"note":"new"}',
  ]);
  deepStrictEqual(changes(rules, rules.slice(1)), ['x[0]: {"port":22,"note":"a"} -> absent']);
  deepStrictEqual(changes(rules, [rule(21, "new"), rule(22, "a"), rule(80, "other"), rule(443, "c")]), [
    'x[0]: absent -> {"port":21,"note":"new"}',
    'x[2].note: "b" -> "other"',
  ]);
  deepStrictEqual(changes(["a", "b", "c", "d"], ["b", "x", "d", "e"]), [
    'x[0]: "a" -> absent',
    'x[1]: "c" -> "x"',
    'x[3]: absent -> "e"',
  ]);
});

Deno.test("diffValues() compares long lists in time, those that differ all over by their indices", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => index);
  deepStrictEqual(changes(many, [-1, ...many]), ["x[0]: absent -> -1"]);
  deepStrictEqual(changes(many, many.map((each) => -each - 1)).length, many.length);
  deepStrictEqual(changes(many.slice(0, 400), many.slice(0, 400).reverse()).length, 2 * 399);
});

Deno.test("diffValues() sees an element that comes or goes, even an empty one", () => {
  deepStrictEqual(changes([], [record()]), ["x[0]: absent -> {}"]);
  deepStrictEqual(changes([null, "a"], ["a"]), ["x[0]: null -> absent"]);
  deepStrictEqual(changes([[]], [null]), []);
});

Deno.test("diffValues() names the key of a map or record that differs, in code-point order", () => {
  const before = record([["b", 1], ["a", record([["deep", [1]]])]]);
  const after = record([["c", 3], ["a", record([["deep", [2]]])]]);
  deepStrictEqual(changes(before, after), ["x.a.deep[0]: 1 -> 2", "x.b: 1 -> absent", "x.c: absent -> 3"]);
});

Deno.test("diffValues() says one thing when the kind of value differs", () => {
  deepStrictEqual(changes(["a"], record([["a", 1]])), ['x: ["a"] -> {"a":1}']);
  deepStrictEqual(changes("a", ["a"]), ['x: "a" -> ["a"]']);
});

Deno.test("diffValues() passes over order and repetition of a set", () => {
  const set = { ...ANY, type: { kind: "list", element: TEXT }, setLike: true } as const;
  deepStrictEqual(changes(["a", "b"], ["b", "a", "a"], set), []);
  deepStrictEqual(changes(["a", "b"], ["c", "b"], set), ['x[]: "a" -> absent', 'x[]: absent -> "c"']);
  deepStrictEqual(changes(["a", "b"], ["b", "a"]), ['x[0]: "a" -> absent', 'x[1]: absent -> "a"']);
});

Deno.test("diffValues() compares the elements of a set as the schema of the element says", () => {
  const element: FieldType = {
    kind: "record",
    fields: [
      field("port", { kind: "integer" }, "Port"),
      field("to_port", { kind: "integer" }, "The first unless set", { computed: true }),
      field("cidrs", { kind: "list", element: TEXT }, "Ranges", { setLike: true }),
    ],
  };
  const set = { ...ANY, type: { kind: "list", element }, setLike: true } as const;
  const live = [
    record([["port", 1], ["to_port", 1], ["cidrs", ["a", "b"]]]),
    record([["port", 2], ["to_port", 2]]),
  ];
  const wanted = [record([["port", 2], ["cidrs", []]]), record([["port", 1], ["cidrs", ["b", "a"]]])];
  deepStrictEqual(changes(live, wanted, set), []);
  deepStrictEqual(changes(live, [record([["port", 2], ["cidrs", ["c"]]]), live[0] ?? null], set).length, 2);
});

Deno.test("diffValues() compares sets of many plain elements in time", () => {
  const set = { ...ANY, setLike: true };
  const many = Array.from({ length: 100_000 }, (_, index) => `element ${index}`);
  deepStrictEqual(changes(many, [...many].reverse(), set), []);
});

Deno.test("diffValues() passes over a computed part that nobody wants, at any depth", () => {
  const type: FieldType = {
    kind: "list",
    element: {
      kind: "record",
      fields: [field("name", TEXT, "Name"), field("made", TEXT, "Made by the provider", { computed: true })],
    },
  };
  const live = [record([["name", "a"], ["made", "m"]])];
  deepStrictEqual(changes(live, [record([["name", "a"]])], { ...ANY, type }), []);
  deepStrictEqual(changes(live, [record([["name", "a"], ["made", null]])], { ...ANY, type }), []);
  deepStrictEqual(changes(live, [record([["name", "a"], ["made", "n"]])], { ...ANY, type }), [
    'x[0].made: "m" -> "n"',
  ]);
});

Deno.test("diffValues() forces replacement by an immutable part, and by every part of what is immutable", () => {
  const fields = [field("size", TEXT, "Size"), field("zone", TEXT, "Zone", { immutable: true })];
  const how = { ...ANY, type: { kind: "record", fields } } as const;
  const before = record([["size", "s"], ["zone", "a"]]);
  const after = record([["size", "m"], ["zone", "b"]]);
  deepStrictEqual(changes(before, after, how), ['x.size: "s" -> "m"', 'x.zone: "a" -> "b" !']);
  deepStrictEqual(changes([1], [2, 3], { ...ANY, immutable: true }), [
    "x[0]: 1 -> 2 !",
    "x[1]: absent -> 3 !",
  ]);
  deepStrictEqual(changes([1], [2], { ...ANY, immutable: true, setLike: true }), [
    "x[]: 1 -> absent !",
    "x[]: absent -> 2 !",
  ]);
});

Deno.test("diffValues() holds an unknown for different from everything, itself and nothing included", () => {
  const unknown = new Unknown("a.b");
  deepStrictEqual(changes(unknown, unknown), ["x: unknown -> unknown"]);
  deepStrictEqual(changes("a", unknown), ['x: "a" -> unknown']);
  deepStrictEqual(changes(undefined, unknown), ["x: absent -> unknown"]);
  deepStrictEqual(changes(["a", "b"], ["a", unknown]), ['x[1]: "b" -> unknown']);
  deepStrictEqual(changes(["a"], ["a", unknown], { ...ANY, setLike: true }), ["x[]: absent -> unknown"]);
});

Deno.test("diffValues() compares secrets without opening them to the eye", () => {
  const sealed = new SealedSecret("id/key", "digest");
  const open = new Secret("hunter2");
  deepStrictEqual(changes(sealed, new SealedSecret("id/key", "digest")), []);
  deepStrictEqual(changes(open, new Secret("hunter2")), []);
  deepStrictEqual(changes(sealed, new SealedSecret("blob/other", "digest")).length, 0);
  deepStrictEqual(changes(sealed, new SealedSecret("other/key", "another")).length, 1);
  deepStrictEqual(changes(sealed, open).length, 1);
  deepStrictEqual(changes("hunter2", open), ['x: "hunter2" -> "(sensitive)"']);
  deepStrictEqual(changes(undefined, open), ['x: absent -> "(sensitive)"']);
  deepStrictEqual(changes([sealed], [open], { ...ANY, setLike: true }).length, 2);
});

Deno.test("sameValues() holds exactly where diffValues() finds nothing", () => {
  const hows = [ANY, { ...ANY, setLike: true }];
  fc.assert(fc.property(storedValueArbitrary, storedValueArbitrary, (before, after) => {
    for (const how of hows) {
      for (const [old, now] of [[before, after], [[before, after], [after, before]], [[before], [before]]]) {
        if (old === undefined || now === undefined) continue;
        strictEqual(sameValues(old, now, how), diffValues("x", old, now, how).length === 0);
      }
    }
  }));
});

Deno.test("diffValues() finds nothing between a value and itself, and something when a plain leaf changes", () => {
  fc.assert(fc.property(storedValueArbitrary, (value) => {
    if (!someValue(value, (leaf) => leaf instanceof Unknown)) {
      deepStrictEqual(diffValues("x", value, value, ANY), []);
      deepStrictEqual(diffValues("x", value, value, { ...ANY, setLike: true }), []);
    }
    const isLeafy = someValue(value, (leaf) => leaf !== null);
    const turned = mapValue(value, (leaf) => leaf === null ? null : [leaf, "and more"]);
    if (isLeafy) ok(diffValues("x", value, turned, ANY).length > 0);
  }));
});
