import { mapValue, requireRecord, SealedSecret } from "./value.ts";
import { decodeRecord, encodeRecord } from "./value_codec.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";

/** The blobs that an encoded value names, in the order in which they stand in it. */
export function sealedBlobs(json: Json): string[] {
  const blobs: string[] = [];
  eachSealed(json, (blob) => void blobs.push(blob));
  return blobs;
}

/**
 * Tells `see` of each sealed secret that stands in an encoded value, in order, without decoding the value: every reader of a
 * log does this with every event.
 */
export function eachSealed(json: Json, see: (blob: string, digest: string) => void): void {
  if (typeof json !== "object" || json === null) return;
  if (isList(json)) {
    for (const part of json) eachSealed(part, see);
    return;
  }
  const body = onlyUnder(json, "$secret");
  if (isJsonObject(body)) return seeSecret(body, see);
  const data = onlyUnder(json, "$object");
  // User data that looks like a tag is not one.
  eachPart(isJsonObject(data) ? data : json, see);
}

function eachPart(json: JsonObject, see: (blob: string, digest: string) => void): void {
  for (const key in json) eachSealed(json[key] ?? null, see);
}

/** What stands under `tag`, when it is the only key. */
function onlyUnder(json: JsonObject, tag: string): Json | undefined {
  if (!Object.hasOwn(json, tag)) return undefined;
  return Object.keys(json).length === 1 ? json[tag] : undefined;
}

function seeSecret({ blob, digest }: JsonObject, see: (blob: string, digest: string) => void): void {
  if (typeof blob === "string" && typeof digest === "string") see(blob, digest);
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

/** The same encoded value with the blobs that `names` holds called otherwise. Their digests stay: the secrets are the same. */
export function renameBlobs(json: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  return encodeRecord(requireRecord(mapValue(decodeRecord(json), (leaf) => {
    const name = leaf instanceof SealedSecret ? names.get(leaf.blob) : undefined;
    return leaf instanceof SealedSecret && name !== undefined ? new SealedSecret(name, leaf.digest) : leaf;
  })));
}
