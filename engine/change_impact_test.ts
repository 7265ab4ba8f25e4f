import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { changeImpact, type ChangeKind } from "./change_impact.ts";
import { need, type ResourceSketch, testSchema, wantedConfig } from "./planning_fixture_test.ts";
import { resourceGraph } from "./resource_graph.ts";
import { field } from "./schema.ts";

/** A type whose values are made once and live in the log alone. */
const MADE = {
  type: "t.Made",
  summary: "Made once",
  version: 1,
  sections: [],
  outputs: [field("result", { kind: "string" }, "What was made", { immutable: true })],
  world: undefined,
  timeoutsMs: { create: 1, update: 1, delete: 1, read: 1 },
  importId: undefined,
  sbomKind: "data" as const,
};

function impactOf(change: ChangeKind, address: string, sketches: Readonly<Record<string, ResourceSketch>>) {
  const configs = Object.entries(sketches).map(([name, sketch]) => wantedConfig(name, sketch));
  return changeImpact(
    {
      graph: resourceGraph(configs),
      schemas: (type) => type === MADE.type ? MADE : testSchema(type),
      isProtected: (name) => sketches[name]?.isProtected === true,
    },
    address,
    change,
  );
}

/** Each touched resource with its action, in order. */
function actionsOf(...[change, address, sketches]: Parameters<typeof impactOf>): readonly string[] {
  return impactOf(change, address, sketches).touched.map((each) => `${each.address} ${each.action}`);
}

const TAKERS = {
  "a.x": {},
  "b.id": { needs: [need("a.x", "id", "parent")] },
  "b.home": { needs: [need("a.x", "id", "home")] },
  "b.revision": { needs: [need("a.x", "revision", "label")] },
  "b.fixed": { needs: [need("a.x", "revision", "kind")] },
  "b.lasting": { needs: [need("a.x", "arn", "kind")] },
  "b.after": { needs: [need("a.x", "order")] },
} satisfies Record<string, ResourceSketch>;

Deno.test("an update reaches who takes an output that may change, and replaces where the field is fixed", () => {
  deepStrictEqual(actionsOf("update", "a.x", TAKERS), ["b.fixed replace", "b.revision update"]);
  deepStrictEqual(impactOf("update", "a.x", TAKERS).touched.map((each) => each.because), [
    ["kind takes a.x.revision and cannot change in place"],
    ["label takes a.x.revision"],
  ]);
});

Deno.test("of fields that are taken, an update changes those that can change in place, and all that are echoed", () => {
  const takers = {
    "a.x": {},
    "d.x": { type: "t.Data" },
    "b.kind": { needs: [need("a.x", "kind", "label")] },
    "b.label": { needs: [need("a.x", "label", "label")] },
    "b.note": { needs: [need("a.x", "extra.note", "label")] },
    "c.echo": { needs: [need("d.x", "free", "label")] },
    "c.kind": { needs: [need("d.x", "kind", "label")] },
  };
  deepStrictEqual(actionsOf("update", "a.x", takers), ["b.label update", "b.note update"]);
  deepStrictEqual(actionsOf("update", "d.x", takers), ["c.echo update"]);
});

Deno.test("a replacement reaches every dependent: bound anew, updated, or replaced in turn", () => {
  deepStrictEqual(actionsOf("replace", "a.x", TAKERS), [
    "b.after rebind",
    "b.fixed replace",
    "b.home replace",
    "b.id update",
    "b.lasting replace",
    "b.revision update",
  ]);
});

Deno.test("what is replaced in turn passes its change on, what is only bound anew does not", () => {
  const chain = {
    "a.x": {},
    "b.x": { needs: [need("a.x", "id", "home")] },
    "c.x": { needs: [need("b.x", "id", "home")] },
    "d.x": { needs: [need("c.x", "arn", "label")] },
    "e.x": { needs: [need("d.x", "arn", "label")] },
    "f.x": { needs: [need("a.x", "order")] },
    "g.x": { needs: [need("f.x", "revision", "home")] },
  };
  deepStrictEqual(actionsOf("replace", "a.x", chain), [
    "b.x replace",
    "f.x rebind",
    "c.x replace",
    "d.x update",
  ]);
});

Deno.test("of several needs the gravest counts", () => {
  const both = {
    "a.x": {},
    "b.x": { needs: [need("a.x", "order"), need("a.x", "id", "label"), need("a.x", "id", "home")] },
  };
  const { touched } = impactOf("replace", "a.x", both);
  deepStrictEqual(touched.map(({ action, because }) => [action, because]), [
    ["replace", ["home takes a.x.id and cannot change in place"]],
  ]);
});

Deno.test("a field that is ignored stays as it is", () => {
  const ignoring = { "a.x": {}, "b.x": { ignoreChanges: ["home"], needs: [need("a.x", "id", "home")] } };
  deepStrictEqual(actionsOf("replace", "a.x", ignoring), ["b.x rebind"]);
  deepStrictEqual(actionsOf("update", "a.x", ignoring), []);
});

Deno.test("a destroy takes all that rely on it along, dependents first, and forgets what is retained", () => {
  const chain = {
    "a.x": {},
    "b.x": { needs: [need("a.x", "order")] },
    "b.y": { needs: [need("a.x", "id", "parent")], isRetained: true },
    "c.x": { needs: [need("b.x", "id", "parent")] },
  };
  deepStrictEqual(actionsOf("destroy", "a.x", chain), ["c.x delete", "b.x delete", "b.y forget"]);
  strictEqual(impactOf("destroy", "a.x", chain).subject.action, "delete");
});

Deno.test("a protected resource refuses what would end it, and raises the risk by a level", () => {
  const guarded = { "a.x": {}, "b.x": { isProtected: true, needs: [need("a.x", "id", "home")] } };
  for (const change of ["destroy", "replace"] as const) {
    const { refusedBy, risk } = impactOf(change, "a.x", guarded);
    deepStrictEqual(refusedBy, ["b.x"]);
    deepStrictEqual(risk, { level: "Medium", byCount: "Low", raisedBy: ["protected: b.x"] });
  }
  deepStrictEqual(impactOf("update", "a.x", guarded).refusedBy, []);
  deepStrictEqual(impactOf("replace", "b.x", guarded).refusedBy, ["b.x"]);
  const bound = { "a.x": {}, "b.x": { isProtected: true, needs: [need("a.x", "id", "label")] } };
  deepStrictEqual(impactOf("replace", "a.x", bound).refusedBy, []);
});

Deno.test("values that are in the log alone raise the risk of what ends them", () => {
  const made = { "a.x": {}, "m.x": { type: "t.Made" }, "b.x": { needs: [need("m.x", "result", "label")] } };
  const { subject, risk } = impactOf("destroy", "m.x", made);
  strictEqual(subject.loses, "the values made for it are in the log alone, and others would be made");
  deepStrictEqual(risk, {
    level: "Medium",
    byCount: "Low",
    raisedBy: ["what cannot be made again as it was: m.x"],
  });
  deepStrictEqual(impactOf("update", "m.x", made).risk.level, "None");
  deepStrictEqual(impactOf("destroy", "a.x", made).risk, { level: "None", byCount: "None", raisedBy: [] });
});
