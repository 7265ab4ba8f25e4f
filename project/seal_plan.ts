import type { Arrival } from "../engine/arrivals.ts";
import { canonicalJson } from "../engine/canonical_json.ts";
import type { LiveFacts } from "../engine/plan.ts";
import type { PlanSeed, SeedResource } from "../engine/plan_seed.ts";
import { encodeValue } from "../engine/value_codec.ts";
import type { SealedSecret } from "../engine/value.ts";
import { sealRecord } from "../trust/taint.ts";
import type { Vault } from "../trust/vault_port.ts";

/** The same seed with every secret in it sealed. */
export async function sealSeed(vault: Vault, seed: PlanSeed): Promise<PlanSeed> {
  const resources: SeedResource[] = [];
  for (const each of seed.resources) resources.push(await sealResource(onceAValue(vault), each));
  const beside: PlanSeed["beside"][number][] = [];
  for (const { address, read } of seed.beside) {
    beside.push({ address, read: read && await sealFacts(onceAValue(vault), read) });
  }
  return { ...seed, resources, beside };
}

/** What is wanted and what lives are compared once more when they are sealed: the same value must be the same secret. */
function onceAValue(vault: Vault): Vault {
  const sealed = new Map<string, Promise<SealedSecret>>();
  return {
    ...vault,
    dataKey: vault.dataKey,
    seal: (clear) => {
      const text = canonicalJson(encodeValue(clear));
      const known = sealed.get(text) ?? vault.seal(clear);
      sealed.set(text, known);
      return known;
    },
  };
}

async function sealResource(vault: Vault, resource: SeedResource): Promise<SeedResource> {
  const { wanted, read, arrival } = resource;
  return {
    ...resource,
    wanted: wanted && { ...wanted, fields: await sealRecord(vault, wanted.fields) },
    read: read && await sealFacts(vault, read),
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
