import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import type { ResourceState, StoredObject } from "../engine/resource_state.ts";
import { createStarted } from "./_test_log.ts";
import { packState, unpackState } from "./packed_state.ts";

const PLAIN = { noNullPrototype: true } as const;

const fields = fc.dictionary(
  fc.constantFrom("size", "name", "__proto__", "10"),
  fc.oneof(fc.nat(3), fc.string()),
  {
    maxKeys: 2,
    noNullPrototype: true,
  },
);

const object: fc.Arbitrary<StoredObject> = fc.record({
  id: fc.constantFrom("i-1", "i-2"),
  type: fc.constant("sim.Disk"),
  schemaVersion: fc.nat(2),
  account: fc.constantFrom("", "12"),
  incarnation: fc.nat(3),
  inputs: fields,
  fields,
  outputs: fields,
  precondition: fc.constantFrom(undefined, "", "e1"),
  reliesSince: fc.nat(9),
  dependencies: fc.array(fc.record({ address: fc.constant("net.a"), incarnation: fc.nat(2) }, PLAIN), {
    maxLength: 2,
  }),
  bindings: fc.array(fc.constant({ path: "network", from: ["net.a"], source: "id" }), { maxLength: 1 }),
  triggers: fc.constantFrom({}, { "net.a.id": "1" }),
  description: fc.constantFrom({}, { intent: "why" }, { retained: true as const }),
}, PLAIN);

const intent = {
  run: "r1",
  seq: 8,
  at: "2026-01-02T03:04:05.000Z",
  started: createStarted("a.x", "t3"),
};

const state: fc.Arbitrary<ResourceState> = fc.record({
  address: fc.constant("a.x"),
  version: fc.nat(9),
  incarnation: fc.nat(3),
  object: fc.option(object, { nil: undefined }),
  intent: fc.constantFrom(
    undefined,
    { ...intent, acceptedId: undefined, doubt: undefined },
    { ...intent, acceptedId: "i-3", doubt: undefined },
  ),
  deposed: fc.array(
    fc.record({ object, reason: fc.constantFrom("replaced" as const, "late" as const) }, PLAIN),
    {
      maxLength: 2,
    },
  ),
  taint: fc.constantFrom(undefined, "", "broken"),
  isProtected: fc.boolean(),
  isProtectedByHand: fc.boolean(),
}, PLAIN);

Deno.test("unpackState() gives back, through JSON, what packState() took, undefined parts too", () => {
  fc.assert(fc.property(state, (given) => {
    deepStrictEqual(unpackState(JSON.parse(JSON.stringify(packState(given)))), given);
  }));
});

Deno.test("packState() leaves out what most resources have in common", () => {
  const [sample] = fc.sample(object, 1);
  ok(sample !== undefined);
  const plain = { ...sample, account: "", fields: sample.inputs, outputs: {}, precondition: undefined };
  const alone = { ...plain, dependencies: [], bindings: [], triggers: {}, description: {} };
  const packed = packState({
    ...{ address: "a.x", version: 2, incarnation: 1, object: alone, intent: undefined, deposed: [] },
    ...{ taint: undefined, isProtected: false, isProtectedByHand: false },
  });
  deepStrictEqual(Object.keys(packed).sort(), ["address", "incarnation", "object", "version"]);
  deepStrictEqual(Object.keys(packed.object ?? {}).sort(), [
    "id",
    "incarnation",
    "inputs",
    "reliesSince",
    "schemaVersion",
    "type",
  ]);
});
