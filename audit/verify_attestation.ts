import { canonicalJson } from "../engine/canonical_json.ts";
import type { KeyState } from "../engine/environment.ts";
import type { TrustedKey } from "../engine/environment_event.ts";
import { IntegrityError, type IntegrityKind } from "../engine/integrity_error.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../engine/json.ts";
import type { RecordChecks } from "../store/record_checks.ts";
import { type Envelope, type EnvelopeSignature, preAuthEncoding, readEnvelope } from "../trust/dsse.ts";
import { rawEcdsaSignature } from "../trust/ecdsa_signature.ts";
import { attestRun, PAYLOAD_TYPE } from "./attestation.ts";
import { digestWith } from "./digest_set.ts";
import { stateAfter, type VerifiedLog } from "./verified_log.ts";

/** What verifying an attestation takes of cryptography. */
export type AttestationChecks = RecordChecks;

/** An attestation that holds. */
export interface VerifiedAttestation {
  readonly run: string;
  readonly statement: JsonObject;
  /** The key that signed it. */
  readonly key: TrustedKey;
}

/**
 * Verifies the text of an attestation against the log that it is of: a key must have signed it that the log trusts now and
 * that may apply, and it must say what the log says. `path` names it for people. Throws an `IntegrityError` otherwise.
 */
export async function verifyAttestation(
  log: VerifiedLog,
  { path, text }: { readonly path: string; readonly text: string },
  checks: AttestationChecks,
): Promise<VerifiedAttestation> {
  const envelope = readEnvelope(parseJson(text) ?? null);
  if (envelope === undefined) throw untrusted("malformed", path, "it is not an envelope of DSSE");
  if (envelope.payloadType !== PAYLOAD_TYPE) {
    throw untrusted("malformed", path, `its payload is of type "${envelope.payloadType}"`);
  }
  const key = await signingKey(envelope, stateAfter(log, log.head.seq).keys, path, checks);
  const statement = parseJson(new TextDecoder().decode(envelope.payload));
  const run = runOf(statement);
  if (!isJsonObject(statement) || run === undefined) {
    throw untrusted("malformed", path, "it holds no statement about a run");
  }
  const told = await attestRun(log, run, digestWith(checks.hash));
  if (told === undefined) throw untrusted("chain", path, `this log knows no run "${run}" that has ended`);
  const differing = differenceOf(statement, told, "");
  if (differing !== undefined) {
    throw untrusted("chain", path, `its "${differing}" is not what the log says of run ${run.slice(0, 8)}`);
  }
  return { run, statement, key };
}

/** The key that signed, among those that the log trusts. The hint in the envelope only says which to try first. */
async function signingKey(
  { payload, payloadType, signatures }: Envelope,
  keys: ReadonlyMap<string, KeyState>,
  path: string,
  checks: AttestationChecks,
): Promise<TrustedKey> {
  const trusted = [...keys.values()].filter(({ key, isRevoked }) =>
    !isRevoked && key.roles.includes("apply")
  );
  const statement = preAuthEncoding(payloadType, payload);
  for (const { keyId, signature } of signatures) {
    const hinted = trusted.filter(({ key }) => key.id === keyId);
    for (const { key } of hinted.length > 0 ? hinted : trusted) {
      if (await isOf(key, { statement, signature }, path, checks)) return key;
    }
  }
  const hints = signatures.map(({ keyId }) => keyId).filter((each) => each !== "");
  if (hints.length > 0 && !trusted.some(({ key }) => hints.includes(key.id))) {
    throw untrusted("key", path, `the log trusts no key ${hints.join(", ")} that may apply`);
  }
  throw untrusted("signature", path, "its signature is none of a key that the log trusts");
}

async function isOf(
  key: TrustedKey,
  { statement, signature }: Pick<EnvelopeSignature, "signature"> & {
    readonly statement: Uint8Array<ArrayBuffer>;
  },
  path: string,
  { verifySignature }: AttestationChecks,
): Promise<boolean> {
  // Other programs have signatures by ECDSA in DER; the log has them raw.
  const raw = key.algorithm === "ECDSA-P256-SHA256" ? rawEcdsaSignature(signature) : signature;
  if (raw === undefined) return false;
  try {
    await verifySignature(key, statement, raw, path);
    return true;
  } catch (error) {
    if (error instanceof IntegrityError && error.kind === "signature") return false;
    throw error;
  }
}

function runOf(statement: Json | undefined): string | undefined {
  const run = ["predicate", "runDetails", "metadata", "invocationId"].reduce<Json | undefined>(
    (part, key) => isJsonObject(part) && Object.hasOwn(part, key) ? part[key] : undefined,
    statement,
  );
  return typeof run === "string" ? run : undefined;
}

/** The path of the first part in which `found` is not `wanted`; `undefined`: there is none. */
function differenceOf(found: Json | undefined, wanted: Json | undefined, path: string): string | undefined {
  if (isJsonObject(found) && isJsonObject(wanted)) {
    const keys = new Set([...Object.keys(wanted), ...Object.keys(found)]);
    for (const key of keys) {
      const inner = differenceOf(own(found, key), own(wanted, key), path === "" ? key : `${path}.${key}`);
      if (inner !== undefined) return inner;
    }
    return undefined;
  }
  const isSame = found !== undefined && wanted !== undefined &&
    canonicalJson(found) === canonicalJson(wanted);
  return isSame ? undefined : path;
}

function own(json: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(json, key) ? json[key] : undefined;
}

function untrusted(kind: IntegrityKind, path: string, why: string): IntegrityError {
  return new IntegrityError(kind, path, `Cannot trust the attestation in "${path}": ${why}`);
}
