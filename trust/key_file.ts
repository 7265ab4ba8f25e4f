import { canonicalJson, parseCanonicalJson } from "../engine/canonical_json.ts";
import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { fromBase64url, toBase64url } from "./base64url.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";
import { createPrivateFile, readPrivateFile } from "./private_file.ts";

const VERSION = 1;
const FIELDS = ["algorithm", "id", "key", "name", "use", "v"];

/** What a key is for, and so its algorithm. */
export type KeyUse = "sign" | "encrypt" | "digest";

const ALGORITHMS: Readonly<Record<KeyUse, string>> = {
  sign: "Ed25519",
  encrypt: "AES-256-GCM",
  digest: "HMAC-SHA-256",
};

/** One key at rest. The file is one line of canonical JSON: these fields, the algorithm, and the version of the form. */
export interface KeyFile {
  readonly use: KeyUse;
  readonly id: string;
  /** Whose it is, or of which environment. */
  readonly name: string;
  /** The key in clear: PKCS#8 of a signing key (RFC 5958), the bits of any other. */
  readonly key: Uint8Array<ArrayBuffer>;
}

/** Creates the file of a new key. */
export async function createKeyFile(path: string, file: KeyFile): Promise<Result<void, KeyFileFault>> {
  const text = canonicalJson({
    algorithm: ALGORITHMS[file.use],
    id: file.id,
    key: toBase64url(file.key),
    name: file.name,
    use: file.use,
    v: VERSION,
  });
  return await createPrivateFile(path, new TextEncoder().encode(`${text}\n`));
}

/** Reads the file of a key for `use`. */
export async function readKeyFile(path: string, use: KeyUse): Promise<Result<KeyFile, KeyFileFault>> {
  const read = await readPrivateFile(path);
  return read.ok ? parseKeyFile(path, read.value, use) : read;
}

/** Reads what a key file for `use` holds. */
export function parseKeyFile(path: string, bytes: Uint8Array, use: KeyUse): Result<KeyFile, KeyFileFault> {
  const json = parseLine(bytes);
  if (!isJsonObject(json) || typeof json["v"] !== "number") return err(broken(path));
  if (json["v"] !== VERSION) {
    return err(keyFileFault("Malformed", path, `its form is version ${json["v"]}, wanted ${VERSION}`));
  }
  return parseKey(path, json, use);
}

function parseKey(path: string, json: JsonObject, use: KeyUse): Result<KeyFile, KeyFileFault> {
  const { algorithm, id, key, name, use: found } = json;
  const isWhole = Object.keys(json).join() === FIELDS.join() && typeof id === "string" &&
    typeof key === "string" && typeof name === "string";
  if (!isWhole) return err(broken(path));
  if (found !== use || algorithm !== ALGORITHMS[use]) {
    const why = `it holds a key to ${found} by ${algorithm}, wanted one to ${use} by ${ALGORITHMS[use]}`;
    return err(keyFileFault("Malformed", path, why));
  }
  const bytes = fromBase64url(key);
  return bytes === undefined ? err(broken(path)) : ok({ use, id, name, key: bytes });
}

function broken(path: string): KeyFileFault {
  return keyFileFault("Malformed", path, "it is not a whole key file");
}

function parseLine(bytes: Uint8Array): Json | undefined {
  const text = new TextDecoder().decode(bytes);
  return text.endsWith("\n") ? parseCanonicalJson(text.slice(0, -1)) : undefined;
}
