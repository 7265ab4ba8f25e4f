import { deepStrictEqual } from "node:assert/strict";
import { durableView, Environment } from "./environment.ts";
import { absentResource } from "./resource_state.ts";
import { durableLookup } from "./run_logic_binding.ts";
import { ok } from "./result.ts";
import { record, SealedSecret } from "./value.ts";
import { encodeRecord } from "./value_codec.ts";

const HUGE = 9223372036854775807n;

function stateWith(outputs: Parameters<typeof encodeRecord>[0]) {
  const environment = new Environment();
  environment.resources.set("a.b", {
    ...absentResource("a.b"),
    object: {
      id: "id-1",
      type: "sim.Key",
      schemaVersion: 1,
      account: "",
      incarnation: 1,
      inputs: {},
      fields: encodeRecord(record([["size", HUGE]])),
      outputs: encodeRecord(outputs),
      precondition: undefined,
      reliesSince: 1,
      dependencies: [],
      bindings: [],
      triggers: {},
      description: {},
    },
  });
  environment.commit();
  return durableView(environment);
}

Deno.test("durableLookup() gives a sealed secret as the secret that the log holds, not as its encoding", () => {
  const secret = new SealedSecret("id/key", "digest");
  const lookup = durableLookup(stateWith(record([["result", secret]])));
  deepStrictEqual(lookup({ address: "a.b", output: "result" }), ok(secret));
});

Deno.test("durableLookup() gives ids, outputs and fields as values", () => {
  const lookup = durableLookup(stateWith(record([["count", HUGE]])));
  deepStrictEqual(lookup({ address: "a.b", output: "id" }), ok("id-1"));
  deepStrictEqual(lookup({ address: "a.b", output: "count" }), ok(HUGE));
  deepStrictEqual(lookup({ address: "a.b", output: "size" }), ok(HUGE));
});

Deno.test("durableLookup() names what there is instead of a missing output", () => {
  const lookup = durableLookup(stateWith(record([["count", 1]])));
  const source = { address: "a.b", output: "total" };
  deepStrictEqual(lookup(source), {
    ok: false,
    error: { kind: "MissingOutput", source, available: ["id", "count"] },
  });
});
