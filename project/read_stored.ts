import { decodeRecord } from "../engine/value_codec.ts";
import { markKnown } from "../engine/mark_known.ts";
import { markLike, markSensitive, markSensitiveFields } from "../engine/mark_sensitive.ts";
import { markEchoes, scrub, secretsOf } from "../engine/scrub.ts";
import { requireRecord, type Secret, type Value, type ValueRecord } from "../engine/value.ts";
import type { Clock } from "../engine/clock.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import type { ReadResult } from "../engine/make_plan.ts";
import type { LiveFacts } from "../engine/plan.ts";
import { storedFacts } from "../engine/plan_lookup.ts";
import type { ResourceState, StoredObject } from "../engine/resource_state.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import type { RegisteredType, Registry } from "../providers/registry.ts";
import type { LiveObject } from "../providers/provider.ts";
import { openKeptRecord, reuseSealedRecord } from "../trust/taint.ts";
import type { Vault } from "../trust/vault_port.ts";

/** Reads at once. */
const CONCURRENCY_LIMIT = 20;

/** What refreshing needs. */
export interface RefreshParts {
  readonly state: EnvironmentView;
  readonly registry: Registry;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Addresses to read; all when `undefined`. */
  readonly only: ReadonlySet<string> | undefined;
}

/**
 * Reads every stored object from its provider; those of types without a world are what the log says, and are not asked for.
 * A read that fails is told, never taken for an absence; *not found* is believed only from a second look, later than the
 * type's `settleMs`.
 */
export async function readStored(parts: RefreshParts): Promise<ReadonlyMap<string, ReadResult>> {
  const waiting = [...parts.state.resources.values()].filter(({ address, object }) =>
    object !== undefined && parts.only?.has(address) !== false
  ).values();
  const results = new Map<string, ReadResult>();
  const work = async () => {
    for (const state of waiting) {
      const result = await readOne(parts, state);
      if (result !== undefined) results.set(state.address, result);
    }
  };
  // Nothing is asked any more once the command has ended, so all are waited for when one throws.
  const ends = await Promise.allSettled(Array.from({ length: CONCURRENCY_LIMIT }, work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results;
}

async function readOne(parts: RefreshParts, state: ResourceState): Promise<ReadResult | undefined> {
  const { object } = state;
  if (object === undefined || state.intent !== undefined) return undefined;
  const found = parts.registry.lookUp(object.type);
  if (!found.ok) return { kind: "unread", why: found.error.message };
  const { world } = found.value.schema;
  if (world === undefined) return undefined;
  const first = await readLive(parts, found.value, object);
  if (first.kind !== "gone" || world.settleMs === 0) return first;
  if (!await waitFor(parts, world.settleMs)) {
    return { kind: "unread", why: "it was not found, and the run was interrupted before a second look" };
  }
  return await readLive(parts, found.value, object);
}

/** `false`: interrupted before. */
async function waitFor({ clock, signal }: RefreshParts, ms: number): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch (reason) {
    if (signal.aborted) return false;
    throw reason;
  }
}

async function readLive(
  parts: RefreshParts,
  { schema, provider }: RegisteredType,
  object: StoredObject,
): Promise<ReadResult> {
  const inputs = await openKeptRecord(parts.vault, decodeRecord(object.inputs));
  const timeout = AbortSignal.any([parts.signal, AbortSignal.timeout(schema.timeoutsMs.read)]);
  const outputs = await openKeptRecord(parts.vault, decodeRecord(object.outputs));
  const { opened: applied } = inputs;
  const request = { type: object.type, id: object.id, applied, outputs: outputs.opened };
  const answer = await provider.read(request, timeout);
  const secrets = secretsOf(applied);
  if (!answer.ok) {
    return { kind: "unread", why: `it could not be read: ${scrub(answer.error.message, secrets)}` };
  }
  if (answer.value === undefined) return { kind: "gone" };
  // Some types tell what was applied last, where the world does not.
  const putBack = (told: ValueRecord) => outputs.putBack(inputs.putBack(told));
  const { fields, outputs: given } = answer.value;
  const live = { ...answer.value, fields: putBack(fields), outputs: putBack(given) };
  return { kind: "found", facts: await alignFacts({ ...parts, schema, secrets }, live, object) };
}

/** What is secret is marked as such; what has not changed is the very secret that the log holds, the rest stays open, in memory only. */
async function alignFacts(
  parts: { readonly vault: Vault; readonly schema: ResourceSchema; readonly secrets: readonly Secret[] },
  live: LiveObject,
  object: StoredObject,
): Promise<LiveFacts> {
  const { vault, schema, secrets } = parts;
  const stored = storedFacts(object);
  const inputs = decodeRecord(object.inputs);
  const before = [inputs, stored.fields, stored.outputs];
  const known = (value: Value) => markKnown(requireRecord(value), (text) => vault.carries(text), before);
  const marked = markLike(markSensitiveFields(live.fields, schema.sections), inputs);
  const fields = known(markLike(marked, stored.fields));
  const outputs = known(markLike(markSensitive(live.outputs, schema.outputs), stored.outputs));
  return {
    id: live.id,
    fields: await reuseSealedRecord(
      vault,
      await reuseSealedRecord(vault, fields, stored.fields),
      inputs,
    ),
    outputs: await reuseSealedRecord(vault, markEchoes(outputs, secrets), stored.outputs),
    precondition: live.precondition,
  };
}
