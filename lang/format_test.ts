import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { formatSource } from "./format_source.ts";
import { sourceText } from "./source_text.ts";

function formatted(...lines: readonly string[]): string {
  const result = formatSource(sourceText("a.smelt", lines.join("\n")));
  ok(result.ok, result.ok ? "" : JSON.stringify(result.error));
  return result.value;
}

/** Formats the items of one resource; gives the lines of its body without their common indent. */
function body(...lines: readonly string[]): readonly string[] {
  const [head, ...rest] = formatted('resource a "b" : x.y.Z {', ...lines, "}").split("\n");
  strictEqual(head, 'resource a "b" : x.y.Z {');
  deepStrictEqual(rest.slice(-2), ["}", ""]);
  return rest.slice(0, -2).map((line) => line.replace(/^ {2}/, ""));
}

Deno.test("formatSource() writes a zero without sign and quotes only where they are needed", () => {
  deepStrictEqual(body("a = -0", 'b = { "c" = -10, "d e" = "f" }', 'needs "g".h'), [
    "",
    "needs g.h",
    "",
    "a = 0",
    'b = { c = -10, "d e" = "f" }',
  ]);
});

Deno.test("formatSource() puts the parts of a resource in order", () => {
  strictEqual(
    formatted(
      'resource "edge" : demo.net.Gate {',
      "  rank = 2 needs zone.z -> zone_id",
      '  ports { udp = [53] tcp = [80,443,] } @owner "net"',
      '  meta = { b = 2 a = { x = 1 } } @intent "entry"',
      "}",
    ),
    `resource gate "edge" : demo.net.Gate {
  @intent "entry"
  @owner "net"

  needs zone.z -> zone_id

  ports {
    tcp = [80, 443]
    udp = [53]
  }

  meta = {
    a = { x = 1 }
    b = 2
  }
  rank = 2
}
`,
  );
});

Deno.test("formatSource() writes every declaration in one form", () => {
  strictEqual(
    formatted(
      'moved"a.b"to"a.c" removed"a.b" import "id" to "a.b[\\"x y\\"]" output o=a.b["k"].c.d include "p/q.smelt"',
      'use "c" as "i" { z = 1 a = 2 } layer "l" over "b" { override w.* { f = 1 unset z unset a.b s { } } @intent "x" }',
      'component "c" { resource a "b" : x.Y { } param n : Integer=3 }',
    ),
    `moved "a.b" to "a.c"

removed "a.b"

import "id" to "a.b[\\"x y\\"]"

output o = a.b["k"].c.d

include "p/q.smelt"

use "c" as "i" {
  a = 2
  z = 1
}

layer "l" over "b" {
  @intent "x"

  override w.* {
    unset a.b
    unset z

    s {
    }

    f = 1
  }
}

component "c" {
  param n : Integer = 3

  resource a "b" : x.Y {
  }
}
`,
  );
});

Deno.test("formatSource() keeps the order of needs that may go to one list", () => {
  deepStrictEqual(
    body(
      "needs z.z -> ids needs m.m needs y.y -> list.ids needs d.d -> b needs b.b -> net needs a.a -> list.ids",
    ),
    [
      "",
      "needs z.z -> ids",
      "needs b.b -> net",
      "needs d.d -> b",
      "needs m.m",
      "needs y.y -> list.ids",
      "needs a.a -> list.ids",
    ],
  );
  deepStrictEqual(body("needs z.z -> s.ids needs a.a -> t.ids"), [
    "",
    "needs a.a -> t.ids",
    "needs z.z -> s.ids",
  ]);
});

Deno.test("formatSource() writes references without needless quotes, and sorts needs", () => {
  deepStrictEqual(
    body(
      'needs b.c -> z needs "b"."c-d"[k].e -> s.f needs b.c -> a needs b."x y"["0"] needs b.c[*] needs b.c["a b"] -> q',
    ),
    [
      "",
      'needs b."x y"[0]',
      "needs b.c -> a",
      "needs b.c -> z",
      'needs b.c-d["k"].e -> s.f',
      'needs b.c["a b"] -> q',
      "needs b.c[*]",
    ],
  );
});

Deno.test("formatSource() keeps every text as it is", () => {
  const texts = (value: string): readonly string[] => body(`k = ${value}`);
  deepStrictEqual(texts('"a\\r\\n b"'), ['k = "a\\r\\n b"']);
  deepStrictEqual(texts('"a\rb"'), ['k = "a\\rb"']);
  deepStrictEqual(texts('"a\\n"'), ['k = "a\\n"']);
  deepStrictEqual(texts('"a \\nb"'), ['k = "a \\nb"']);
  deepStrictEqual(texts('" a\\n b"'), ['k = " a\\n b"']);
  deepStrictEqual(texts('"a\\n\\"\\"\\""'), ['k = "a\\n\\"\\"\\""']);
  deepStrictEqual(texts('"\\na\\n  \\"b\\""'), ['k = """', "", "  a", '    "b"', '  """']);
  deepStrictEqual(texts('"a\\n\\${each.value}"'), ['k = "a\\n\\${each.value}"']);
  deepStrictEqual(texts('"a\\n${each.value}"'), ['k = "a\\n${each.value}"']);
  deepStrictEqual(texts('"a\\n${x}"'), ['k = """', "  a", "  ${x}", '  """']);
  deepStrictEqual(texts('"\\${x} \\${env(\\"A\\")} \\${${each.value}"'), [
    'k = "${x} \\${env(\\"A\\")} \\${${each.value}"',
  ]);
  deepStrictEqual(texts("\"${ env( 'A' ) }${env('a\\\"b')}\""), ['k = "${env(\\"A\\")}${env(\'a\\"b\')}"']);
  deepStrictEqual(texts('"\\u{0}\\u{e9}\\u{1F600}"'), ['k = "\\u{0}é😀"']);
  deepStrictEqual(texts('secret("""\n  a\n  b\n  """)'), ['k = secret("a\\nb")']);
  deepStrictEqual(texts('secret("${env(\\"A\\")}")'), ['k = secret("${env(\\"A\\")}")']);
});

Deno.test("formatSource() leaves an annotation's expression as it is, since it may be plain text", () => {
  deepStrictEqual(
    body('@owner "${ each.value }" @intent "a ${\\u{20}param.x\\t}" @constraint "${each.value}"'),
    ['@intent "a ${ param.x\\t}"', '@owner "${ each.value }"', '@constraint "${each.value}"'],
  );
});

Deno.test("formatSource() writes lists and records on one line only when they are short and plain", () => {
  deepStrictEqual(
    body('a = { "x y" = 1, "z" = [] }', "b = { a = 1 b = 2 c = 3 d = 4 e = 5 }", "c = [param.x]", "d = { }"),
    [
      "a = {",
      '  "x y" = 1',
      "  z = []",
      "}",
      "b = {",
      "  a = 1",
      "  b = 2",
      "  c = 3",
      "  d = 4",
      "  e = 5",
      "}",
      "c = [",
      "  param.x",
      "]",
      "d = {}",
    ],
  );
});

Deno.test("formatSource() sorts by code point and keeps the order of equal names", () => {
  deepStrictEqual(body("é = 1 b = 2 a_ = 3 aB = 4 a1 = 5 _a = 6 B = 7 b = 1 𝒳 = 8 ﬀ = 9"), [
    "B = 7",
    "_a = 6",
    "a1 = 5",
    "aB = 4",
    "a_ = 3",
    "b = 2",
    "b = 1",
    "é = 1",
    "ﬀ = 9",
    "𝒳 = 8",
  ]);
});

Deno.test("formatSource() leaves a kind derived that is no word in lower case", () => {
  strictEqual(formatted('resource "a" : x.İ { }'), 'resource "a" : x.İ {\n}\n');
});

Deno.test("formatSource() moves comments with their items", () => {
  deepStrictEqual(
    body(
      "# about z",
      "z = 1 # behind z",
      "# about a",
      "# more",
      "a = 2",
      "s { # head",
      "  # inside",
      "} # behind s",
      "# end",
    ),
    [
      "s { # head",
      "  # inside",
      "} # behind s",
      "",
      "# about a",
      "# more",
      "a = 2",
      "# about z",
      "z = 1 # behind z",
      "# end",
    ],
  );
});

Deno.test("formatSource() keeps comments inside lists and records", () => {
  deepStrictEqual(
    body(
      "a = [ # head",
      "1 # one",
      ", 2, # two",
      "# three",
      "3",
      "# end",
      "]",
      "b = { # h",
      "y = 1 # y",
      "x = 2",
      "}",
    ),
    [
      "a = [ # head",
      "  1, # one",
      "  2, # two",
      "  # three",
      "  3",
      "  # end",
      "]",
      "b = { # h",
      "  x = 2",
      "  y = 1 # y",
      "}",
    ],
  );
});

Deno.test("formatSource() puts comments from the middle of an item before it", () => {
  deepStrictEqual(
    body("a = # why", "1", "needs # who", "b.c # which", "-> # where", "d # behind", "count # n", "= 2"),
    [
      "# n",
      "count = 2",
      "",
      "# who",
      "# which",
      "# where",
      "needs b.c -> d # behind",
      "",
      "# why",
      "a = 1",
    ],
  );
});

Deno.test("formatSource() keeps headers, chapters and last words of a file", () => {
  strictEqual(
    formatted(
      "# header",
      "",
      "",
      "# chapter",
      "",
      "# about",
      'include "a" # behind',
      'include "b"',
      "# last",
      "",
      "# words",
      "",
    ),
    `# header

# chapter

# about
include "a" # behind

include "b"

# last

# words
`,
  );
  strictEqual(formatted("  # only", "  # comments  "), "# only\n# comments\n");
  strictEqual(formatted(" ", "\t"), "");
});

Deno.test("formatSource() gives the errors of a file instead of a text", () => {
  const result = formatSource(sourceText("a.smelt", "resource"));
  ok(!result.ok);
  deepStrictEqual(result.error.map((each) => each.code), ["E-SYNTAX"]);
});
