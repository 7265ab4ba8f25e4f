import { canonicalJson, parseCanonicalJson } from "./canonical_json.ts";
import type { Json } from "./json.ts";

/** As an apply at parallelism 10 groups them. */
const EVENT_COUNT = 100;

function event(index: number, keys: readonly string[]): Json {
  const all: Record<string, Json> = {
    type: "CreateStarted",
    address: `data.r${index}`,
    token: index.toString(16).padStart(32, "0"),
    resourceType: "local.Data",
    inputs: { input: { index } },
    dependencies: [{ address: "data.r0", incarnation: 1 }],
    description: {},
    deadlineMs: 60_000,
  };
  return Object.fromEntries(keys.map((key) => [key, all[key] ?? null]));
}

const AS_MADE = [
  "type",
  "address",
  "token",
  "resourceType",
  "inputs",
  "dependencies",
  "description",
  "deadlineMs",
];
const asMade = Array.from({ length: EVENT_COUNT }, (_, index) => event(index, AS_MADE));
const inOrder = Array.from({ length: EVENT_COUNT }, (_, index) => event(index, AS_MADE.toSorted()));
const text = canonicalJson(inOrder);
const size = `${EVENT_COUNT} events, ${(text.length / 1e3).toFixed(0)} kB`;

Deno.bench(`write ${size}, keys in order`, { group: "canonical JSON", baseline: true }, () => {
  canonicalJson(inOrder);
});
Deno.bench(`write ${size}, keys as events are made`, { group: "canonical JSON" }, () => {
  canonicalJson(asMade);
});
Deno.bench(`read ${size}`, { group: "canonical JSON" }, () => {
  parseCanonicalJson(text);
});
