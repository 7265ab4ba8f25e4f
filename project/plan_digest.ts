import type { Arrival } from "../engine/arrivals.ts";
import { canonicalJson } from "../engine/canonical_json.ts";
import type { Json } from "../engine/json.ts";
import { isTouched, type Plan, type PlannedResource } from "../engine/plan.ts";
import { mapValue, Secret, Unknown, type Value } from "../engine/value.ts";
import { encodeValue } from "../engine/value_codec.ts";

/** Hashes text, in hex. */
export type TextHash = (text: string) => string;

/** BLAKE3 of what a plan does, in canonical form: what it was made on, and each action with what it wants. Secrets that are not sealed yet are left out. */
export function planDigest(hash: TextHash, plan: Plan): string {
  return hash(canonicalJson({
    command: plan.command,
    environment: plan.environment,
    stream: plan.stream,
    madeOn: { seq: plan.madeOn.seq, hash: plan.madeOn.hash },
    resources: plan.resources.filter(isTouched).map(
      digested,
    ),
  }));
}

function digested(planned: PlannedResource): Json {
  const { address, type, action, version, objectId = null, deposed, retained, bound, goesFirst } = planned;
  const { accepted, arrival } = planned;
  const fields = bound === undefined ? null : encodeValue(mapValue(bound, withoutClearText));
  return {
    address,
    type,
    action,
    version,
    objectId,
    deposed: [...deposed],
    retained: [...retained],
    fields,
    goesFirst: [...goesFirst],
    ...(accepted === undefined ? {} : { accepted: encodeValue(mapValue(accepted, withoutClearText)) }),
    ...(arrival === undefined ? {} : { arrival: arrivalKey(arrival) }),
  };
}

function arrivalKey(arrival: Arrival): Json {
  return arrival.kind === "moved" ? { from: arrival.from } : { id: arrival.facts.id };
}

function withoutClearText(leaf: Value): Value {
  return leaf instanceof Secret ? new Unknown("secret") : leaf;
}
