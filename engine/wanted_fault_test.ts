import { deepStrictEqual } from "node:assert/strict";
import { need, plain, type ResourceSketch, testSchema, wantedConfig } from "./planning_fixture_test.ts";
import type { ResourceSchema } from "./schema.ts";
import { Secret } from "./value.ts";
import { wantResource } from "./want.ts";
import type { Wanted } from "./wanted.ts";
import { wantedFault } from "./wanted_fault.ts";

const NET = schemaNamed("t.Net");
const MANY = { sources: ["a", "b"].map((name) => ({ address: `t.${name}`, output: "id" })) };

function schemaNamed(type: string): ResourceSchema {
  const found = testSchema(type);
  if (found === undefined) throw new Error(`The tests have no type ${type}`);
  return found;
}

/** What is wrong with a network after an edit of what its files want; `t.a` and `t.b` are networks, and nothing else is there. */
function faultOf(
  edit: (wanted: Wanted) => Partial<Wanted>,
  sketch: ResourceSketch = {},
  kept: readonly string[] = [],
): string | undefined {
  const wanted = wantResource(wantedConfig("t.x", sketch), NET);
  const isThere = (address: string) => address === "t.a" || address === "t.b";
  return wantedFault(
    { address: "t.x", wanted: { ...wanted, ...edit(wanted) }, schema: NET, kept },
    (address) => isThere(address) ? NET : undefined,
  );
}

Deno.test("wantedFault() finds nothing wrong with what files want", () => {
  const needs = [need("t.a", "id", "peer"), need("t.b", "arn", "label"), need("t.a", "order")];
  deepStrictEqual(faultOf(() => ({}), { needs }), undefined);
  deepStrictEqual(faultOf(() => ({}), { needs: [need("t.a", "id", "members")] }), undefined);
  deepStrictEqual(faultOf(() => ({}), { fields: plain({ label: new Secret("x") }) }), undefined);
});

Deno.test("wantedFault() wants each place to be given what it takes", () => {
  const at = (field: string, shape: "single" | "list") => () => ({
    dependencies: ["t.a", "t.b"],
    bindings: [{ path: { section: "", field }, shape, ...MANY }],
  });
  deepStrictEqual(
    faultOf(at("peer", "single")),
    't.x binds to "peer": it takes one value, and others are given',
  );
  deepStrictEqual(
    faultOf(at("peer", "list")),
    't.x binds to "peer": it takes one value, and a list is given',
  );
  deepStrictEqual(
    faultOf(({ bindings }) => ({ bindings: [...bindings, ...bindings] }), {
      needs: [need("t.a", "id", "peer")],
    }),
    't.x binds to "peer" twice',
  );
});

Deno.test("wantedFault() wants what it takes of others to be among what it relies on, once, and to be there", () => {
  const needs = [need("t.a", "id", "peer")];
  deepStrictEqual(
    faultOf(() => ({ dependencies: [] }), { needs }),
    "t.x takes of t.a, on which it does not rely",
  );
  deepStrictEqual(faultOf(() => ({ dependencies: ["t.a", "t.a"] })), "t.x relies twice on one other");
  deepStrictEqual(faultOf(() => ({ dependencies: ["t.c"] })), "t.x relies on t.c, which is not there");
});

Deno.test("wantedFault() lets stand what is wanted as it lives, whatever the schema says", () => {
  const edit = () => ({ fields: plain({ size: 5 }) });
  const fault = 'it wants what no files can: Cannot set "size" of "t.x" (t.Net): expected a text, found 5';
  deepStrictEqual(faultOf(edit), fault);
  deepStrictEqual(faultOf(edit, {}, ["label"]), fault);
  deepStrictEqual(faultOf(edit, {}, ["size"]), undefined);
});

Deno.test("wantedFault() bounds the time of a call as files do, but for what its type says itself", () => {
  const own = NET.timeoutsMs;
  const faults = [0, 1, 86_400_000, 86_400_001, own.update].map((update) =>
    faultOf(() => ({ deadlinesMs: { ...own, update } })) === undefined
  );
  deepStrictEqual(faults, [false, true, true, false, true]);
});
