/** `for_each = …` and `count = …`, which stand directly in a resource. */
import type { Cursor } from "./parse_cursor.ts";
import { parseValue } from "./parse_value.ts";
import type { CountNode, ForEachNode, SyntaxNode, ValueNode } from "./syntax_tree.ts";

/** Reads `for_each`; `before` is what multiplies the resource already. */
export function parseForEach(cursor: Cursor, before: SyntaxNode | undefined): ForEachNode | undefined {
  const first = cursor.at;
  refuseSecond(cursor, before);
  cursor.at += 2;
  const value = parseValue(cursor);
  if (value === undefined) return undefined;
  if (value.kind === "array" || value.kind === "record" || value.kind === "param_ref") {
    return { kind: "for_each", first, last: value.last, value };
  }
  refuseValue(cursor, value, {
    code: "E-FOREACH-VALUE",
    message: 'Cannot use this value of "for_each": expected a list, a record or a parameter',
  });
  return undefined;
}

/** Reads `count`; `before` is what multiplies the resource already. */
export function parseCount(cursor: Cursor, before: SyntaxNode | undefined): CountNode | undefined {
  const first = cursor.at;
  refuseSecond(cursor, before);
  cursor.at += 2;
  const value = parseValue(cursor);
  if (value === undefined) return undefined;
  const natural = value.kind === "integer" && !cursor.text(value.first).startsWith("-");
  if (value.kind === "param_ref" || (value.kind === "integer" && natural)) {
    return { kind: "count", first, last: value.last, value };
  }
  refuseValue(cursor, value, {
    code: "E-COUNT-VALUE",
    message: 'Cannot use this value of "count": expected a whole number from 0, or a parameter',
  });
  return undefined;
}

function refuseSecond(cursor: Cursor, before: SyntaxNode | undefined): void {
  if (before === undefined) return;
  const [word, other] = [cursor.text(cursor.at), cursor.text(before.first)];
  cursor.report(cursor.at, {
    code: "E-COUNT-AND-FOREACH",
    message: word === other
      ? `Cannot set "${word}" twice in one resource`
      : `Cannot set "${word}" beside "${other}": a resource takes one of them`,
  });
}

function refuseValue(
  cursor: Cursor,
  value: ValueNode,
  report: { readonly code: "E-FOREACH-VALUE" | "E-COUNT-VALUE"; readonly message: string },
): void {
  cursor.reportSpan({ start: cursor.startOf(value.first), end: cursor.endOf(value.last) }, report);
}
