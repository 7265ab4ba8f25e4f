import { editDistance } from "../engine/near_name.ts";
import { trimWhiteSpace } from "./character.ts";

/** How the expressions begin that may stand between `${` and `}`. */
const HEADS: readonly string[] = ["each.", "param.", "var.", "env("];
const HEAD_REGEXP = /^([A-Za-z]{2,6})\s*([.(])/;

/**
 * What the text between `${` and `}` was probably meant to begin with, when it is no expression: another `${…}` is plain
 * text on purpose, in policies, scripts and workflows.
 */
export function nearExpression(inner: string): string | undefined {
  const [, word, mark] = HEAD_REGEXP.exec(trimWhiteSpace(inner)) ?? [];
  if (word === undefined || mark === undefined) return undefined;
  const written = [...`${word.toLowerCase()}${mark}`];
  return HEADS.find((head) => head.endsWith(mark) && editDistance(written, [...head]) <= 1);
}
