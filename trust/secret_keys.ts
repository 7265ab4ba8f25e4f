import { join } from "node:path";
import { type Random, randomId } from "../engine/random.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { NON_EXTRACTABLE } from "./_web_crypto.ts";
import { DATA_KEY_BYTES, dataKeyFiles } from "./data_key_files.ts";
import { DataKeyRing, type DataKeys, importDataKey } from "./data_key_ring.ts";
import type { DataKeySource } from "./data_key_source.ts";
import { createKeyFile } from "./key_file.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";
import { readSecretKeyFile, refuseWrapped, type Unwrap } from "./secret_key_file.ts";
import type { WrappedUse } from "./wrapped_key_file.ts";

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
export function makeDataKey(random: Random): RawKey {
  return { id: randomId(random), bytes: random.bytes(DATA_KEY_BYTES) };
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
  const kept = await dataKeyFiles(folder, environment).keep(data.id, data.bytes);
  if (!kept.ok) return kept;
  const file = { use: "digest", id: digest.id, name: environment, key: digest.bytes } as const;
  const created = await createKeyFile(digestPath(folder, names), file);
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
    readDigestKey(digestPath(folder, names), names, unwrap),
  ]);
  if (!data.ok) return data;
  if (!digest.ok) return digest;
  const dataKeys = new DataKeyRing(source);
  await dataKeys.add(names.dataKey, data.value);
  return ok({
    active: names.dataKey,
    dataKeys,
    digestKey: await importDigestKey(digest.value),
  });
}

/** Copies the digest key from a folder of copies to the one of keys. */
export async function copyDigestKey(
  from: string,
  to: string,
  names: SecretKeyNames,
): Promise<Result<void, KeyFileFault>> {
  const read = await readDigestKey(digestPath(from, names), names);
  if (!read.ok) return read;
  const { environment: name, digestKey: id } = names;
  return await createKeyFile(digestPath(to, names), { use: "digest", id, name, key: read.value });
}

/** Whether the file of the digest key is here. */
export async function hasDigestKey(folder: string, names: SecretKeyNames): Promise<boolean> {
  const read = await readDigestKey(digestPath(folder, names), names);
  return read.ok || read.error.kind === "Locked";
}

/** Whether the digest key is here and opens. */
export async function openDigestKey(
  folder: string,
  names: SecretKeyNames,
  unwrap: Unwrap,
): Promise<Result<void, KeyFileFault>> {
  const read = await readDigestKey(digestPath(folder, names), names, unwrap);
  return read.ok ? ok(undefined) : read;
}

async function readDigestKey(
  path: string,
  names: SecretKeyNames,
  unwrap: Unwrap = refuseWrapped,
): Promise<Result<Uint8Array<ArrayBuffer>, KeyFileFault>> {
  const read = await readSecretKeyFile(path, "digest", unwrap);
  if (!read.ok) return read.error.kind === "Absent" ? err(absent(path, names)) : read;
  const { id, name, key } = read.value;
  if (id === names.digestKey && name === names.environment && key.length === KEY_BYTES) return ok(key);
  const why = `it holds the key ${id} of "${name}", wanted ${names.digestKey} of "${names.environment}"`;
  return err(keyFileFault("Malformed", path, why));
}

function absent(path: string, names: SecretKeyNames): KeyFileFault {
  const why = "there is no such file, and without it changes of secrets cannot be told in environment " +
    `"${names.environment}"; copy it from a machine that has it`;
  return keyFileFault("Absent", path, why);
}

function digestPath(folder: string, names: Pick<SecretKeyNames, "environment" | "digestKey">): string {
  return join(folder, `${names.environment}.digest-${names.digestKey}.key`);
}

/** Where a secret key of an environment lies, in clear or wrapped. */
export function secretKeyPath(
  folder: string,
  { environment, use, id }: { readonly environment: string; readonly use: WrappedUse; readonly id: string },
): string {
  const kind = use === "encrypt" ? "data" : "digest";
  return join(folder, `${environment}.${kind}-${id}.key`);
}

async function importDigestKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return await crypto.subtle.importKey("raw", bytes, algorithm, NON_EXTRACTABLE, ["sign"]);
}
