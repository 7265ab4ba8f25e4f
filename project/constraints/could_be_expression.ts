/** The longest text that is read as an expression, in UTF-16 units. */
export const CONSTRAINT_LENGTH_LIMIT = 2_000;

const QUOTED = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const NOT_IN_EXPRESSIONS = /[^\sA-Za-z0-9_"'+\-*/%<>=!&|?:.,()[\]{}]/;
const WORDS_SIDE_BY_SIDE = /[A-Za-z0-9_]\s+(?!in\b)[A-Za-z0-9_]/;

/**
 * Whether a text may be an expression, so that it is worth loading the parser: sentences are not, since two words side by side
 * are none of CEL but around `in`.
 */
export function couldBeExpression(text: string): boolean {
  if (text.includes("//")) return true;
  const bare = text.replaceAll(QUOTED, '""').replaceAll(/\bin\s/g, "in+");
  return !NOT_IN_EXPRESSIONS.test(bare) && !WORDS_SIDE_BY_SIDE.test(bare);
}
