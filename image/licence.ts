import { SPDX_EXCEPTION_IDS, SPDX_LICENCE_IDS } from "./spdx_ids.ts";

/** What a package says of its licence. */
export type Licence =
  /** In the language of SPDX. */
  | { readonly kind: "expression"; readonly text: string }
  /** In words of its own. */
  | { readonly kind: "named"; readonly text: string }
  /** In a file of the package; `sha256` is of its text, where that could be read. */
  | { readonly kind: "file"; readonly name: string; readonly sha256: string | undefined }
  /** Nothing. */
  | { readonly kind: "missing" }
  /** Nobody asked the package. */
  | { readonly kind: "unasked" };

const TOKEN_REGEXP = /\s*([()]|[^\s()]+)/gy;
const OWN_LICENCE_REGEXP = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$/;
const LONGEST_TEXT = 1_000;

/** Reads what stands in a manifest as its licence; a `/` between two means the same as `OR`, as it was written once. */
export function parseLicence(text: string): Licence {
  const expression = text.trim().replaceAll(/\s*\/\s*/g, " OR ");
  if (expression === "") return { kind: "missing" };
  return isSpdxExpression(expression)
    ? { kind: "expression", text: expression }
    : { kind: "named", text: text.trim() };
}

/** Whether a text is an expression of licences that SPDX knows (SPDX 2.3, annex D). */
export function isSpdxExpression(text: string): boolean {
  const tokens = text.length > LONGEST_TEXT
    ? []
    : [...text.matchAll(TOKEN_REGEXP)].map(([, token = ""]) => token);
  const end = readAlternatives(tokens, 0);
  return end !== undefined && end === tokens.length && tokens.length > 0;
}

type Read = (tokens: readonly string[], at: number) => number | undefined;

/** Each reads from a place on and gives the place behind what it read; `undefined` when it is not what it should be. */
const readAlternatives: Read = (tokens, at) => readChain(tokens, at, { operator: "OR", read: readAll });
const readAll: Read = (tokens, at) => readChain(tokens, at, { operator: "AND", read: readOne });

function readChain(
  tokens: readonly string[],
  at: number,
  { operator, read }: { readonly operator: string; readonly read: Read },
): number | undefined {
  let end = read(tokens, at);
  while (end !== undefined && tokens[end] === operator) end = read(tokens, end + 1);
  return end;
}

function readOne(tokens: readonly string[], at: number): number | undefined {
  if (tokens[at] === "(") {
    const end = readAlternatives(tokens, at + 1);
    return end !== undefined && tokens[end] === ")" ? end + 1 : undefined;
  }
  if (!isLicence(tokens[at])) return undefined;
  if (tokens[at + 1] !== "WITH") return at + 1;
  return SPDX_EXCEPTION_IDS.has(tokens[at + 2] ?? "") ? at + 3 : undefined;
}

function isLicence(token: string | undefined): boolean {
  if (token === undefined) return false;
  return SPDX_LICENCE_IDS.has(token.endsWith("+") ? token.slice(0, -1) : token) ||
    OWN_LICENCE_REGEXP.test(token);
}
