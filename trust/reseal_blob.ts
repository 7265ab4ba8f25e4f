import type { Random } from "../engine/random.ts";
import { openBox, sealBox } from "./sealed_box.ts";
import type { DataKeys } from "./data_key_ring.ts";
import type { VaultBlobs } from "./vault.ts";

/** What moving a blob from one data key to another takes. */
export interface ResealParts {
  readonly stream: string;
  readonly blobs: VaultBlobs;
  readonly dataKeys: DataKeys;
  readonly random: Random;
}

/** `done`: it is stored under the new key, and opens. `unopened`: its bytes are not what was sealed under the old one. */
export type ResealOutcome = "done" | "unopened" | "absent";

/**
 * Encrypts the blob `<id>/<from>` anew as `<id>/<to>`, durably, and opens what was stored. One that is there already and opens is
 * left alone, so that this can be repeated after an interruption at any point.
 */
export async function resealBlob(
  parts: ResealParts,
  id: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<ResealOutcome> {
  if (await opens(parts, id, to)) return "done";
  const box = await parts.blobs.get(`${id}/${from}`);
  if (box === undefined) return "absent";
  const bound = `${parts.stream}|${id}`;
  const clear = await openBox(await keyOf(parts, from), bound, box);
  if (clear === undefined) return "unopened";
  const sealed = await sealBox(await keyOf(parts, to), parts.random, bound, clear);
  await parts.blobs.putIfAbsent(`${id}/${to}`, sealed);
  return await opens(parts, id, to) ? "done" : "unopened";
}

/** Whether the blob `<id>/<key>` is there and opens as what it was sealed as. */
export async function opens(parts: ResealParts, id: string, key: string): Promise<boolean> {
  const box = await parts.blobs.get(`${id}/${key}`);
  if (box === undefined) return false;
  return await openBox(await keyOf(parts, key), `${parts.stream}|${id}`, box) !== undefined;
}

async function keyOf({ dataKeys }: ResealParts, id: string): Promise<CryptoKey> {
  const key = await dataKeys.get(id);
  if (key === undefined) throw new Error(`Cannot encrypt secrets anew: the data key ${id} is not here`);
  return key;
}
