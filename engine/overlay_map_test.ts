import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { OverlayMap } from "./overlay_map.ts";

Deno.test("OverlayMap shows a draft in its own reads, and in durable only after the commit", () => {
  const map = new OverlayMap([["kept", 1], ["changed", 2], ["deleted", 3]]);
  const { durable } = map;
  map.set("changed", 20);
  map.set("added", 4);
  map.delete("deleted");
  deepStrictEqual([...map.entries()], [["kept", 1], ["changed", 20], ["added", 4]]);
  deepStrictEqual([...durable], [["kept", 1], ["changed", 2], ["deleted", 3]]);
  map.commit();
  deepStrictEqual([...durable], [["kept", 1], ["changed", 20], ["added", 4]]);
});

Deno.test("OverlayMap forgets a discarded draft", () => {
  const map = new OverlayMap([["a", 1]]);
  map.set("a", 2);
  map.set("b", 3);
  map.delete("a");
  map.discard();
  deepStrictEqual([...map.entries()], [["a", 1]]);
  map.commit();
  deepStrictEqual([...map.durable], [["a", 1]]);
});

const change = fc.oneof(
  fc.record({ op: fc.constant("set" as const), key: fc.nat(3), value: fc.nat() }),
  fc.record({ op: fc.constant("delete" as const), key: fc.nat(3) }),
  fc.record({ op: fc.constantFrom("commit" as const, "discard" as const) }),
);

Deno.test("OverlayMap is two maps, whatever the order of changes, commits and discards", () => {
  fc.assert(fc.property(fc.array(change), (changes) => {
    const map = new OverlayMap<number, number>();
    let durable = new Map<number, number>();
    let draft = new Map<number, number>();
    for (const each of changes) {
      if (each.op === "set") draft.set(each.key, each.value);
      else if (each.op === "delete") draft.delete(each.key);
      else if (each.op === "commit") durable = new Map(draft);
      else draft = new Map(durable);
      if (each.op === "set") map.set(each.key, each.value);
      else if (each.op === "delete") map.delete(each.key);
      else map[each.op]();
    }
    deepStrictEqual(new Map(map.entries()), draft);
    deepStrictEqual(new Map(map.durable), durable);
    for (const key of [0, 1, 2, 3]) strictEqual(map.get(key), draft.get(key));
  }));
});
