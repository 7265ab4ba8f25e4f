import { mapValue, requireRecord, SealedSecret } from "./value.ts";
import { decodeRecord, encodeRecord } from "./value_codec.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";

/** The blobs that an encoded value names, in the order in which they stand in it. */
export function sealedBlobs(json: Json): string[] {
  if (Array.isArray(json)) return json.flatMap(sealedBlobs);
  if (!isJsonObject(json)) return [];
  const [only, ...others] = Object.entries(json);
  if (only === undefined || others.length > 0) return blobsOfEntries(json);
  const [tag, body] = only;
  // User data that looks like a tag is not one.
  if (tag === "$object" && isJsonObject(body)) return blobsOfEntries(body);
  if (tag !== "$secret" || !isJsonObject(body)) return sealedBlobs(body);
  return typeof body["blob"] === "string" ? [body["blob"]] : [];
}

function blobsOfEntries(json: JsonObject): string[] {
  return Object.values(json).flatMap(sealedBlobs);
}

/** The same encoded value with the blobs that `names` holds called otherwise. Their digests stay: the secrets are the same. */
export function renameBlobs(json: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  return encodeRecord(requireRecord(mapValue(decodeRecord(json), (leaf) => {
    const name = leaf instanceof SealedSecret ? names.get(leaf.blob) : undefined;
    return leaf instanceof SealedSecret && name !== undefined ? new SealedSecret(name, leaf.digest) : leaf;
  })));
}
