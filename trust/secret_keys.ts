import { join } from "node:path";
import { type Random, randomId } from "../engine/random.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { NON_EXTRACTABLE } from "./_web_crypto.ts";
import { createKeyFile, type KeyUse } from "./key_file.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";
import { readSecretKeyFile, refuseWrapped, type Unwrap } from "./secret_key_file.ts";

const KEY_BYTES = 32;

/** The keys of one environment's secrets, in use: they cannot be exported any more. */
export interface SecretKeys {
  /** The data key that new secrets go under, by id. */
  readonly active: string;
  /** Data keys that open secrets, the active one among them, by id: AES-256-GCM. */
  readonly dataKeys: ReadonlyMap<string, CryptoKey>;
  /** The key of digests: HMAC with SHA-256. */
  readonly digestKey: CryptoKey;
}

/** Which keys an environment uses, as its log names them. */
export interface SecretKeyNames {
  readonly environment: string;
  readonly dataKey: string;
  readonly digestKey: string;
}

/** A key in clear, on its way to a file or into use. */
export interface RawKey {
  /** 128 random bits in hex; says nothing of the key. */
  readonly id: string;
  /** 256 bits. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The two keys that a new environment gets. */
export interface RawSecretKeys {
  readonly data: RawKey;
  readonly digest: RawKey;
}

/** Makes a data key and a digest key of fresh bits. */
export function makeSecretKeys(random: Random): RawSecretKeys {
  return {
    data: { id: randomId(random), bytes: random.bytes(KEY_BYTES) },
    digest: { id: randomId(random), bytes: random.bytes(KEY_BYTES) },
  };
}

/** Takes a pair of keys into use. */
export async function importSecretKeys(keys: RawSecretKeys): Promise<SecretKeys> {
  return {
    active: keys.data.id,
    dataKeys: new Map([[keys.data.id, await importDataKey(keys.data.bytes)]]),
    digestKey: await importDigestKey(keys.digest.bytes),
  };
}

/** Makes the keys of a new environment and their files in `folder`, and says their names. */
export async function createSecretKeys(
  random: Random,
  folder: string,
  environment: string,
): Promise<Result<SecretKeyNames, KeyFileFault>> {
  const { data, digest } = makeSecretKeys(random);
  const names = { environment, dataKey: data.id, digestKey: digest.id };
  for (const [use, { id, bytes }] of [["encrypt", data], ["digest", digest]] as const) {
    const created = await createKeyFile(secretKeyPath(folder, { environment, use, id }), {
      use,
      id,
      name: environment,
      key: bytes,
    });
    if (!created.ok) return created;
  }
  return ok(names);
}

/** Reads both keys from their files and takes them into use; the fault names the file that cannot serve. Wrapped ones `unwrap` opens. */
export async function loadSecretKeys(
  folder: string,
  names: SecretKeyNames,
  unwrap: Unwrap = refuseWrapped,
): Promise<Result<SecretKeys, KeyFileFault>> {
  const [data, digest] = await Promise.all([
    readRawKey(folder, names, { use: "encrypt", unwrap }),
    readRawKey(folder, names, { use: "digest", unwrap }),
  ]);
  if (!data.ok) return data;
  if (!digest.ok) return digest;
  return ok(await importSecretKeys({ data: data.value, digest: digest.value }));
}

async function readRawKey(
  folder: string,
  names: SecretKeyNames,
  { use, unwrap }: { readonly use: "encrypt" | "digest"; readonly unwrap: Unwrap },
): Promise<Result<RawKey, KeyFileFault>> {
  const path = secretKeyPath(folder, { environment: names.environment, use, id: idOf(names, use) });
  const read = await readSecretKeyFile(path, use, unwrap);
  if (!read.ok) return read.error.kind === "Absent" ? err(absent(path, names, use)) : read;
  const { id, name, key } = read.value;
  if (id !== idOf(names, use) || name !== names.environment || key.length !== KEY_BYTES) {
    const why = `it holds the key ${id} of "${name}", wanted ${idOf(names, use)} of "${names.environment}"`;
    return err(keyFileFault("Malformed", path, why));
  }
  return ok({ id, bytes: key });
}

function absent(path: string, names: SecretKeyNames, use: "encrypt" | "digest"): KeyFileFault {
  const what = use === "encrypt" ? "secrets cannot be opened" : "changes of secrets cannot be told";
  const why = `there is no such file, and without it ${what} in environment "${names.environment}"; ` +
    "copy it from a machine that has it";
  return keyFileFault("Absent", path, why);
}

function idOf(names: SecretKeyNames, use: KeyUse): string {
  return use === "encrypt" ? names.dataKey : names.digestKey;
}

/** Where a secret key of an environment lies, in clear or wrapped. */
export function secretKeyPath(
  folder: string,
  { environment, use, id }: { readonly environment: string; readonly use: KeyUse; readonly id: string },
): string {
  const kind = use === "encrypt" ? "data" : "digest";
  return join(folder, `${environment}.${kind}-${id}.key`);
}

async function importDataKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", bytes, "AES-GCM", NON_EXTRACTABLE, ["encrypt", "decrypt"]);
}

async function importDigestKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return await crypto.subtle.importKey("raw", bytes, algorithm, NON_EXTRACTABLE, ["sign"]);
}
