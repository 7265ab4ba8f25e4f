import { canonicalJson } from "../engine/canonical_json.ts";
import { KEY_ALGORITHMS, type TrustedKey } from "../engine/environment_event.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { isKeyName } from "../engine/key_name.ts";
import { isJsonObject, parseJson } from "../engine/json.ts";
import { fromBase64url, toBase64url } from "./base64url.ts";
import type { Hash } from "./blake3.ts";
import type { SigningKey } from "./ed25519_key.ts";
import { isPublicKey } from "./public_key.ts";
import { keyStatement } from "./statement.ts";
import type { VerifySignature } from "./verify_signature.ts";

/** The form of the document; another one is another word. */
export const KEY_DOCUMENT_SCHEMA = "smelt.key.v1";

const FIELDS = ["algorithm", "id", "name", "publicKey", "schema", "signature"];

/** The public half of a key, on its way to an admin who is to trust it. */
export interface KeyDocument extends Omit<TrustedKey, "roles"> {
  readonly schema: typeof KEY_DOCUMENT_SCHEMA;
  /** By the private key over all the rest: whoever made the document has that key. */
  readonly signature: string;
}

/** Writes the document of a key. Nothing of the private key is in it. */
export async function writeKeyDocument(
  hash: Hash,
  { algorithm, name, publicKey, signer }: SigningKey,
): Promise<KeyDocument> {
  const body = {
    schema: KEY_DOCUMENT_SCHEMA,
    name,
    id: signer.keyId,
    algorithm,
    publicKey,
  } as const;
  return { ...body, signature: toBase64url(await signer.sign(statementOf(hash, body))) };
}

/**
 * Reads a document and verifies that its maker has the private key. `undefined`: the text is none. Throws an `IntegrityError`
 * when the signature is not one of the key, or the id not that of the key.
 */
export async function readKeyDocument(
  { hash, verifySignature }: { readonly hash: Hash; readonly verifySignature: VerifySignature },
  text: string,
  where: string,
): Promise<KeyDocument | undefined> {
  const document = parseDocument(text);
  const signature = document && fromBase64url(document.signature);
  if (document === undefined || signature === undefined) return undefined;
  if (!isKeyName(document.name)) {
    throw new IntegrityError("malformed", where, `Cannot trust ${where}: its name is not one of a key`);
  }
  const spki = fromBase64url(document.publicKey);
  if (spki === undefined || !isPublicKey(document.algorithm, spki)) {
    throw new IntegrityError(
      "key",
      where,
      `Cannot trust ${where}: its public key is not one of ${document.algorithm}`,
    );
  }
  const { signature: _signature, ...body } = document;
  await verifySignature({ ...body, roles: [] }, statementOf(hash, body), signature, where);
  return document;
}

function statementOf(hash: Hash, body: Omit<KeyDocument, "signature">): Uint8Array<ArrayBuffer> {
  return keyStatement(hash(new TextEncoder().encode(canonicalJson({ ...body }))));
}

function parseDocument(text: string): KeyDocument | undefined {
  const json = parseJson(text);
  if (!isJsonObject(json) || Object.keys(json).sort().join() !== FIELDS.join()) return undefined;
  const isText = Object.values(json).every((each) => typeof each === "string");
  const isOurs = json["schema"] === KEY_DOCUMENT_SCHEMA &&
    KEY_ALGORITHMS.some((each) => each === json["algorithm"]);
  return isText && isOurs ? json as unknown as KeyDocument : undefined;
}
