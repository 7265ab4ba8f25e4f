import { clearValue } from "../engine/clear_value.ts";
import { invariant } from "../engine/invariant.ts";
import {
  isList,
  isRecord,
  mapValue,
  record,
  requireRecord,
  SealedSecret,
  Secret,
  someValue,
  Unknown,
  type Value,
  type ValueRecord,
} from "../engine/value.ts";
import type { Vault } from "./vault_port.ts";

/** Seals every open secret in `value`: what comes out holds none, and each blob that it names is durable. */
export async function sealValue(vault: Vault, value: Value): Promise<Value> {
  const secrets = leavesOf(value, (leaf) => leaf instanceof Secret);
  const sealed = await inParallel(secrets, async (secret) => await vault.seal(clearValue(secret)));
  return mapValue(value, (leaf) => sealed.get(leaf) ?? leaf);
}

/** Opens every sealed secret in `value`: what comes out holds open secrets in their places. */
export async function openValue(vault: Vault, value: Value): Promise<Value> {
  const sealed = leavesOf(value, (leaf) => leaf instanceof SealedSecret);
  const opened = await inParallel(sealed, async (leaf) => {
    invariant(leaf instanceof SealedSecret, "Only sealed secrets are opened");
    return new Secret(clearValue(await openValue(vault, await vault.open(leaf))));
  });
  return mapValue(value, (leaf) => opened.get(leaf) ?? leaf);
}

/** A value of which not all could be opened. */
export interface KeptRecord {
  /** An `Unknown` stands for each secret that was given up. */
  readonly opened: ValueRecord;
  /** Puts the sealed secrets back into what holds these very `Unknown`s. */
  putBack(value: ValueRecord): ValueRecord;
}

/** Opens every sealed secret in `value` that was not given up. */
export async function openKeptRecord(vault: Vault, value: ValueRecord): Promise<KeptRecord> {
  const lost = new Map<Value, Value>();
  const left = await inParallel(leavesOf(value, isSealed), async (leaf) => {
    invariant(isSealed(leaf), "Only sealed secrets are given up");
    if (!await vault.isGivenUp(leaf)) return leaf;
    const unknown = new Unknown(GIVEN_UP);
    lost.set(unknown, leaf);
    return unknown;
  });
  const kept = requireRecord(mapValue(value, (leaf) => left.get(leaf) ?? leaf));
  return {
    opened: await openRecord(vault, kept),
    putBack: (told) =>
      lost.size === 0 ? told : requireRecord(mapValue(told, (leaf) => lost.get(leaf) ?? leaf)),
  };
}

const GIVEN_UP = "a secret that was given up";

/** Puts each sealed secret in `value` under the active data key, where it is under an older one. */
export async function renewRecord(vault: Vault, value: ValueRecord): Promise<ValueRecord> {
  const isOld = (leaf: Value) => leaf instanceof SealedSecret && !leaf.blob.endsWith(`/${vault.dataKey}`);
  if (!someValue(value, isOld)) return value;
  const renewed = await inParallel(leavesOf(value, isOld), async (leaf) => {
    invariant(leaf instanceof SealedSecret, "Only sealed secrets are under a key");
    return new SealedSecret(await vault.renew(leaf.blob), leaf.digest);
  });
  return requireRecord(mapValue(value, (leaf) => renewed.get(leaf) ?? leaf));
}

/** `sealValue` of an object value, which stays one. */
export async function sealRecord(vault: Vault, value: ValueRecord): Promise<ValueRecord> {
  return requireRecord(await sealValue(vault, value));
}

/** `openValue` of an object value, which stays one. */
export async function openRecord(vault: Vault, value: ValueRecord): Promise<ValueRecord> {
  return requireRecord(await openValue(vault, value));
}

/**
 * Puts the stored secret in the place of each open one in `wanted` that has not changed since, so that both compare equal
 * and no second blob is made. Unchanged is: equal to the sealed secret at the same path, or, in a list, to one anywhere in
 * the stored list, since elements move. Told by digests; nothing is decrypted.
 */
export async function reuseSealed(vault: Vault, wanted: Value, stored: Value | undefined): Promise<Value> {
  if (!someValue(wanted, (part) => part instanceof Secret)) return wanted;
  return await reuse(vault, wanted, { stored, nearby: [] });
}

/** `reuseSealed` of an object value, which stays one. */
export async function reuseSealedRecord(
  vault: Vault,
  wanted: ValueRecord,
  stored: ValueRecord | undefined,
): Promise<ValueRecord> {
  return requireRecord(await reuseSealed(vault, wanted, stored));
}

/** What is stored at a path, and the sealed secrets of the list that it is in. */
interface StoredPlace {
  readonly stored: Value | undefined;
  readonly nearby: readonly SealedSecret[];
}

async function reuse(vault: Vault, wanted: Value, place: StoredPlace): Promise<Value> {
  const { stored } = place;
  if (wanted instanceof Secret) return await unchanged(vault, wanted, place) ?? wanted;
  if (isList(wanted)) {
    const old = isList(stored) ? stored : [];
    const nearby = [...place.nearby, ...leavesOf(old, isSealed)].filter(isSealed);
    return await Promise.all(
      wanted.map((part, index) => reuse(vault, part, { stored: old[index], nearby })),
    );
  }
  if (!isRecord(wanted)) return wanted;
  const old = isRecord(stored) ? stored : record();
  const parts = Object.entries(wanted).map(async ([key, part]) =>
    [key, await reuse(vault, part, { stored: old[key], nearby: place.nearby })] as const
  );
  return record(await Promise.all(parts));
}

async function unchanged(
  vault: Vault,
  wanted: Secret,
  { stored, nearby }: StoredPlace,
): Promise<SealedSecret | undefined> {
  const clear = clearValue(wanted);
  const candidates = stored instanceof SealedSecret ? [stored, ...nearby] : nearby;
  for (const candidate of candidates) {
    if (await vault.matches(candidate, clear)) return candidate;
  }
  return undefined;
}

function isSealed(value: Value): value is SealedSecret {
  return value instanceof SealedSecret;
}

function leavesOf(value: Value, test: (leaf: Value) => boolean): readonly Value[] {
  if (isList(value)) return value.flatMap((part) => leavesOf(part, test));
  if (isRecord(value)) return Object.values(value).flatMap((part) => leavesOf(part, test));
  return test(value) ? [value] : [];
}

async function inParallel(
  leaves: readonly Value[],
  change: (leaf: Value) => Promise<Value>,
): Promise<ReadonlyMap<Value, Value>> {
  return new Map(
    await Promise.all([...new Set(leaves)].map(async (leaf) => [leaf, await change(leaf)] as const)),
  );
}
