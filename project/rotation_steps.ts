/** What a rotation does with blobs and keys; `rotate_secrets.ts` says in which order, and why. */
import { err, ok, type Result } from "../engine/result.ts";
import { opensUnderAny } from "./blob_survey.ts";
import { blobId, blobKey, type DataKeyHistory } from "./data_key_history.ts";
import type { ProjectFailure } from "./failure.ts";
import type { SecretStore } from "./secret_store.ts";

/** The blobs that a rotation moves, and those that it goes on without. */
export interface Moving {
  readonly secretStore: SecretStore;
  readonly history: DataKeyHistory;
  /** The ids of secrets that are given up. */
  readonly givenUp: ReadonlySet<string>;
  /** Keys that have ended, and whose files are none of keys. */
  readonly unusable: ReadonlySet<string>;
}

/**
 * Encrypts every blob anew from whatever key that is here opens it. What is named and does not open is damage; what is not named
 * is of no use to anybody, and is left. Gives how many were encrypted.
 */
export async function resealAll(
  { secretStore, history: { active, named }, givenUp, unusable }: Moving,
): Promise<Result<number, ProjectFailure>> {
  const here = new Set(await secretStore.keys()).difference(unusable);
  let count = 0;
  for (const [id, blobs] of Map.groupBy(await secretStore.blobs(), blobId)) {
    const keys = blobs.map(blobKey);
    if (keys.includes(active) && await secretStore.opens(id, active)) continue;
    const froms = keys.filter((key) => key !== active && here.has(key));
    if (await resealFromAny(secretStore, { id, froms, to: active })) count++;
    else if (named.has(id) && !givenUp.has(id)) return err(damaged(id, active));
  }
  return ok(count);
}

async function resealFromAny(
  secretStore: SecretStore,
  { id, froms, to }: { readonly id: string; readonly froms: readonly string[]; readonly to: string },
): Promise<boolean> {
  for (const from of froms) if (await secretStore.reseal(id, { from, to }) === "done") return true;
  return false;
}

/** Opens every blob that the log names, under the active key. */
export async function openAll(
  { secretStore, history: { active, named }, givenUp }: Moving,
): Promise<Result<void, ProjectFailure>> {
  for (const id of named.keys()) {
    if (!givenUp.has(id) && !await secretStore.opens(id, active)) {
      return err(damaged(id, active));
    }
  }
  return ok(undefined);
}

/**
 * Removes blobs under keys that have ended, and then the keys. What is named and opens under no other key is encrypted first. What
 * was given up and does not open goes in any case: the bytes of nothing would else be taken for damage.
 */
export async function sweep(
  { secretStore, history: { active, named }, givenUp, unusable }: Moving,
  gone: ReadonlySet<string>,
): Promise<Result<void, ProjectFailure>> {
  const here = new Set(await secretStore.keys());
  for (const blob of await secretStore.blobs()) {
    const [id, from] = [blobId(blob), blobKey(blob)];
    const isUsable = here.has(from) && !unusable.has(from);
    if (!gone.has(from)) {
      if (givenUp.has(id) && isUsable && !await secretStore.opens(id, from)) {
        await secretStore.removeBlob(blob);
      }
      continue;
    }
    const isMoved = isUsable && await secretStore.reseal(id, { from, to: active }) === "done";
    if (!isMoved && named.has(id) && !givenUp.has(id) && !await opensUnderAny(secretStore, id, [active])) {
      return err(damaged(id, active));
    }
    await secretStore.removeBlob(blob);
  }
  for (const key of here) if (gone.has(key)) await secretStore.destroyKey(key);
  return ok(undefined);
}

/** Met after the fence: something was removed or altered meanwhile. */
function damaged(id: string, active: string): ProjectFailure {
  return {
    kind: "Damage",
    message: `Cannot complete the exchange of the data key: the blob ${id} is absent or does not open. ` +
      `New secrets go under the data key ${active}, and the old key stays until all are under it`,
    hint:
      "Restore .smelt/blobs from a backup and run smelt secrets rotate again, which says what to do without one",
  };
}
