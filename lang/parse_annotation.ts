import { nearName } from "../engine/near_name.ts";
import { reportBehind } from "./parse_behind.ts";
import type { Cursor } from "./parse_cursor.ts";
import type { AnnotationNode } from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

/** The annotations there are, in canonical order. */
export const ANNOTATION_NAMES: readonly string[] = [
  "intent",
  "owner",
  "constraint",
  "lifecycle",
  "ignore_changes",
  "replace_triggered_by",
  "timeout",
];

/** Reads `@NAME "TEXT"`; adds it to `into`. */
export function parseAnnotation(cursor: Cursor, into: AnnotationNode[]): boolean {
  const first = cursor.at++;
  const name = cursor.at;
  if (!cursor.is(TokenKind.Identifier) || !cursor.touches(name)) {
    const wanted = 'a name directly behind "@"';
    reportBehind(cursor, first, { code: "E-SYNTAX", goal: "the annotation", wanted });
    return false;
  }
  const known = ANNOTATION_NAMES.includes(cursor.text(name));
  if (!known) refuseName(cursor, first);
  cursor.at++;
  if (!cursor.is(TokenKind.String)) {
    const goal = `the annotation "@${cursor.text(name)}"`;
    if (known) reportBehind(cursor, name, { code: "E-ANNOTATION", goal, wanted: "a text" });
    return false;
  }
  const text = cursor.at++;
  if (cursor.is(TokenKind.String) && cursor.kindAt(cursor.at + 1) !== TokenKind.Equals) {
    cursor.report(cursor.at, {
      code: "E-ANNOTATION",
      message: `Cannot read the annotation "@${cursor.text(name)}": expected one text, found another, ${
        cursor.describe(cursor.at)
      }`,
    });
    cursor.at++;
  }
  if (known) into.push({ kind: "annotation", first, last: text, name, text });
  return true;
}

function refuseName(cursor: Cursor, at: number): void {
  const name = cursor.text(cursor.at);
  const near = nearName(name, ANNOTATION_NAMES);
  cursor.reportSpan({ start: cursor.startOf(at), end: cursor.endOf(cursor.at) }, {
    code: "E-ANNOTATION",
    message: `Cannot use the annotation "@${name}": expected one of ${ANNOTATION_NAMES.join(", ")}`,
    hint: near === undefined ? undefined : `did you mean "@${near}"?`,
  });
}
