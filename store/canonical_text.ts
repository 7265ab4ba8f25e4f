import { parseCanonicalJson } from "../engine/canonical_json.ts";
import { isJsonObject, type Json } from "../engine/json.ts";

/** Deeper than any value that smelt writes: user values nest 256 deep at most. */
const DEPTH_LIMIT = 1_000;

/**
 * Reads text that must be in canonical form, like `parseCanonicalJson`, and a few times faster: text that comes out of the
 * runtime's own writer unchanged is canonical when the keys of its objects stand in order. `undefined` also when it nests
 * too deep to be walked.
 */
export function readCanonical(text: string): Json | undefined {
  const json = parsed(text);
  if (json === undefined || !isShallow(json, DEPTH_LIMIT)) return undefined;
  const written = JSON.stringify(json);
  const isPlain = written === text && !text.includes("\\ud") && hasOrderedKeys(json);
  return isPlain ? json : parseCanonicalJson(text);
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isShallow(json: Json, depth: number): boolean {
  if (typeof json !== "object" || json === null) return true;
  return depth > 0 && Object.values(json).every((part) => isShallow(part, depth - 1));
}

function hasOrderedKeys(json: Json): boolean {
  if (Array.isArray(json)) return json.every(hasOrderedKeys);
  if (!isJsonObject(json)) return true;
  let last = "";
  for (const [key, part] of Object.entries(json)) {
    if (key < last || !hasOrderedKeys(part)) return false;
    last = key;
  }
  return true;
}
