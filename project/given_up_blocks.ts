import { makePlan, type PlanInput, type ReadResult } from "../engine/make_plan.ts";
import { type NeededSecret, neededSecrets } from "../engine/needed_secrets.ts";
import type { Plan, PlannedResource } from "../engine/plan.ts";
import { stepsOf } from "../engine/plan_steps.ts";
import type { Vault } from "../trust/vault_port.ts";

/**
 * Makes a plan in which nothing is done that would take a secret which nobody has any more: such a resource cannot be decided, as
 * one that cannot be read, and the others go on.
 */
export async function planAroundGivenUp(
  input: PlanInput,
  vault: Pick<Vault, "isGivenUp">,
): Promise<Plan> {
  const plan = makePlan(input);
  const blocked = await blockedByGivenUp(input, plan, vault);
  if (blocked.size === 0) return plan;
  // Each time at least one resource more is left alone, so that it comes to an end.
  return await planAroundGivenUp({ ...input, reads: new Map([...input.reads, ...blocked]) }, vault);
}

async function blockedByGivenUp(
  { state, schemas }: PlanInput,
  plan: Plan,
  vault: Pick<Vault, "isGivenUp">,
): Promise<ReadonlyMap<string, ReadResult>> {
  const planned = new Map(plan.resources.map((each) => [each.address, each]));
  const blocked = new Map<string, ReadResult>();
  for (const needed of neededSecrets(plan.resources, stepsOf(plan, state), state)) {
    const { address, sealed, use } = needed;
    const resource = planned.get(address);
    if (resource === undefined || blocked.has(address)) continue;
    if (use === "removed" && schemas(resource.type)?.deletesByApplied !== true) continue;
    if (await vault.isGivenUp(sealed)) {
      blocked.set(address, { kind: "unread", why: whyNot(resource, needed) });
    }
  }
  return blocked;
}

function whyNot({ address, wanted }: PlannedResource, { use }: NeededSecret): string {
  if (use === "removed") {
    return "its deletion takes a secret that was given up; do by hand what it would do, " +
      `then smelt state rm ${address}`;
  }
  const sources = new Set((wanted?.bindings ?? []).flatMap((each) => each.sources.map((one) => one.address)));
  const giver = [...sources].map((each) => `--replace ${each}`).join(" or ");
  return "it would send a secret that was given up; give it another value" +
    (giver === "" ? "" : `, or make what gives it anew with ${giver}`);
}
