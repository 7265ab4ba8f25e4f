import type { CallFailure } from "../engine/call_failure.ts";
import type { JsonObject } from "../engine/json.ts";
import { markKnown } from "../engine/mark_known.ts";
import { markLike, markSensitive, markSensitiveFields } from "../engine/mark_sensitive.ts";
import type { LiveFacts } from "../engine/plan.ts";
import type { ObjectFacts } from "../engine/resource_event.ts";
import type { StoredObject } from "../engine/resource_state.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import { markEchoes, scrub, secretsOf } from "../engine/scrub.ts";
import {
  requireRecord,
  SealedSecret,
  Secret,
  someValue,
  type Value,
  type ValueRecord,
} from "../engine/value.ts";
import { decodeRecord, encodeRecord } from "../engine/value_codec.ts";
import { openKeptRecord, openRecord, renewRecord, reuseSealed, sealRecord } from "../trust/taint.ts";
import type { Vault } from "../trust/vault_port.ts";

/** The fields of an intent, opened for the one call that sends them. */
export interface OpenedInputs {
  readonly fields: ValueRecord;
  readonly secrets: readonly Secret[];
}

/** Opens stored inputs. Nothing but a call to a provider may see what comes out. */
export async function openInputs(vault: Vault, inputs: JsonObject): Promise<OpenedInputs> {
  const sealed = decodeRecord(inputs);
  if (!someValue(sealed, isSealed)) return { fields: sealed, secrets: [] };
  const fields = await openRecord(vault, sealed);
  return { fields, secrets: secretsOf(fields) };
}

/** The same without what was given up: an `Unknown` stands for it. For those who send nothing of it. */
export async function openKeptInputs(vault: Vault, inputs: JsonObject): Promise<OpenedInputs> {
  const { opened } = await openKeptRecord(vault, decodeRecord(inputs));
  return { fields: opened, secrets: secretsOf(opened) };
}

/** Seals and encodes the fields of a new intent; a secret that has not changed since `stored` keeps its blob. */
export async function sealInputs(
  vault: Vault,
  schema: ResourceSchema,
  fields: ValueRecord,
  stored: StoredObject | undefined,
): Promise<JsonObject> {
  const marked = markSensitiveFields(fields, schema.sections);
  if (!someValue(marked, isSecret)) return encodeRecord(marked);
  return await sealedLike(vault, marked, stored?.inputs);
}

/**
 * Seals and encodes what a provider told: whatever the schema calls sensitive, whatever was sent as a secret, outputs
 * that carry one, and whatever carries any other that is known. A secret that comes back as it was sent, or as it was told before, keeps its blob.
 */
export async function sealFacts(
  vault: Vault,
  schema: ResourceSchema,
  live: LiveFacts,
  sent: {
    readonly inputs: JsonObject;
    readonly secrets: readonly Secret[];
    readonly before: StoredObject | undefined;
  },
): Promise<ObjectFacts> {
  const model = decodeRecord(sent.inputs);
  const fields = markLike(markSensitiveFields(live.fields, schema.sections), model);
  const echoed = schema.echoes === undefined ? undefined : model[schema.echoes];
  const outputs = markLike(markSensitive(live.outputs, schema.outputs), echoed);
  const carried = sent.secrets.length === 0
    ? requireRecord(outputs)
    : markEchoes(requireRecord(outputs), sent.secrets);
  const told = [sent.before?.fields, sent.before?.outputs].map((each) => each && decodeRecord(each));
  const known = (value: Value) =>
    markKnown(requireRecord(value), (text) => vault.carries(text), [model, ...told]);
  const echoing = requireRecord(await reuseSealed(vault, known(carried), echoed));
  const facts = {
    id: live.id,
    fields: await sealedLike(vault, known(fields), sent.inputs),
    outputs: await sealedLike(vault, echoing, sent.before?.outputs),
  };
  return live.precondition === undefined ? facts : { ...facts, precondition: live.precondition };
}

/** Seals and encodes what a plan has read: what is secret in it is marked already, what the log holds is sealed. */
export async function sealedFacts(
  vault: Vault,
  { id, fields, outputs, precondition }: LiveFacts,
): Promise<ObjectFacts> {
  const facts = {
    id,
    fields: encodeRecord(await renewRecord(vault, await sealRecord(vault, fields))),
    outputs: encodeRecord(await renewRecord(vault, await sealRecord(vault, outputs))),
  };
  return precondition === undefined ? facts : { ...facts, precondition };
}

/**
 * Seals and encodes an object that is taken over. What of it counts as sent and what lives are one secret, so that the next plan
 * finds no difference between them.
 */
export async function sealTakenOver(
  vault: Vault,
  facts: LiveFacts,
  inputs: ValueRecord,
): Promise<ObjectFacts & { readonly inputs: JsonObject }> {
  const sealed = await sealRecord(vault, inputs);
  const fields = requireRecord(await reuseSealed(vault, facts.fields, sealed));
  return { inputs: encodeRecord(sealed), ...await sealedFacts(vault, { ...facts, fields }) };
}

/** The failure with every clear text of `secrets` taken out of its message. */
export function scrubFailure(failure: CallFailure, secrets: readonly Secret[]): CallFailure {
  return secrets.length === 0 ? failure : { ...failure, message: scrub(failure.message, secrets) };
}

/** What was sealed under a data key of before comes out under the active one, with its digest: the log takes no other. */
async function sealedLike(
  vault: Vault,
  value: ValueRecord,
  stored: JsonObject | undefined,
): Promise<JsonObject> {
  if (!someValue(value, isSecret)) return encodeRecord(value);
  const reused = await reuseSealed(vault, value, stored === undefined ? undefined : decodeRecord(stored));
  return encodeRecord(await renewRecord(vault, await sealRecord(vault, requireRecord(reused))));
}

function isSealed(value: Value): boolean {
  return value instanceof SealedSecret;
}

function isSecret(value: Value): boolean {
  return value instanceof SealedSecret || value instanceof Secret;
}
