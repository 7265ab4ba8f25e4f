import { canonicalJson, parseCanonicalJson } from "../engine/canonical_json.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { type Random, randomId, toHex } from "../engine/random.ts";
import { SecretRegister } from "../engine/secret_register.ts";
import { SealedSecret, Secret, type Value } from "../engine/value.ts";
import { decodeValue, encodeValue } from "../engine/value_codec.ts";
import { openSource, sealSource } from "./source_box.ts";
import { LostSecrets } from "./lost_secrets.ts";
import { openBox, sealBox } from "./sealed_box.ts";
import type { SecretKeys } from "./secret_keys.ts";
import type { Vault } from "./vault_port.ts";

const BLOB_REGEXP = /^([0-9a-f]{32})\/([0-9a-f]{32})$/;

/** What the vault needs of a store of blobs; see `BlobBackend` of `store/` for what each must keep. */
export interface VaultBlobs {
  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  putIfAbsent(name: string, bytes: Uint8Array): Promise<"stored" | "exists">;
  list(prefix: string): Promise<readonly string[]>;
}

/** What a vault is made of. */
export interface VaultParts {
  /** The incarnation of the environment whose secrets these are: the hash of record 1. */
  readonly stream: string;
  readonly blobs: VaultBlobs;
  readonly keys: SecretKeys;
  readonly random: Random;
  /** Whether an admin has given up the secret of this id; none was when left out. */
  isGivenUp?(id: string): Promise<boolean>;
  /** Told of every clear text that goes in or comes out; one of its own when left out. */
  readonly secrets?: SecretRegister;
}

/**
 * Opens the vault of one environment.
 *
 *   V1. Clear text leaves it only by `open` and `openSource`; what it stores is ciphertext, what it returns for the log a
 *       keyed digest.
 *   V2. A blob is durable before `seal` resolves, so before an event can name it.
 *   V3. A blob opens only as what it was sealed as: another blob's bytes, an older secret's, another environment's, or
 *       altered ones are an `IntegrityError`.
 *   V4. A blob is called absent only after its id was listed too: a rotation moves it from one key to the next.
 *   V5. The text of a secret that was given up comes from `matches` alone, where the digest that the log holds proves it.
 *
 * The text of a secret is the canonical JSON of its encoded value; its digest is HMAC-SHA-256 over `id|text`, so equal
 * secrets have different digests.
 */
export function openVault(parts: VaultParts): Vault {
  const { secrets = new SecretRegister() } = parts;
  const lost = new LostSecrets(parts);
  const noted = (clear: Value): Value => {
    secrets.note(new Secret(clear));
    return clear;
  };
  return {
    get dataKey() {
      return parts.keys.active;
    },
    seal: (clear) => seal(parts, noted(clear)),
    open: async (sealed) => {
      const text = await lost.restored(idOf(sealed));
      return noted(text === undefined ? await open(parts, sealed) : valueOf(sealed, text));
    },
    isGivenUp: (sealed) => lost.isGivenUp(idOf(sealed)),
    renew: async (blob) => {
      await lost.restored(idOf(new SealedSecret(blob, "")));
      return await renew(parts, blob);
    },
    sealSource: (place, text) => {
      noted(text);
      return sealSource(parts, place, text);
    },
    openSource: async (place, ciphertext) => {
      const opened = await openSource(parts, place, ciphertext);
      if (opened.ok) noted(opened.value);
      return opened;
    },
    // An id is hex digits, so no digest of a secret is one of these.
    fingerprint: async (text) => await digestOf(parts, "fingerprint", text),
    matches: async (sealed, clear) => {
      const [id, text] = [idOf(sealed), textOf(noted(clear))];
      const isSame = await digestOf(parts, id, text) === sealed.digest;
      if (isSame) lost.told(id, text);
      return isSame;
    },
    carries: (text) => secrets.isIn(text),
  };
}

async function seal(parts: VaultParts, clear: Value): Promise<SealedSecret> {
  const { keys, blobs, random } = parts;
  const id = randomId(random);
  const text = textOf(clear);
  // A rotation may end the key meanwhile: name and ciphertext are of one key all the same.
  const { active } = keys;
  const name = `${id}/${active}`;
  const box = await sealBox(await dataKey(parts, active), random, bound(parts, id), bytesOf(text));
  if (await blobs.putIfAbsent(name, box) === "exists") await confirmOurs(blobs, name, box);
  return new SealedSecret(name, await digestOf(parts, id, text));
}

/** A store that sent a put twice answers `exists` for its own bytes. */
async function confirmOurs(blobs: VaultBlobs, name: string, box: Uint8Array): Promise<void> {
  const stored = await blobs.get(name);
  if (stored !== undefined && toHex(stored) === toHex(box)) return;
  throw new Error(`Cannot store a secret: the blob "${name}" holds something else already`);
}

async function open(parts: VaultParts, sealed: SealedSecret): Promise<Value> {
  const id = idOf(sealed);
  const { name, box } = await find(parts, id, sealed.blob);
  const clear = await openBox(await dataKey(parts, keyOf(name)), bound(parts, id), box);
  if (clear === undefined) throw damaged(sealed, "its stored bytes were altered or are another secret's");
  const text = new TextDecoder().decode(clear);
  if (await digestOf(parts, id, text) !== sealed.digest) {
    throw damaged(sealed, "its stored bytes hold another value than the event names");
  }
  return valueOf(sealed, text);
}

function valueOf(sealed: SealedSecret, text: string): Value {
  const json = parseCanonicalJson(text);
  if (json === undefined) throw damaged(sealed, "its stored bytes hold no value");
  return decodeValue(json);
}

async function renew(parts: VaultParts, blob: string): Promise<string> {
  const id = idOf(new SealedSecret(blob, ""));
  const { active } = parts.keys;
  const wanted = `${id}/${active}`;
  if (blob === wanted || await parts.blobs.get(wanted) !== undefined) return wanted;
  const { name, box } = await find(parts, id, blob);
  const clear = await openBox(await dataKey(parts, keyOf(name)), bound(parts, id), box);
  if (clear === undefined) {
    throw damaged(new SealedSecret(blob, ""), "its stored bytes were altered or are another secret's");
  }
  const sealed = await sealBox(await dataKey(parts, active), parts.random, bound(parts, id), clear);
  // A rotation may be storing the same secret under the same name.
  await parts.blobs.putIfAbsent(wanted, sealed);
  return wanted;
}

async function find(
  parts: VaultParts,
  id: string,
  blob: string,
): Promise<{ readonly name: string; readonly box: Uint8Array<ArrayBuffer> }> {
  const named = await parts.blobs.get(blob);
  // A rotation may end the key right after the blob was read: then it lies under the next one as well.
  const canOpen = named !== undefined && await parts.keys.dataKeys.get(keyOf(blob)) !== undefined;
  if (canOpen) return { name: blob, box: named };
  const names = await parts.blobs.list(`${id}/`);
  for (const name of names) {
    if (await parts.keys.dataKeys.get(keyOf(name)) === undefined) continue;
    const box = await parts.blobs.get(name);
    if (box !== undefined) return { name, box };
  }
  const [elsewhere] = names;
  if (elsewhere !== undefined) await dataKey(parts, keyOf(elsewhere));
  const hint = await parts.isGivenUp?.(id) === true ? GIVEN_UP_HINT : LOST_HINT;
  throw damaged(new SealedSecret(blob, ""), "its stored bytes are absent", hint);
}

async function dataKey(parts: VaultParts, keyId: string): Promise<CryptoKey> {
  const key = await parts.keys.dataKeys.get(keyId);
  if (key !== undefined) return key;
  throw new Error(`Cannot open a secret: it is under the data key ${keyId}, which is not here`);
}

function idOf(sealed: SealedSecret): string {
  const id = BLOB_REGEXP.exec(sealed.blob)?.[1];
  if (id === undefined) throw damaged(sealed, "its name is not that of a blob");
  return id;
}

function keyOf(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}

function bound(parts: VaultParts, id: string): string {
  return `${parts.stream}|${id}`;
}

function textOf(clear: Value): string {
  return canonicalJson(encodeValue(clear));
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

async function digestOf(parts: VaultParts, id: string, text: string): Promise<string> {
  const digest = await crypto.subtle.sign("HMAC", parts.keys.digestKey, bytesOf(`${id}|${text}`));
  return toHex(new Uint8Array(digest));
}

const GIVEN_UP_HINT = "it was given up: whatever has it needs another value, which the files say, " +
  "or --replace makes with the resource that gives it";

const LOST_HINT =
  "restore .smelt/blobs from a backup; where that is impossible, smelt secrets rotate --give-up " +
  "says what goes, asks, and lets the rest go on";

function damaged(sealed: SealedSecret, why: string, hint = LOST_HINT): IntegrityError {
  const where = `blob ${sealed.blob}`;
  return new IntegrityError("blob", where, `Cannot open the secret in ${where}: ${why}`, { hint });
}
