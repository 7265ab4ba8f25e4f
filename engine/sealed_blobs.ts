import { isJsonObject, type Json } from "./json.ts";

/** The blobs that an encoded value names, in the order in which they stand in it. */
export function sealedBlobs(json: Json): string[] {
  if (Array.isArray(json)) return json.flatMap(sealedBlobs);
  if (!isJsonObject(json)) return [];
  const tagged = json["$secret"];
  if (isJsonObject(tagged) && typeof tagged["blob"] === "string" && Object.keys(json).length === 1) {
    return [tagged["blob"]];
  }
  return Object.values(json).flatMap(sealedBlobs);
}
