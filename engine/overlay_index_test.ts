import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { OverlayIndex } from "./overlay_index.ts";

Deno.test("OverlayIndex shows a draft in members, and in durable only after the commit", () => {
  const index = new OverlayIndex<string, string>();
  index.add("net", "subnet");
  index.commit();
  index.add("net", "firewall");
  index.remove("net", "subnet");
  deepStrictEqual([...index.members("net")], ["firewall"]);
  deepStrictEqual([...index.durable.get("net") ?? []], ["subnet"]);
  index.discard();
  deepStrictEqual([...index.members("net")], ["subnet"]);
  index.remove("net", "subnet");
  index.commit();
  deepStrictEqual([...index.durable.keys()], []);
});

const change = fc.oneof(
  fc.record({ op: fc.constant("add" as const), key: fc.nat(2), member: fc.nat(3) }),
  fc.record({ op: fc.constant("remove" as const), key: fc.nat(2), member: fc.nat(3) }),
  fc.record({ op: fc.constant("commit" as const) }),
  fc.record({ op: fc.constant("discard" as const) }),
);

Deno.test("OverlayIndex is two sets of pairs, whatever the order of changes, commits and discards", () => {
  fc.assert(fc.property(fc.array(change), (changes) => {
    const index = new OverlayIndex<number, number>();
    let durable = new Set<string>();
    let draft = new Set<string>();
    for (const each of changes) {
      if (each.op === "commit" || each.op === "discard") {
        if (each.op === "commit") durable = new Set(draft);
        else draft = new Set(durable);
        index[each.op]();
      } else {
        const pair = `${each.key} ${each.member}`;
        if (each.op === "add") draft.add(pair);
        else draft.delete(pair);
        index[each.op](each.key, each.member);
      }
    }
    const seen = [0, 1, 2].flatMap((key) => [...index.members(key)].map((member) => `${key} ${member}`));
    deepStrictEqual(seen.sort(), [...draft].sort());
    const kept = [...index.durable].flatMap(([key, members]) =>
      [...members].map((member) => `${key} ${member}`)
    );
    deepStrictEqual(kept.sort(), [...durable].sort());
  }));
});

Deno.test("what an OverlayIndex holds may be told later: nobody sees a difference, and nobody asks twice", () => {
  const pair = fc.record({ key: fc.nat(2), member: fc.nat(3) });
  fc.assert(fc.property(fc.array(pair), fc.array(change), (held, changes) => {
    const told = new OverlayIndex<number, number>();
    for (const { key, member } of held) told.add(key, member);
    told.commit();
    const later = new OverlayIndex<number, number>();
    let askedCount = 0;
    later.restoreLater(() => {
      askedCount++;
      return new Map([...told.durable].map(([key, members]) => [key, [...members]]));
    });
    strictEqual(askedCount, 0);
    // The first question comes before anything has changed what it is answered by.
    strictEqual(later.durable.size, told.durable.size);
    for (const each of changes) {
      for (const index of [told, later]) {
        if (each.op === "commit" || each.op === "discard") index[each.op]();
        else index[each.op](each.key, each.member);
      }
    }
    deepStrictEqual(new Map(later.durable), new Map(told.durable));
    for (const key of [0, 1, 2]) {
      deepStrictEqual([...later.members(key)].sort(), [...told.members(key)].sort());
      deepStrictEqual(later.durable.has(key), later.durable.get(key) !== undefined);
    }
    strictEqual(askedCount, 1);
  }));
});

Deno.test("an OverlayIndex that is told as late as by a commit ends where one that was told before does", () => {
  const index = new OverlayIndex<string, string>();
  const members = new Map([["net", ["subnet", "gone"]]]);
  index.restoreLater(() => members);
  index.add("net", "firewall");
  index.remove("net", "gone");
  // As of resources that have been committed just before.
  members.set("net", ["subnet", "firewall"]);
  index.commit();
  deepStrictEqual(new Map(index.durable), new Map([["net", new Set(["subnet", "firewall"])]]));
});
