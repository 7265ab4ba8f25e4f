import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { parse } from "./parse.ts";
import { sourceText } from "./source_text.ts";
import { nameText } from "./syntax_text.ts";

/** Codes and places of all that is reported, and the names of the resources that were read. */
function read(
  ...lines: readonly string[]
): { readonly found: readonly string[]; readonly names: readonly string[] } {
  const { tree, diagnostics } = parse(sourceText("a.smelt", lines.join("\n")));
  return {
    found: diagnostics.map((each) => `${each.code} ${each.line}:${each.column}`),
    names: tree.declarations.flatMap((node) => node.kind === "resource" ? [nameText(tree, node.name)] : []),
  };
}

const FIRST = 'resource a "first" : x.y.Z {';
const SECOND = ['resource b "second" : x.y.Z {', "  wrong = @", "}"];
const last = (line: number): string => `E-SYNTAX ${line}:11`;

Deno.test("parse() reports each of several mistakes once, and reads the rest", () => {
  deepStrictEqual(read(FIRST, "  a = = 1", "  b = foo", "  c = [1 2]", "  d = 4", "}", ...SECOND), {
    found: ["E-SYNTAX 2:7", "E-SYNTAX 3:7", "E-SYNTAX 4:10", last(8)],
    names: ["first", "second"],
  });
});

Deno.test("parse() finds the wrong escapes behind a string that lacks its end", () => {
  deepStrictEqual(read(FIRST, '  a = "one', '  b = "t\\wo"', '  c = "three"', "}", ...SECOND).found, [
    "E-STRING 2:7",
    "E-STRING 3:9",
    last(7),
  ]);
});

Deno.test("parse() names the body that lacks its end, and checks what follows", () => {
  deepStrictEqual(read(FIRST, "  a = 1", "", ...SECOND), {
    found: ["E-SYNTAX 4:1", last(5)],
    names: ["first", "second"],
  });
  const section = read(FIRST, "  s {", "    a = 1", "", "  t {", "    b = 2", "  }", "}", ...SECOND);
  deepStrictEqual(section, { found: ["E-SYNTAX 5:3", last(10)], names: ["first", "second"] });
  deepStrictEqual(read(FIRST, "  a = [1, 2", "  b = 3", "}", ...SECOND), {
    found: ["E-SYNTAX 3:3", last(6)],
    names: ["first", "second"],
  });
  strictEqual(read(FIRST, "  a = { x = 1", "  b = 3", "}", ...SECOND).found.length, 2);
  deepStrictEqual(read(FIRST, "  s { t = { u = [").found, ["E-SYNTAX 2:18"]);
});

Deno.test("parse() says where the bracket that is not closed stands", () => {
  const [found] = parse(sourceText("a.smelt", `${FIRST} a = 1`)).diagnostics;
  strictEqual(
    found?.message,
    'Cannot find the end of the resource "first": expected "}" for the "{" at 1:28, found end of file',
  );
});

Deno.test("parse() hints at the bracket that the indentation betrays", () => {
  const text = [FIRST, "  a = { x = 1", "  b = 3", "}", 'include "c"'].join("\n");
  const [found] = parse(sourceText("a.smelt", text)).diagnostics;
  strictEqual(found?.hint, 'the "{" at 2:7 may lack its "}" instead');
});

Deno.test("parse() finds the quote that turned later strings inside out", () => {
  deepStrictEqual(read(FIRST, '  a = "one', '  b = "two"', '  c = "three"', "}", ...SECOND), {
    found: ["E-STRING 2:7", last(7)],
    names: ["first", "second"],
  });
  deepStrictEqual(read(FIRST, '  s { a = "one }', "}", "").found, ["E-STRING 2:11"]);
  deepStrictEqual(read(FIRST, '  a = """', "  text", "}", ...SECOND).found, ["E-STRING 2:7", last(6)]);
});

Deno.test("parse() refuses a misplaced declaration and a misspelt one with a hint", () => {
  deepStrictEqual(read('component "c" {', '  use "d" as "e" {', "    a = @", "  }", "}", ...SECOND).found, [
    "E-SYNTAX 2:3",
    last(7),
  ]);
  const { diagnostics } = parse(sourceText("a.smelt", `resorce a "b" : x.y.Z {\n  a = 1\n}\n`));
  strictEqual(diagnostics.length, 1);
  ok(diagnostics[0]?.hint?.startsWith('did you mean "resource"?'));
});

Deno.test("parse() reports a broken head and still checks the body", () => {
  deepStrictEqual(read('resource "aws_vpc" "x" {', "  a = 1", "  b = 'c'", "}", ...SECOND), {
    found: ["E-SYNTAX 1:20", "E-SYNTAX 3:7", last(6)],
    names: ["second"],
  });
  deepStrictEqual(read('moved "a" to "b.c"', "removed a.b", 'import "x" into "a.b"', "output x = a").found, [
    "E-SYNTAX 1:7",
    "E-SYNTAX 2:9",
    "E-SYNTAX 3:12",
    "E-SYNTAX 4:12",
  ]);
});

Deno.test("parse() takes a stray brace and what it tears off as one mistake", () => {
  deepStrictEqual(read(FIRST, "  s {", "  }", "  }", "  a = 1", "}", ...SECOND).found, [
    "E-SYNTAX 5:3",
    last(8),
  ]);
});

Deno.test("parse() refuses deep nesting once, however deep, closed or not", () => {
  const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
  deepStrictEqual(read(FIRST, `a = ${deep(256)}`, "}").found, []);
  deepStrictEqual(read(FIRST, `a = ${deep(257)}`, "}").found, ["E-TOO-DEEP 2:261"]);
  deepStrictEqual(read(FIRST, `a = ${deep(20000)}`, "  b = 'x'", "}", ...SECOND).found, [
    "E-TOO-DEEP 2:261",
    "E-SYNTAX 3:7",
    last(6),
  ]);
  deepStrictEqual(read(FIRST, `a = ${"[".repeat(20000)}`).found, ["E-TOO-DEEP 2:261"]);
  deepStrictEqual(read(FIRST, `a = ${"{ a = ".repeat(20000)}`).found, ["E-TOO-DEEP 2:1541"]);
  strictEqual(read("{".repeat(20000)).found.length, 1);
  ok(read("a {".repeat(20000)).found.length > 0);
  ok(read(FIRST, "s {".repeat(20000)).found.length > 0);
});

Deno.test("parse() keeps at most a thousand errors of one file", () => {
  strictEqual(read(FIRST, "a = ]\n".repeat(5000), "}").found.length, 1000);
});
