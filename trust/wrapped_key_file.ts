import { canonicalJson, parseCanonicalJson } from "../engine/canonical_json.ts";
import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { fromBase64url, toBase64url } from "./base64url.ts";
import type { WrappedKey } from "./kms.ts";
import { parseKmsKeyName } from "./kms_key_name.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";

const VERSION = 1;
const FIELDS = ["algorithm", "ciphertext", "form", "id", "name", "under", "use", "v"];
const FORM = "aws-kms";

/** What a wrapped key is for: those that sign never leave the service. */
export type WrappedUse = "encrypt" | "digest";

const ALGORITHMS: Readonly<Record<WrappedUse, string>> = { encrypt: "AES-256-GCM", digest: "HMAC-SHA-256" };

/**
 * A secret key at rest that only a key service can open: a line of canonical JSON as that of a `KeyFile`, in which
 * `ciphertext`, `under` and `form` stand for the key. It holds nothing clear of it.
 */
export interface WrappedKeyFile {
  readonly use: WrappedUse;
  readonly id: string;
  /** Of which environment it is. */
  readonly name: string;
  readonly wrapped: WrappedKey;
}

/** Writes the line of a wrapped key. */
export function wrappedKeyLine({ use, id, name, wrapped }: WrappedKeyFile): Uint8Array<ArrayBuffer> {
  const text = canonicalJson({
    algorithm: ALGORITHMS[use],
    ciphertext: toBase64url(wrapped.ciphertext),
    form: FORM,
    id,
    name,
    under: wrapped.under,
    use,
    v: VERSION,
  });
  return new TextEncoder().encode(`${text}\n`);
}

/** Reads a key file that holds a wrapped key; `undefined` when `bytes` say nothing of wrapping. */
export function readWrappedKey(
  path: string,
  bytes: Uint8Array,
): Result<WrappedKeyFile, KeyFileFault> | undefined {
  const json = parseLine(bytes);
  if (!isJsonObject(json) || !("form" in json)) return undefined;
  if (json["form"] !== FORM || json["v"] !== VERSION) {
    const why = `its form is ${JSON.stringify(json["form"])}, version ${JSON.stringify(json["v"])}, ` +
      `wanted "${FORM}", version ${VERSION}`;
    return err(keyFileFault("Malformed", path, why));
  }
  const file = parseFile(json);
  return file === undefined ? err(keyFileFault("Malformed", path, "it is not a whole key file")) : ok(file);
}

function parseFile(json: JsonObject): WrappedKeyFile | undefined {
  const { algorithm, ciphertext, id, name, under, use } = json;
  const isWhole = Object.keys(json).join() === FIELDS.join() && typeof ciphertext === "string" &&
    typeof id === "string" && typeof name === "string" && typeof under === "string";
  if (!isWhole || !isUse(use) || algorithm !== ALGORITHMS[use]) return undefined;
  const bytes = fromBase64url(ciphertext);
  const key = parseKmsKeyName(under);
  if (bytes === undefined || key === undefined) return undefined;
  return { use, id, name, wrapped: { under: key, ciphertext: bytes } };
}

function isUse(use: Json | undefined): use is WrappedUse {
  return use === "encrypt" || use === "digest";
}

function parseLine(bytes: Uint8Array): Json | undefined {
  const text = new TextDecoder().decode(bytes);
  return text.endsWith("\n") ? parseCanonicalJson(text.slice(0, -1)) : undefined;
}
