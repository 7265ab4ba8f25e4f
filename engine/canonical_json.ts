import { invariant } from "./invariant.ts";
import { type Json, type JsonObject, parseJson } from "./json.ts";

const LONE_SURROGATE_REGEXP = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** How deep lists and objects may stand in each other: far beyond any value that the edges let in. */
export const NESTING_LIMIT = 1000;

/**
 * Writes `json` in the one form that is hashed, signed and stored: RFC 8785, keys in UTF-16 order, no white space,
 * numbers as ECMAScript prints them. A number that JSON cannot hold, a lone surrogate and nesting beyond `NESTING_LIMIT` are
 * bugs of the caller, who checks at the edge.
 */
export function canonicalJson(json: Json): string {
  const ordered = inOrder(json, 0);
  const text = ordered === undefined ? undefined : JSON.stringify(ordered);
  // The runtime's own writer is many times as fast, and escapes lone surrogates, which have no canonical form.
  return text === undefined || text.includes("\\ud") ? canonicalText(json, 0) : text;
}

/**
 * The same JSON with the keys of each object in the order in which they are written; itself where they stand in it.
 * `undefined` where a key may look like an index: objects put those first, in the order of numbers.
 */
function inOrder(json: Json, depth: number): Json | undefined {
  if (typeof json === "number") {
    invariant(Number.isFinite(json), "Canonical JSON holds finite numbers only");
    return json;
  }
  if (typeof json !== "object" || json === null) return json;
  invariant(depth < NESTING_LIMIT, "Canonical JSON nests no deeper than its limit");
  return isList(json) ? listInOrder(json, depth + 1) : objectInOrder(json, depth + 1);
}

function listInOrder(list: readonly Json[], depth: number): readonly Json[] | undefined {
  let changed: Json[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const part = list[index] ?? null;
    const ordered = inOrder(part, depth);
    if (ordered === undefined) return undefined;
    if (ordered === part) continue;
    changed ??= [...list];
    changed[index] = ordered;
  }
  return changed ?? list;
}

function objectInOrder(object: JsonObject, depth: number): JsonObject | undefined {
  let isOrdered = true;
  let last = "";
  let changed: Map<string, Json> | undefined;
  for (const key in object) {
    const part = object[key];
    if (part === undefined) continue;
    if (startsWithDigit(key)) return undefined;
    if (key < last) isOrdered = false;
    last = key;
    const ordered = inOrder(part, depth);
    if (ordered === undefined) return undefined;
    if (ordered !== part) (changed ??= new Map()).set(key, ordered);
  }
  if (isOrdered && changed === undefined) return object;
  const made: Record<string, Json> = Object.create(null);
  for (const key of Object.keys(object).sort()) {
    const part = changed?.get(key) ?? object[key];
    if (part !== undefined) made[key] = part;
  }
  return made;
}

function startsWithDigit(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
}

function canonicalText(json: Json, depth: number): string {
  if (typeof json === "string") return canonicalString(json);
  if (typeof json === "number") {
    invariant(Number.isFinite(json), "Canonical JSON holds finite numbers only");
    return JSON.stringify(json);
  }
  if (json === null || typeof json === "boolean") return String(json);
  invariant(depth < NESTING_LIMIT, "Canonical JSON nests no deeper than its limit");
  if (isList(json)) return `[${json.map((part) => canonicalText(part, depth + 1)).join(",")}]`;
  return canonicalObject(json, depth + 1);
}

/**
 * Reads text that must be in canonical form.
 * Returns `undefined` when it is not JSON or is not equal, character by character, to its own canonical form: a
 * duplicate key, other white space, another order, another spelling of a number and nesting beyond the limit all count.
 */
export function parseCanonicalJson(text: string): Json | undefined {
  const json = parseJson(text);
  if (json === undefined) return undefined;
  return hasCanonicalForm(json, 0) && text === canonicalJson(json) ? json : undefined;
}

/** A lone surrogate written as an escape parses, and so does any depth, but neither has a canonical form. */
function hasCanonicalForm(json: Json, depth: number): boolean {
  if (typeof json === "string") return !LONE_SURROGATE_REGEXP.test(json);
  if (typeof json !== "object" || json === null) {
    return Number.isFinite(json ?? 0) || typeof json === "boolean";
  }
  if (depth === NESTING_LIMIT) return false;
  if (isList(json)) return json.every((part) => hasCanonicalForm(part, depth + 1));
  return Object.entries(json).every(([key, value]) =>
    !LONE_SURROGATE_REGEXP.test(key) && hasCanonicalForm(value, depth + 1)
  );
}

function canonicalString(text: string): string {
  invariant(!LONE_SURROGATE_REGEXP.test(text), "Canonical JSON holds well-formed text only");
  return JSON.stringify(text);
}

function canonicalObject(object: JsonObject, depth: number): string {
  const parts: string[] = [];
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value === undefined) continue;
    parts.push(`${canonicalString(key)}:${canonicalText(value, depth)}`);
  }
  return `{${parts.join(",")}}`;
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
