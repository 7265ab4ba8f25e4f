import { strictEqual } from "node:assert/strict";
import { nearExpression } from "./near_expression.ts";
import { parse } from "./parse.ts";
import { sourceText } from "./source_text.ts";

const INNER: readonly (readonly [inner: string, near: string | undefined])[] = [
  ["parm.x", "param."],
  ["params.x", "param."],
  ["each.valeu", "each."],
  [" Each.value ", "each."],
  ["vra.zone", "var."],
  ['evn("HOME")', "env("],
  ['ENV("HOME")', "env("],
  ["aws:username", undefined],
  ["HOME", undefined],
  ["HOME:-/root", undefined],
  ["{ env.X }", undefined],
  ["{ secrets.TOKEN }", undefined],
  ["local.x", undefined],
  ["path.module", undefined],
  ['secret("x")', "param."],
  ['secret_env("X")', "param."],
  ["secrets.X", undefined],
  ["reaches.x", undefined],
  ["", undefined],
];

for (const [inner, near] of INNER) {
  Deno.test(`nearExpression() of ${JSON.stringify(inner)}`, () => strictEqual(nearExpression(inner), near));
}

Deno.test("parse() warns of a misspelt expression at its place, and leaves the text as it is", () => {
  const source = sourceText(
    "a.smelt",
    'resource a "b" : x.y.Z { k = "a ${parm.x} \\${parm.y} ${aws:user}" }',
  );
  const found = parse(source).diagnostics.map((each) => `${each.code} ${each.column} ${each.message}`);
  strictEqual(
    found.join("\n"),
    'W-INTERPOLATION 33 "${parm.x}" is plain text here: did you mean "${param."?',
  );
});
