import { deepStrictEqual } from "node:assert/strict";
import { record, Unknown, type Value } from "../../engine/value.ts";
import type { WantedBinding } from "../../engine/wanted.ts";
import { openLists } from "./constraint_fields.ts";

const LATER = new Unknown("net.a");
const PATH = { section: "", field: "zones" };

function opened(shape: WantedBinding["shape"], outputs: readonly string[], zones: Value): Value | undefined {
  const sources = outputs.map((output) => ({ address: "net.a", output }));
  return openLists({ bindings: [{ path: PATH, sources, shape }] }, record([["zones", zones]]))["zones"];
}

Deno.test("openLists() leaves open how long a list is that takes the elements of an unknown one", () => {
  deepStrictEqual(opened("joined", ["zones", "id"], ["a", LATER]), LATER);
});

Deno.test("openLists() keeps lists of ids, lists that are known, and lists with an element a source", () => {
  deepStrictEqual(opened("joined", ["id", "id"], ["a", LATER]), ["a", LATER]);
  deepStrictEqual(opened("joined", ["zones"], ["a", "b"]), ["a", "b"]);
  deepStrictEqual(opened("list", ["zone", "zone"], ["a", LATER]), ["a", LATER]);
  deepStrictEqual(opened("single", ["zone"], LATER), LATER);
});
