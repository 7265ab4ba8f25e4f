import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { choices } from "./choices_arbitrary.ts";
import { hasErrors } from "./diagnostic.ts";
import { format } from "./format.ts";
import { parse } from "./parse.ts";
import { sourceText } from "./source_text.ts";
import { syntaxFile } from "./syntax_arbitrary.ts";
import { checkText } from "./syntax_law.ts";

const GOOD = `resource web "broken" : sim.Web {
  @intent "Serves the shop"
  @owner "shop"

  for_each = ["eu", "us"]

  needs net.main -> network_id
  needs key.k["a b"].arn

  listen {
    hosts = ["a.example", "b.example"]
    port = 443
    tls = true
  }

  image = "web-\${each.value}"
  labels = {
    team = "shop"
    tier = "front"
    zone = "a"
    rack = 7
    unit = 3
  }
  password = secret("hunter2")
  region = env("REGION", "eu")
  size = 3
}
`;

/** What people get wrong: the text that is meant, the one that is written, and how many lines further it may be noticed. */
const MISTAKES: readonly (readonly [name: string, meant: string, written: string, linesLater?: number])[] = [
  ["no brace opens the resource", "sim.Web {", "sim.Web", 1],
  ["no brace closes the resource", "size = 3\n}", "size = 3\n", 3],
  ["no brace opens the section", "listen {", "listen"],
  ["no brace closes the section", "tls = true\n  }", "tls = true", 20],
  ["no bracket opens the list", '["a.example"', '"a.example"'],
  ["no bracket closes the list", '"b.example"]', '"b.example"', 1],
  ["no brace opens the record", "labels = {", "labels =", 1],
  ["no brace closes the record", "unit = 3\n  }", "unit = 3", 10],
  ["no quote ends the text", '"shop"\n    tier', '"shop\n    tier'],
  ["no quote begins the text", 'team = "shop"', 'team = shop"'],
  ["no quote ends the name", '"broken" :', '"broken :'],
  ["no quotes around the name", '"broken"', "broken"],
  ["no quotes around a text", '"front"', "front"],
  ["single quotes", '"front"', "'front'"],
  ["curly quotes", '"front"', "“front”"],
  ["no comma in the list", '"eu", "us"', '"eu" "us"'],
  ["two commas in the list", '"eu", "us"', '"eu",, "us"'],
  ["a comma before the list", '["eu"', '[, "eu"'],
  ["a semicolon", "size = 3", "size = 3;"],
  ["a comma between fields", "port = 443", "port = 443,"],
  ["a colon for =", "port = 443", "port: 443"],
  ["== for =", "port = 443", "port == 443"],
  [":= for =", "port = 443", "port := 443"],
  ["=> for =", "port = 443", "port => 443"],
  ["no =", "port = 443", "port 443"],
  ["no value", "port = 443", "port =", 1],
  ["no name", "port = 443", "= 443"],
  ["a misspelt keyword", "resource web", "resorce web"],
  ["a wrong keyword", "resource web", "data web"],
  ["no keyword", "resource web", "web"],
  ["no name at all", ' "broken" :', " :"],
  ["an empty name", '"broken"', '""'],
  ["no colon", '"broken" :', '"broken"'],
  ["no type", ": sim.Web", ":"],
  ["a space in the type", "sim.Web", "sim. Web"],
  ["a hyphen in the type", "sim.Web", "sim.my-web"],
  ["a type in quotes", "sim.Web", '"sim.Web"'],
  ["a misspelt annotation", "@owner", "@onwer"],
  ["a space in the annotation", "@owner", "@ owner"],
  ["an annotation without text", '@owner "shop"', "@owner"],
  ["an annotation with =", '@owner "shop"', '@owner = "shop"'],
  ["an annotation in parentheses", '@owner "shop"', '@owner("shop")'],
  ["a misspelt needs", "needs net.main ->", "need net.main ->"],
  ["needs of nothing", "needs net.main ->", "needs ->"],
  ["a space in needs", "net.main ->", "net. main ->"],
  ["a fat arrow", "net.main ->", "net.main =>"],
  ["an arrow with a space", "net.main ->", "net.main - >"],
  ["an arrow to nothing", "-> network_id", "->", 1],
  ["no bracket closes the index", '["a b"].arn', '["a b".arn'],
  ["no parenthesis closes secret()", '"hunter2")', '"hunter2"', 1],
  ["no parenthesis opens secret()", 'secret("hunter2")', 'secret "hunter2")'],
  ["secret() without quotes", '("hunter2")', "(hunter2)"],
  ["env() without quotes", '"REGION", "eu"', "REGION"],
  ["env() of three", '"REGION", "eu"', '"REGION", "eu", "us"'],
  ["a misspelt function", 'env("REGION"', 'evn("REGION"'],
  ["env() without quotes in a text", "${each.value}", "${env(HOME)}"],
  ["an unknown escape", "web-", "web\\q"],
  ["a comment with slashes", "size = 3", "size = 3 // small"],
  ["a comment between slashes", "size = 3", "size = 3 /* small */"],
  ["a leading zero", "443", "0443"],
  ["an exponent", "443", "4e2"],
  ["a hexadecimal number", "443", "0x1bb"],
  ["digits with separators", "443", "44_3"],
  ["a number that begins with a point", "443", ".5"],
  ["a number that ends with a point", "443", "5."],
  ["a plus", "443", "+443"],
  ["a number with a unit", "443", "443MB"],
  ["a number with a unit behind a space", "443", "443 MB"],
  ["a duration for a number", "443", "1h30m"],
  ["a boolean in capitals", "tls = true", "tls = True"],
  ["a word for a boolean", "tls = true", "tls = yes"],
  ["null", "tls = true", "tls = null"],
  ["a list in parentheses", '["a.example", "b.example"]', '("a.example", "b.example")'],
  ["a section in a section", "tls = true", "tls { on = true }"],
  ["the section a second time", "image =", "listen { }\n  image ="],
  ["for_each of a text", '["eu", "us"]', '"eu"'],
  ["count beside for_each", "size = 3", "count = 3"],
  ["a brace too many in the body", "tls = true\n  }", "tls = true\n  }\n  }", 20],
  ["a brace too many at the end", "size = 3\n}", "size = 3\n}\n}", 2],
  ["a bracket too many", '"b.example"]', '"b.example"]]'],
  ["a stray @", "size = 3", "size = 3 @"],
  ["a stray @ on a line of its own", "port = 443", "@\n    port = 443"],
  ["a stray character", "size = 3", "§ size = 3"],
  ["a stray word", "size = 3", "size = 3 big"],
  ["a stray word on a line of its own", "rack = 7", "big\n    rack = 7"],
  ["a reference instead of needs", "size = 3", "size = net.main.size"],
  ["an expression", "size = 3", "size = 3 + 4"],
  ["a condition", "size = 3", "size = true ? 3 : 4"],
];

const BEFORE = 'resource net "main" : sim.Net {\n  cidr = "10.0.0.0/8"\n}\n\ninclude "other.smelt"\n\n';
const AFTER = '\nresource key "k" : sim.Key {\n  bits = 2048\n}\n\noutput o = key.k.id\n';

for (const [name, meant, written, linesLater = 0] of MISTAKES) {
  Deno.test(`a planted mistake is one error near its place: ${name}`, () => {
    strictEqual(GOOD.split(meant).length, 2, "the text that is meant stands once");
    const text = BEFORE + GOOD.replace(meant, () => written) + AFTER;
    const { tree, diagnostics } = checkText(text);
    const errors = diagnostics.filter((each) => each.severity === "error");
    deepStrictEqual(errors.map((each) => `${each.line}: ${each.message}`).slice(1), []);
    const [found] = errors;
    const line = (BEFORE + GOOD.slice(0, GOOD.indexOf(meant))).split("\n").length;
    ok(
      found !== undefined && found.line >= line && found.line <= line + linesLater,
      `${line}: ${found?.line}`,
    );
    const kinds = tree.declarations.map((each) => each.kind);
    deepStrictEqual([...kinds.slice(0, 2), ...kinds.slice(-2)], [
      "resource",
      "include",
      "resource",
      "output",
    ]);
  });
}

/** A file without errors in canonical form, and how many declarations it holds. */
const neighbours = choices.map((each) => parse(sourceText("near.smelt", syntaxFile(each, 2))))
  .filter(({ diagnostics }) => !hasErrors(diagnostics))
  .map(({ tree }) => ({ text: format(tree), count: tree.declarations.length }));

/** A lost quote turns the quotes of comments and texts behind it inside out; where they end is a guess. */
const CERTAIN = MISTAKES.filter(([name]) => !name.startsWith("no quote "));

Deno.test("a planted mistake is one error, and all other declarations are read, whatever stands around it", () => {
  fc.assert(fc.property(neighbours, neighbours, fc.constantFrom(...CERTAIN), (before, after, mistake) => {
    const [, meant, written] = mistake;
    const text = `${before.text}\n${GOOD.replace(meant, () => written)}\n${after.text}`;
    const { tree, diagnostics } = checkText(text);
    strictEqual(diagnostics.filter((each) => each.severity === "error").length, 1);
    const others = tree.declarations.length - before.count - after.count;
    ok(others === 0 || others === 1, `${others}`);
  }));
});
