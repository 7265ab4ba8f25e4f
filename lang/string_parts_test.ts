import { deepStrictEqual } from "node:assert/strict";
import { splitParts, type StringPlace } from "./string_parts.ts";
import { decodeString } from "./string_text.ts";

function parts(token: string, place: StringPlace = "value"): readonly unknown[] {
  return splitParts(decodeString(token, 0, token.length), place).map((part) => {
    const { span: _, inner: _inner, ...rest } = { inner: "", ...part };
    return rest;
  });
}

const text = (of: string): unknown => ({ kind: "text", text: of });

Deno.test("splitParts() reads each expression", () => {
  deepStrictEqual(
    parts(String.raw`"a${"${"}each.value}${"${"} each.index }${"${"}each.key}${"${"}each.value.f.g}b"`),
    [
      text("a"),
      { kind: "each", of: "value", path: [] },
      { kind: "each", of: "index", path: [] },
      { kind: "each", of: "key", path: [] },
      { kind: "each", of: "value", path: ["f", "g"] },
      text("b"),
    ],
  );
  deepStrictEqual(parts('"${param.x}${var.region}${env(\\"A\\")}${env( \'B\' , \\"d e\\" )}"'), [
    { kind: "param", name: "x" },
    { kind: "var", name: "region" },
    { kind: "env", name: "A", default: undefined },
    { kind: "env", name: "B", default: "d e" },
  ]);
});

Deno.test("splitParts() leaves other text byte for byte", () => {
  for (
    const other of [
      "${aws:user}",
      "${ x }",
      "${each.other}",
      "${each.index.f}",
      "${var}",
      "$${",
      "${",
      "${}",
      "${a ${each.value",
    ]
  ) {
    deepStrictEqual(parts(`"${other}"`), [text(other)]);
  }
  deepStrictEqual(parts('""'), []);
});

Deno.test("splitParts() leaves an escaped dollar and all behind it to the text", () => {
  deepStrictEqual(parts('"\\${each.value}${each.value}"'), [text("${each.value}"), {
    kind: "each",
    of: "value",
    path: [],
  }]);
  deepStrictEqual(parts('"\\u{24}{each.value}"'), [text("${each.value}")]);
});

Deno.test("splitParts() finds malformed env(), which must not be read as text", () => {
  for (const inner of ["env()", "env(A)", 'env(\\"A)', 'env(\\"\\")', 'env(\\"A\\",)', 'env(\\"A\\") x']) {
    deepStrictEqual(parts(`"\${${inner}}"`), [{ kind: "malformed_env", text: inner.replaceAll("\\", "") }]);
  }
});

Deno.test("splitParts() knows only each and param in annotations", () => {
  deepStrictEqual(parts('"${param.x}${var.y}${env(X)}"', "annotation"), [
    { kind: "param", name: "x" },
    text("${var.y}${env(X)}"),
  ]);
});

Deno.test("splitParts() gives the text inside of an expression, escapes read, white space kept", () => {
  const token = '"${\\u{20}each.value\\t}"';
  const [part] = splitParts(decodeString(token, 0, token.length), "annotation");
  deepStrictEqual(part?.kind === "each" ? part.inner : part, " each.value\t");
});

Deno.test("splitParts() gives each part its place in the source", () => {
  const token = String.raw`"\n${"${"}param.x}é"`;
  const spans = splitParts(decodeString(token, 0, token.length), "value").map((part) =>
    token.slice(part.span.start, part.span.end)
  );
  deepStrictEqual(spans, ["\\n", "${param.x}", "é"]);
});
