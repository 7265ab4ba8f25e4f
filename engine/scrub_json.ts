import { parseJson } from "./json.ts";
import type { SecretRegister } from "./secret_register.ts";
import { HIDDEN } from "./hide_stretches.ts";

const STRING_REGEXP = /"(?:[^"\\]|\\.)*"/g;

/** Scrubs the strings of a text in JSON, names of members among them, and leaves it JSON. */
export function scrubJson(secrets: SecretRegister, json: string): string {
  return secrets.isIn(json) ? json.replace(STRING_REGEXP, (string) => scrubString(secrets, string)) : json;
}

function scrubString(secrets: SecretRegister, string: string): string {
  const scrubbed = `"${secrets.scrub(string.slice(1, -1))}"`;
  // What was hidden may have begun in the middle of an escape.
  return parseJson(scrubbed) !== undefined ? scrubbed : `"${HIDDEN}"`;
}
