import { editDistance } from "../engine/near_name.ts";
import { trimWhiteSpace } from "./character.ts";

/** How the expressions begin that may stand between `${` and `}`. */
const HEADS: readonly string[] = ["each.", "param.", "var.", "env("];
/** A secret comes into a text by a parameter only. */
const SECRET_REGEXP = /^secret(_env|_file|_command)?\s*\(/;
const HEAD_REGEXP = /^([A-Za-z]{2,6})\s*([.(])/;

/**
 * What the text between `${` and `}` was probably meant to begin with, when it is no expression: another `${…}` is plain
 * text on purpose, in policies, scripts and workflows.
 */
export function nearExpression(inner: string): string | undefined {
  if (SECRET_REGEXP.test(trimWhiteSpace(inner))) return "param.";
  const [, word, mark] = HEAD_REGEXP.exec(trimWhiteSpace(inner)) ?? [];
  if (word === undefined || mark === undefined) return undefined;
  const written = [...`${word.toLowerCase()}${mark}`];
  return HEADS.find((head) => head.endsWith(mark) && editDistance(written, [...head]) <= 1);
}
