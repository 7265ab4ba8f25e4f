import { type Random, randomId } from "../engine/random.ts";
import { ok, type Result } from "../engine/result.ts";
import { NON_EXTRACTABLE } from "./_web_crypto.ts";
import { dataKeyFiles } from "./data_key_files.ts";
import { DataKeyRing, type DataKeys, importDataKey } from "./data_key_ring.ts";
import type { DataKeySource } from "./data_key_source.ts";
import { keepInClear } from "./keep_secret_key.ts";
import type { KeyFileFault } from "./key_file_fault.ts";
import { openSecretKey } from "./open_secret_key.ts";
import { refuseWrapped, type Unwrap } from "./secret_key_file.ts";
import type { SecretKeyName } from "./secret_key_path.ts";

const KEY_BYTES = 32;

/** The keys of one environment's secrets, in use: they cannot be exported any more. */
export interface SecretKeys {
  /** The data key that new secrets go under, by id. */
  readonly active: string;
  /** Data keys that open secrets, the active one among them, by id: AES-256-GCM. */
  readonly dataKeys: DataKeys;
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

/** Makes a data key of fresh bits. */
export function makeDataKey(random: Random, id = randomId(random)): RawKey {
  return { id, bytes: random.bytes(KEY_BYTES) };
}

/** Makes a data key and a digest key of fresh bits. */
export function makeSecretKeys(random: Random): RawSecretKeys {
  return {
    data: makeDataKey(random),
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
  const keep = keepInClear(folder, environment);
  const kept = await keep({ use: "encrypt", ...data });
  if (!kept.ok) return kept;
  const created = await keep({ use: "digest", ...digest });
  return created.ok ? ok(names) : created;
}

/**
 * Reads the active data key and the digest key and takes them into use; other data keys follow when they are asked for. The
 * fault names the file that cannot serve.
 */
export async function loadSecretKeys(
  folder: string,
  names: SecretKeyNames,
  { source = dataKeyFiles(folder, names.environment), unwrap = refuseWrapped }: {
    readonly source?: DataKeySource;
    readonly unwrap?: Unwrap;
  } = {},
): Promise<Result<SecretKeys, KeyFileFault>> {
  const [data, digest] = await Promise.all([
    source.load(names.dataKey),
    openSecretKey(folder, digestKeyName(names), unwrap),
  ]);
  if (!data.ok) return data;
  if (!digest.ok) return digest;
  const dataKeys = new DataKeyRing(source);
  await dataKeys.add(names.dataKey, data.value);
  return ok({
    active: names.dataKey,
    dataKeys,
    digestKey: await importDigestKey(digest.value.file.key),
  });
}

/** The digest key among the secret keys of an environment. */
export function digestKeyName({ environment, digestKey: id }: SecretKeyNames): SecretKeyName {
  return { environment, use: "digest", id };
}

async function importDigestKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return await crypto.subtle.importKey("raw", bytes, algorithm, NON_EXTRACTABLE, ["sign"]);
}
