import { canonicalJson } from "../engine/canonical_json.ts";
import type { Json } from "../engine/json.ts";
import type { ResourceState } from "../engine/resource_state.ts";
import { packState, unpackState } from "./packed_state.ts";

const COUNT = 10_000;

const states = Array.from({ length: COUNT }, (_, index): ResourceState => ({
  address: `data.r${index}`,
  version: 2,
  incarnation: 1,
  object: {
    id: index.toString(16).padStart(32, "0"),
    type: "local.Data",
    schemaVersion: 1,
    account: "",
    incarnation: 1,
    inputs: { input: { index } },
    fields: { input: { index } },
    outputs: { index },
    precondition: undefined,
    reliesSince: 4,
    dependencies: [{ address: "data.r0", incarnation: 1 }],
    bindings: [],
    triggers: {},
    description: {},
  },
  intent: undefined,
  deposed: [],
  taint: undefined,
  isProtected: false,
  isProtectedByHand: false,
}));
const text = canonicalJson(states.map(packState) as unknown as Json);
const size = `${COUNT} resources, ${(text.length / 1e6).toFixed(1)} MB`;

Deno.bench(`read ${size} of a checkpoint`, { group: "checkpoint", baseline: true }, () => {
  JSON.parse(text).map(unpackState);
});
Deno.bench(`write ${size} of a checkpoint`, { group: "checkpoint" }, () => {
  canonicalJson(states.map(packState) as unknown as Json);
});
