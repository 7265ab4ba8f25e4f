import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { canonicalJson } from "./canonical_json.ts";
import type { Event } from "./event.ts";
import { eventValues, mapEventValues } from "./event_values.ts";
import { renameBlobs } from "./sealed_blobs.ts";

const FACTS = { id: "i-1", fields: { a: 1 }, outputs: { b: 2 } };

const SAMPLES: readonly (readonly [event: Event, values: number])[] = [
  [{ type: "CreateSucceeded", address: "a.x", token: "t", ...FACTS }, 2],
  [{ type: "DriftAccepted", address: "a.x", id: "i-1", inputs: { c: 3 } }, 1],
  [{ type: "Observed", address: "a.x", id: "i-1", found: FACTS }, 2],
  [{ type: "Observed", address: "a.x", id: "i-1", found: null }, 0],
  [
    {
      type: "OutcomeResolved",
      address: "a.x",
      token: "t",
      outcome: "done",
      evidence: "id",
      found: FACTS,
    },
    2,
  ],
  [
    {
      type: "Imported",
      address: "a.x",
      ...FACTS,
      inputs: {},
      resourceType: "sim.Disk",
      schemaVersion: 1,
      account: "1",
    },
    3,
  ],
  [{ type: "Tainted", address: "a.x", reason: "asked for" }, 0],
  [{ type: "RunRenewed" }, 0],
];

for (const [event, count] of SAMPLES) {
  Deno.test(`eventValues() finds ${count} in ${JSON.stringify(event)}, and mapEventValues() changes them alone`, () => {
    strictEqual(eventValues(event).length, count);
    deepStrictEqual(mapEventValues(event, (value) => value), event);
    const changed = mapEventValues(event, () => ({ changed: true }));
    deepStrictEqual(eventValues(changed), Array.from({ length: count }, () => ({ changed: true })));
  });
}

Deno.test("renameBlobs() renames secrets wherever they are, keeps their digests, and leaves data that looks like one", () => {
  const sealed = (blob: string) => ({ $secret: { blob, digest: "h" } });
  const value = {
    list: [sealed("a/k1"), { deep: sealed("b/k1") }],
    other: sealed("c/k1"),
    odd: { $object: { $x: "a/k1" } },
  };
  const renamed = renameBlobs(value, new Map([["a/k1", "a/k2"], ["b/k1", "b/k2"]]));
  strictEqual(
    canonicalJson(renamed),
    canonicalJson({ ...value, list: [sealed("a/k2"), { deep: sealed("b/k2") }] }),
  );
});
