import { canonicalJson } from "../../engine/canonical_json.ts";
import { clearValue } from "../../engine/clear_value.ts";
import type { EnvironmentView } from "../../engine/environment.ts";
import type { Value } from "../../engine/value.ts";
import { encodeValue } from "../../engine/value_codec.ts";
import type { ToyCloud } from "../support/toy_cloud.ts";
import type { ToyStack } from "../support/toy_plan.ts";
import { FOREIGN } from "./sim_files.ts";
import { TOY_WORLDS } from "../support/toy_schema.ts";

/** What the log and the cloud together must never show once everything is at rest; empty when all is well. */
export function restViolations(state: EnvironmentView, cloud: ToyCloud, stack: ToyStack): readonly string[] {
  const violations: string[] = [];
  const owned = new Map<string, string>();
  for (const { address, object, intent, deposed } of state.resources.values()) {
    if (intent !== undefined) violations.push(`${address} is still in doubt`);
    for (const each of deposed) violations.push(`${address} still has the deposed object ${each.object.id}`);
    if (object !== undefined) owned.set(object.id, address);
    if (object !== undefined && !(address in stack)) violations.push(`${address} lives, and nobody wants it`);
  }
  for (const { id, token, type } of cloud.alive) {
    // What people have made by hand is theirs until it is taken over.
    if (TOY_WORLDS[type] !== undefined && !owned.has(id) && !token.startsWith(FOREIGN)) {
      violations.push(`the object ${id} of token ${token} lives, and no record holds it`);
    }
  }
  for (const [address, wanted] of Object.entries(stack)) {
    const object = state.resources.get(address)?.object;
    if (object === undefined) {
      violations.push(`${address} is wanted, and does not live`);
      continue;
    }
    if (wanted.type === "toy.Data") continue;
    const real = cloud.alive.find((each) => each.id === object.id)?.versions.at(-1)?.fields;
    if (real === undefined) violations.push(`${address} is ${object.id} in the log, which does not live`);
    for (const [name, value] of Object.entries(wanted.fields ?? {})) {
      if (real !== undefined && textOf(real[name]) !== textOf(value)) {
        violations.push(`${address} has the ${name} ${textOf(real[name])}, not ${textOf(value)}`);
      }
    }
  }
  const tokens = new Set<string>();
  for (const { type, token, id } of cloud.ledger) {
    if (TOY_WORLDS[type] === undefined) continue;
    if (tokens.has(token)) violations.push(`two objects of ${type} bear the token ${token}, one is ${id}`);
    tokens.add(token);
  }
  return violations;
}

/** The resources of a view as one text, to be compared. */
export function textOfState(state: EnvironmentView): string {
  const resources = [...state.resources].sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify([resources, [...state.openTokens].sort(), [...state.liveRuns.keys()].sort()]);
}

function textOf(value: Value | undefined): string {
  return value === undefined ? "nothing" : canonicalJson(encodeValue(clearValue(value)));
}
