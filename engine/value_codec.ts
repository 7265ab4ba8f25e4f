import { invariant, InvariantError } from "./invariant.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import {
  integer,
  isList,
  isRecord,
  recordOf,
  SealedSecret,
  Secret,
  Unknown,
  type Value,
  type ValueRecord,
} from "./value.ts";

/**
 * Values in JSON, as events and plans hold them. JSON stands for itself; an object with exactly one key, which starts
 * with `$`, is a tag: `$secret`, `$unknown`, `$int`, and `$object` for user data that looks like a tag.
 */

const INTEGER_REGEXP = /^-?[1-9][0-9]*$/;

/** Encodes a value. A secret in clear has no encoding: that it reaches this function is a bug, not an outcome. */
export function encodeValue(value: Value): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return encodeInteger(value);
  if (value instanceof SealedSecret) return { $secret: { blob: value.blob, digest: value.digest } };
  if (value instanceof Unknown) return { $unknown: value.address };
  if (value instanceof Secret) throw new InvariantError("A secret in clear cannot be encoded");
  if (isList(value)) return value.map(encodeValue);
  return encodeRecord(value);
}

/** One number has one form, whatever held it. */
function encodeInteger(digits: bigint): Json {
  const number = integer(digits);
  return typeof number === "number" ? number : { $int: number.toString() };
}

/** Encodes an object value; the result is an object too, tagged when it would read as a tag. */
export function encodeRecord(value: ValueRecord): JsonObject {
  const encoded = recordOf(value, encodeValue) as JsonObject;
  return tagOf(encoded) === undefined ? encoded : { $object: encoded };
}

/** Decodes what `encodeValue` wrote. An unknown tag, or one that holds anything else, is a bug or a newer version: it throws. */
export function decodeValue(json: Json): Value {
  if (Array.isArray(json)) return json.map(decodeValue);
  if (!isJsonObject(json)) return typeof json === "object" ? null : json;
  const tag = tagOf(json);
  return tag === undefined ? decodeEntries(json) : decodeTag(tag, json[tag] ?? null);
}

/** Decodes an object value; throws when `json` is a tag for something else. */
export function decodeRecord(json: JsonObject): ValueRecord {
  const value = decodeValue(json);
  invariant(isRecord(value), "The encoded value is not an object");
  return value;
}

function decodeTag(tag: string, body: Json): Value {
  if (tag === "$int" && typeof body === "string" && INTEGER_REGEXP.test(body)) {
    const number = integer(BigInt(body));
    if (typeof number === "bigint") return number;
  }
  if (tag === "$unknown" && typeof body === "string") return new Unknown(body);
  if (tag === "$object" && isJsonObject(body)) return decodeEntries(body);
  if (tag === "$secret" && isJsonObject(body)) {
    const { blob, digest } = body;
    if (typeof blob === "string" && typeof digest === "string") return new SealedSecret(blob, digest);
  }
  throw new InvariantError(`Unknown tag "${tag}" in an encoded value`);
}

function decodeEntries(json: JsonObject): ValueRecord {
  return recordOf(json, decodeValue);
}

function tagOf(json: JsonObject): string | undefined {
  let only: string | undefined;
  for (const key in json) {
    if (only !== undefined || !key.startsWith("$")) return undefined;
    only = key;
  }
  return only;
}
