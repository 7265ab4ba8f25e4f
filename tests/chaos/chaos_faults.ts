import { CERTAINTIES, FAILURE_KINDS, RETRIES } from "../../engine/call_failure.ts";
import type { JsonObject } from "../../engine/json.ts";
import { OPERATIONS } from "../../providers/sim/fault_rule.ts";
import { SIM_TYPES } from "../../providers/sim/sim_types.ts";
import type { SeededRandom } from "../support/seeded_random.ts";

/**
 * A few rules of what goes wrong in the sim cloud. What comes late stays within the bounds that the schemas promise; `label`
 * keeps their counts apart from those of rules of before.
 */
export function someFaults(random: SeededRandom, settleMs: number, label: string): readonly JsonObject[] {
  return Array.from({ length: 1 + random.below(5) }, (_, nth): JsonObject => {
    const operation = random.pick(random.percent(70) ? ["create", "update", "delete"] : [...OPERATIONS, "*"]);
    const ofType = operation !== "identity" && random.percent(40)
      ? { type: random.pick(SIM_TYPES.map((each) => each.type)) }
      : {};
    const effect = someEffect(random, operation, settleMs);
    const span = { nth: 1 + random.below(4), times: 1 + random.below(3) };
    return { operation, ...ofType, ...span, label: `${label} ${nth}`, effect };
  });
}

function someEffect(random: SeededRandom, operation: string, settleMs: number): JsonObject[string] {
  const roll = random.below(100);
  const doesChange = operation === "create" || operation === "update" || operation === "delete";
  if (roll < 15) return { latency: random.below(random.percent(20) ? 15_000 : 3_000) };
  if (!doesChange) {
    const doesLook = operation === "read" || operation === "list";
    return roll < 35 && doesLook && settleMs > 0 ? { lag: random.below(settleMs) } : lookFailure(random);
  }
  if (roll < 35) return "loseReply";
  if (roll < 43) return "hang";
  if (roll < 53) return { late: random.below(5_000) };
  return {
    fail: {
      kind: random.pick(FAILURE_KINDS),
      retry: random.pick(RETRIES),
      certainty: random.pick(CERTAINTIES),
    },
  };
}

/** Whoever may not list cannot tell later what was made under a unique name: that stays in doubt, and is another test's. */
function lookFailure(random: SeededRandom): JsonObject {
  const kind = random.pick(FAILURE_KINDS.filter((each) => each !== "Denied"));
  return { fail: { kind, retry: random.pick(RETRIES), certainty: "notDone" } };
}
