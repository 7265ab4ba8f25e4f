import type { Arrival } from "../engine/arrivals.ts";
import { isTouched, type LiveFacts, type Plan, type PlannedResource } from "../engine/plan.ts";
import { sealRecord } from "../trust/taint.ts";
import type { Vault } from "../trust/vault_port.ts";

/**
 * The same plan with every secret that a run of it needs sealed, and without what it does not touch. What is only shown stays
 * as it is.
 */
export async function sealPlan(vault: Vault, plan: Plan): Promise<Plan> {
  const touched = plan.resources.filter(isTouched);
  const resources: PlannedResource[] = [];
  for (const each of touched) resources.push(await sealResource(vault, each));
  return { ...plan, resources };
}

async function sealResource(vault: Vault, planned: PlannedResource): Promise<PlannedResource> {
  const { wanted, drift, arrival } = planned;
  return {
    ...planned,
    wanted: wanted && { ...wanted, fields: await sealRecord(vault, wanted.fields) },
    drift: drift?.found ? { ...drift, found: await sealFacts(vault, drift.found) } : drift,
    arrival: arrival && await sealArrival(vault, arrival),
  };
}

async function sealArrival(vault: Vault, arrival: Arrival): Promise<Arrival> {
  if (arrival.kind === "moved") return arrival;
  const facts = await sealFacts(vault, arrival.facts);
  return { ...arrival, facts, inputs: await sealRecord(vault, arrival.inputs) };
}

async function sealFacts(vault: Vault, facts: LiveFacts): Promise<LiveFacts> {
  return {
    ...facts,
    fields: await sealRecord(vault, facts.fields),
    outputs: await sealRecord(vault, facts.outputs),
  };
}
