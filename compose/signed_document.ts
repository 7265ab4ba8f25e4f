import { canonicalJson } from "../engine/canonical_json.ts";
import type { KeyState } from "../engine/environment.ts";
import type { TrustedKey } from "../engine/environment_event.ts";
import { IntegrityError, type IntegrityKind } from "../engine/integrity_error.ts";
import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { readCanonical } from "../store/canonical_text.ts";
import type { RecordChecks } from "../store/record_checks.ts";
import { storedBytes, TAB } from "../store/record_codec.ts";
import { fromBase64url } from "../trust/base64url.ts";
import type { Hash } from "../trust/blake3.ts";
import type { Signer } from "../trust/signer.ts";
import { standInStatement } from "../trust/statement.ts";
import { readStandIn, type StandIn, standInJson } from "./stand_in.ts";

/**
 * What smelt signs beside the log, in a file: `<canonical JSON>` TAB `<signature in base64url>` LF. It names the log that it
 * belongs to as `stream` and the key as `by`; the kind of document is in the statement that is signed.
 */
export interface DocumentKind {
  /** What it is called in messages, such as `the outcomes`. */
  readonly name: string;
  /** What to do with one that cannot be trusted, as the end of a message. */
  readonly advice: string;
  /** Whether a key that was made for the moment may sign it, when a trusted one vouched for that key. */
  readonly standIns: "accepted" | "refused";
  /** Whether one by a key that was revoked since is refused, or stands for nothing. */
  readonly revokedKeys: "refused" | "passedOver";
  statement(stream: string, hash: string): Uint8Array<ArrayBuffer>;
}

/** What signs a document: a key, or what stands in for it. */
export interface DocumentSigning {
  readonly stream: string;
  readonly hash: Hash;
  readonly signer: Signer;
  readonly standIn: StandIn | undefined;
}

/** Signs a document of a log. */
export async function signDocument(
  kind: DocumentKind,
  body: JsonObject,
  { stream, hash, signer, standIn }: DocumentSigning,
): Promise<Uint8Array<ArrayBuffer>> {
  const vouched = standIn === undefined ? {} : { standIn: standInJson(standIn) };
  const whole = { ...body, ...vouched, by: signer.keyId, stream };
  const canonical = new TextEncoder().encode(canonicalJson(whole));
  const signature = await (standIn?.signer ?? signer).sign(kind.statement(stream, hash(canonical)));
  return new Uint8Array([...storedBytes(canonical, signature), 0x0a]);
}

/** What a document is held against. */
export interface DocumentTrust {
  readonly stream: string;
  readonly keys: { get(id: string): KeyState | undefined };
  readonly checks: RecordChecks;
}

/** A document whose signature was found right. */
export interface OpenedDocument {
  readonly body: JsonObject;
  /** The key that signed it, by id. */
  readonly by: string;
  /** The hash of its canonical bytes, which is what was signed. */
  readonly digest: string;
}

/**
 * The content of a signed document; `undefined` when it is of another log, or of a key whose word ended. Throws an `IntegrityError` when it is not what a key
 * signed that may apply to this log.
 */
export async function openDocument(
  kind: DocumentKind,
  { path, bytes }: { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> },
  { stream, keys, checks }: DocumentTrust,
): Promise<OpenedDocument | undefined> {
  const tab = bytes.indexOf(TAB);
  const canonical = bytes.subarray(0, Math.max(tab, 0));
  const json = readCanonical(new TextDecoder().decode(canonical));
  const rest = new TextDecoder().decode(bytes.subarray(tab + 1));
  const signature = rest.endsWith("\n") ? fromBase64url(rest.slice(0, -1)) : undefined;
  if (!isJsonObject(json) || signature === undefined) {
    throw untrusted(kind, "malformed", path, "it is not a file that smelt wrote");
  }
  if (json["stream"] !== stream) return undefined;
  if (kind.revokedKeys === "passedOver" && isRevoked(json["by"], keys)) return undefined;
  const key = trustedKey(json["by"], keys);
  if (key === undefined) throw untrusted(kind, "key", path, "no key that may append to this log signed it");
  const signing = await signingKey(kind, json, { key, path, stream, checks });
  const digest = checks.hash(canonical);
  await checks.verifySignature(signing, kind.statement(stream, digest), signature, path);
  return { body: json, by: key.id, digest };
}

/** The key that the signature is to be one of: the trusted one itself, or one that it vouched for. */
async function signingKey(
  kind: DocumentKind,
  { standIn }: JsonObject,
  { key, path, stream, checks }: Pick<DocumentTrust, "stream" | "checks"> & {
    readonly key: TrustedKey;
    readonly path: string;
  },
): Promise<TrustedKey> {
  if (standIn === undefined) return key;
  const vouched = kind.standIns === "accepted" ? readStandIn(standIn, checks.hash) : undefined;
  if (vouched === undefined) throw untrusted(kind, "malformed", path, "it is not a file that smelt wrote");
  const statement = standInStatement(stream, vouched.key.id);
  await checks.verifySignature(key, statement, vouched.voucher, path);
  return vouched.key;
}

function isRevoked(id: Json | undefined, keys: DocumentTrust["keys"]): boolean {
  return typeof id === "string" && keys.get(id)?.isRevoked === true;
}

function trustedKey(id: Json | undefined, keys: DocumentTrust["keys"]): TrustedKey | undefined {
  const known = typeof id === "string" ? keys.get(id) : undefined;
  return known?.isRevoked === false && known.key.roles.includes("apply") ? known.key : undefined;
}

/** Says that a document cannot be trusted. */
export function untrusted(
  { name, advice }: DocumentKind,
  kind: IntegrityKind,
  path: string,
  why: string,
): IntegrityError {
  return new IntegrityError(kind, path, `Cannot trust ${name} in "${path}": ${why}; ${advice}`);
}
