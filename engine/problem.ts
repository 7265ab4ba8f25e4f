import type { Origin } from "./resource_config.ts";

/** What can be wrong with one resource of the configuration, by itself or seen with the schema of its type. */
export type ProblemCode =
  | "E-SYNTAX" // a name that is none
  | "E-STRING" // a text that no file could hold
  | "E-ANNOTATION"
  | "E-SECRET" // a ciphertext where none is decrypted
  | "E-TOO-DEEP"
  | "E-DUP-RESOURCE"
  | "E-UNKNOWN-DEP"
  | "E-UNKNOWN-TYPE"
  | "E-UNKNOWN-SECTION"
  | "E-UNKNOWN-FIELD"
  | "E-REQUIRED"
  | "E-FIELD-TYPE" // another kind of value, or one outside the pattern or the range
  | "E-ENUM"
  | "E-BINDING"
  | "E-BINDING-AMBIGUOUS"
  | "E-UNKNOWN-OUTPUT"; // what is needed of a resource, and its type or its configuration cannot give

/** One thing wrong with the configuration, and where. Plain data; a message never shows a secret. */
export interface Problem {
  readonly code: ProblemCode;
  /** Sentence case, no full stop. */
  readonly message: string;
  readonly origin: Origin;
  /** What to do about it. */
  readonly hint?: string;
}

/** Makes a problem; `hint` may be left out or unknown. */
export function problem(code: ProblemCode, message: string, origin: Origin, hint?: string): Problem {
  return hint === undefined ? { code, message, origin } : { code, message, origin, hint };
}

/** The hint for a name that is near another, or else the list of names that there are. */
export function nameHint(near: string | undefined, known: readonly string[]): string | undefined {
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (known.length === 0) return undefined;
  return `There ${known.length === 1 ? "is" : "are"} ${known.map((name) => `"${name}"`).join(", ")}`;
}
