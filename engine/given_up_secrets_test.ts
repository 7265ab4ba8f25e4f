import { deepStrictEqual } from "node:assert/strict";
import type { Event } from "./event.ts";
import { GivenUpSecrets, giveUpCommand } from "./given_up_secrets.ts";

const [ONE, TWO] = ["01".repeat(16), "02".repeat(16)];

function started(command: string): Event {
  return {
    ...{ type: "RunStarted", run: "r", command, writes: [], reads: [] },
    ...{ host: "laptop", who: "ada", ttlMs: 30_000 },
  };
}

function recordsOf(
  events: readonly (readonly [run: string, event: Event, by?: string])[],
): ReadonlyMap<string, number> {
  const given = new GivenUpSecrets();
  events.forEach(([run, event, by = "k"], index) => given.see(event, { run, seq: index + 1, by }));
  return given.records;
}

Deno.test("GivenUpSecrets takes what a run gives up once that run has exchanged a data key, and nobody else's word", () => {
  const says = started(giveUpCommand([ONE, TWO]));
  const rotated: Event = { type: "SecretsRotated", dropped: "k1" };
  deepStrictEqual([...recordsOf([["a", says], ["a", rotated], ["a", rotated]])], [[ONE, 2], [TWO, 2]]);
  deepStrictEqual([...recordsOf([["a", says], ["a", { type: "RunFinished", outcome: "failed" }]])], []);
  deepStrictEqual([...recordsOf([["a", says, "thief"], ["a", rotated]])], []);
  deepStrictEqual([...recordsOf([["a", says], ["a", rotated, "k2"]])], []);
  deepStrictEqual([...recordsOf([["a", says], ["b", started("secrets rotate")], ["b", rotated]])], []);
  deepStrictEqual([...recordsOf([["a", started(`apply ${ONE}`)], ["a", rotated]])], []);
  deepStrictEqual([...recordsOf([["a", started("secrets rotate --give-up all ../x")], ["a", rotated]])], []);
});
