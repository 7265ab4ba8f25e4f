import { strictEqual } from "node:assert/strict";
import { couldBeExpression } from "./could_be_expression.ts";

const CASES: readonly (readonly [text: string, expected: boolean])[] = [
  ["size >= 1", true],
  ["name in ['a b', 'c d']", true],
  ["tags.team == 'db' && 'x y' != name", true],
  ['name == "it\'s \\" mine"', true],
  ["small", true],
  ["", true],
  ["size > 1 // never less than one", true],
  ["no public ip", false],
  ["keep it small", false],
  ["backups, kept for 7 days", false],
  ["größer als 1", false],
  ["only for #team", false],
  ["size > 1 and size < 3", false],
];

for (const [text, expected] of CASES) {
  Deno.test(`couldBeExpression() of ${JSON.stringify(text)}`, () =>
    strictEqual(couldBeExpression(text), expected));
}
