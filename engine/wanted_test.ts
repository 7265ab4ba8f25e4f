import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { err, ok as success } from "./result.ts";
import { formatFieldPath, parseFieldPath } from "./schema.ts";
import { record, Unknown, type Value } from "./value.ts";
import {
  bindFields,
  getField,
  hasUnknown,
  setField,
  type SourceLookup,
  storedBindings,
  storedDependencies,
  type Wanted,
  type WantedBinding,
  withoutField,
} from "./wanted.ts";

function wanting(bindings: readonly WantedBinding[]): Wanted {
  return {
    type: "t.Net",
    schemaVersion: 1,
    fields: record([["label", "own"], ["extra", record([["note", "n"]])]]),
    bindings,
    triggers: [],
    dependencies: ["t.a", "t.b"],
    description: {},
    isProtected: false,
    deadlinesMs: { create: 1, update: 1, delete: 1 },
  };
}

const GIVEN: Readonly<Record<string, Value>> = {
  "t.a.id": "id-a",
  "t.b.id": "id-b",
  "t.a.list": ["x", ["y"]],
};

const lookup: SourceLookup = (source) => {
  const value = GIVEN[`${source.address}.${source.output}`];
  return value === undefined ? err({ kind: "MissingOutput", source, available: ["id"] }) : success(value);
};

const A = { address: "t.a", output: "id" };
const B = { address: "t.b", output: "id" };
const LIST = { address: "t.a", output: "list" };

function boundTo(shape: WantedBinding["shape"], sources: WantedBinding["sources"]): Value | undefined {
  const path = { section: "extra", field: "bound" };
  const bound = bindFields(wanting([{ path, sources, shape }]), lookup);
  ok(bound.ok);
  strictEqual(getField(bound.value, { section: "extra", field: "note" }), "n");
  return getField(bound.value, path);
}

Deno.test("bindFields() puts one value, a list with an element a source, or one list of all elements", () => {
  deepStrictEqual(boundTo("single", [A]), "id-a");
  deepStrictEqual(boundTo("list", [B, A]), ["id-b", "id-a"]);
  deepStrictEqual(boundTo("list", [LIST]), [["x", ["y"]]]);
  deepStrictEqual(boundTo("joined", [LIST, B]), ["x", ["y"], "id-b"]);
  deepStrictEqual(boundTo("joined", []), []);
});

Deno.test("bindFields() overwrites what the file set, and makes a section that is not there", () => {
  const bindings: readonly WantedBinding[] = [
    { path: { section: "", field: "label" }, sources: [A], shape: "single" },
    { path: { section: "net", field: "id" }, sources: [B], shape: "single" },
  ];
  const bound = bindFields(wanting(bindings), lookup);
  deepStrictEqual(
    bound.ok && bound.value,
    record([["label", "id-a"], ["extra", record([["note", "n"]])], ["net", record([["id", "id-b"]])]]),
  );
});

Deno.test("bindFields() tells the first source that gives nothing", () => {
  const source = { address: "t.a", output: "nope" };
  const bound = bindFields(
    wanting([{ path: { section: "", field: "x" }, sources: [B, source], shape: "list" }]),
    lookup,
  );
  deepStrictEqual(bound, err({ kind: "MissingOutput", source, available: ["id"] }));
});

Deno.test("storedBindings() keeps every output that a path takes", () => {
  const path = { section: "extra", field: "ids" };
  deepStrictEqual(storedBindings(wanting([{ path, sources: [A, LIST, B], shape: "joined" }])), [
    { path: "extra.ids", from: ["t.a", "t.b"], source: "id" },
    { path: "extra.ids", from: ["t.a"], source: "list" },
  ]);
});

Deno.test("storedDependencies() names the incarnations that live now", () => {
  deepStrictEqual(storedDependencies(wanting([]), (address) => address === "t.a" ? 2 : 0), [
    { address: "t.a", incarnation: 2 },
    { address: "t.b", incarnation: 0 },
  ]);
});

Deno.test("paths are written and read alike, the section up to the first dot", () => {
  for (
    const path of [{ section: "", field: "a" }, { section: "s", field: "a" }, { section: "s", field: "a.b" }]
  ) {
    deepStrictEqual(parseFieldPath(formatFieldPath(path)), path);
  }
});

Deno.test("setField() and withoutField() leave everything else, and what they were given, as it was", () => {
  const fields = record([["a", 1], ["s", record([["b", 2], ["c", 3]])]]);
  const before = structuredClone(fields);
  deepStrictEqual(
    setField(fields, { section: "s", field: "b" }, 9),
    record([["a", 1], ["s", record([["b", 9], ["c", 3]])]]),
  );
  deepStrictEqual(
    withoutField(fields, { section: "s", field: "b" }),
    record([["a", 1], ["s", record([["c", 3]])]]),
  );
  deepStrictEqual(withoutField(fields, { section: "", field: "s" }), record([["a", 1]]));
  deepStrictEqual(withoutField(fields, { section: "none", field: "b" }), fields);
  deepStrictEqual(structuredClone(fields), before);
});

Deno.test("hasUnknown() looks into lists and records", () => {
  ok(hasUnknown(record([["a", [record([["b", new Unknown("t.a")]])]]])));
  ok(!hasUnknown(record([["a", [record([["b", "t.a"]])]]])));
});
