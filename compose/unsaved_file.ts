import { dirname } from "node:path";
import { canonicalJson } from "../engine/canonical_json.ts";
import { type Clock, formatInstant } from "../engine/clock.ts";
import type { KeyState } from "../engine/environment.ts";
import type { TrustedKey } from "../engine/environment_event.ts";
import type { Event } from "../engine/event.ts";
import { readEvent } from "../engine/event_codec.ts";
import { IntegrityError, type IntegrityKind } from "../engine/integrity_error.ts";
import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { readCanonical } from "../store/canonical_text.ts";
import type { RecordChecks } from "../store/record_checks.ts";
import { storedBytes, TAB } from "../store/record_codec.ts";
import { syncFolder } from "../store/sync_folder.ts";
import { writeAll } from "../store/write_all.ts";
import { fromBase64url } from "../trust/base64url.ts";
import type { Hash } from "../trust/blake3.ts";
import type { Signer } from "../trust/signer.ts";
import { unsavedStatement } from "../trust/statement.ts";

/**
 * Outcomes that could not be appended, in a file until the next run appends them. Admission believes an outcome by its token,
 * and tokens stand in the log for all to read; so the file is signed like a record, and names the log that it belongs to:
 * `<canonical JSON>` TAB `<signature in base64url>` LF.
 */

/** What signs the outcomes of a run. */
export interface UnsavedSigning {
  readonly stream: string;
  readonly hash: Hash;
  readonly signer: Signer;
  readonly clock: Clock;
}

/** Keeps outcomes where the next run finds them; the file is there whole or not at all. Secrets in them are sealed. Returns where. */
export async function saveUnsaved(
  path: string,
  outcomes: readonly Event[],
  { stream, hash, signer, clock }: UnsavedSigning,
): Promise<string> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const json = { at: formatInstant(clock.wallMs()), by: signer.keyId, outcomes, stream };
  const canonical = new TextEncoder().encode(canonicalJson(json as unknown as Json));
  const signature = await signer.sign(unsavedStatement(stream, hash(canonical)));
  const temporary = `${path}.new`;
  using file = await Deno.open(temporary, { write: true, createNew: true, mode: 0o600 });
  await writeAll(file, new Uint8Array([...storedBytes(canonical, signature), 0x0a]));
  await file.sync();
  await Deno.rename(temporary, path);
  await syncFolder(dirname(path));
  return path;
}

/** What outcomes of a file are held against. */
export interface UnsavedTrust {
  readonly stream: string;
  readonly keys: { get(id: string): KeyState | undefined };
  readonly checks: RecordChecks;
}

/**
 * The outcomes in the `bytes` of a file; `undefined` when they are of another log. Throws an `IntegrityError` when they are not
 * what a key signed that may append outcomes to this log.
 */
export async function openUnsaved(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  { stream, keys, checks }: UnsavedTrust,
): Promise<readonly Event[] | undefined> {
  const tab = bytes.indexOf(TAB);
  const canonical = bytes.subarray(0, Math.max(tab, 0));
  const json = readCanonical(new TextDecoder().decode(canonical));
  const signature = fromBase64url(new TextDecoder().decode(bytes.subarray(tab + 1)).trimEnd());
  if (!isJsonObject(json) || signature === undefined) {
    throw untrusted("malformed", path, "it is not a file that smelt wrote");
  }
  if (json["stream"] !== stream) return undefined;
  const key = trustedKey(json["by"], keys);
  if (key === undefined) throw untrusted("key", path, "no key that may append outcomes signed it");
  await checks.verifySignature(key, unsavedStatement(stream, checks.hash(canonical)), signature, path);
  return outcomesOf(json, path);
}

function trustedKey(id: Json | undefined, keys: UnsavedTrust["keys"]): TrustedKey | undefined {
  const known = typeof id === "string" ? keys.get(id) : undefined;
  return known?.isRevoked === false && known.key.roles.includes("apply") ? known.key : undefined;
}

function outcomesOf({ outcomes }: JsonObject, path: string): readonly Event[] {
  if (!isList(outcomes)) throw untrusted("malformed", path, "it holds no outcomes");
  return outcomes.map((each) => readEvent(each, path));
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

function untrusted(kind: IntegrityKind, path: string, why: string): IntegrityError {
  return new IntegrityError(
    kind,
    path,
    `Cannot trust the outcomes in "${path}": ${why}; move it away, and what it tells is looked for instead`,
  );
}
