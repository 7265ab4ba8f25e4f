import { parseCanonicalJson } from "../engine/canonical_json.ts";
import { type Json, type JsonObject, parseJson } from "../engine/json.ts";

/** Deeper than any value that smelt writes: user values nest 256 deep at most. */
const DEPTH_LIMIT = 1_000;

/**
 * Reads text that must be in canonical form, like `parseCanonicalJson`, and a few times faster: text that comes out of the
 * runtime's own writer unchanged is canonical when the keys of its objects stand in order. `undefined` also when it nests
 * too deep to be walked.
 */
export function readCanonical(text: string): Json | undefined {
  const json = parseJson(text);
  if (json === undefined) return undefined;
  const form = formOf(json, DEPTH_LIMIT);
  if (form === "tooDeep") return undefined;
  const written = JSON.stringify(json);
  const isPlain = written === text && form === "ordered" && !text.includes("\\ud");
  return isPlain ? json : parseCanonicalJson(text);
}

/** Whether the keys of all objects stand in order, and whether `json` nests no deeper than can be walked. */
type Form = "ordered" | "unordered" | "tooDeep";

function formOf(json: Json, depth: number): Form {
  if (typeof json !== "object" || json === null) return "ordered";
  if (depth === 0) return "tooDeep";
  return isList(json) ? formOfList(json, depth - 1) : formOfObject(json, depth - 1);
}

function formOfList(json: readonly Json[], depth: number): Form {
  let form: Form = "ordered";
  for (const part of json) {
    const found = formOf(part, depth);
    if (found === "tooDeep") return found;
    if (found === "unordered") form = found;
  }
  return form;
}

function formOfObject(json: JsonObject, depth: number): Form {
  let form: Form = "ordered";
  let last = "";
  for (const key in json) {
    const found = formOf(json[key] ?? null, depth);
    if (found === "tooDeep") return found;
    if (found === "unordered" || key < last) form = "unordered";
    last = key;
  }
  return form;
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
