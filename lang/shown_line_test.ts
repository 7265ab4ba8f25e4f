import { strictEqual } from "node:assert/strict";
import { shownLine } from "./shown_line.ts";
import { sourceText } from "./source_text.ts";

/** Shows the line of `text` that holds `word`, for a diagnostic about that word. */
function shown(text: string, word: string): string {
  const source = sourceText("1.smelt", text);
  const start = text.indexOf(word);
  const line = text.slice(0, start).split("\n").length;
  return shownLine(source, line, { start, end: start + word.length });
}

Deno.test("shownLine() hides texts that are values, and keeps names and columns", () => {
  strictEqual(
    shown('r "n" : a.b.C {\n  pasword = "hunter 2" size = 3\n}', "pasword"),
    '  pasword = "•••••• •" size = 3',
  );
  strictEqual(shown('resource d "name" : a.b.C {}', "a.b.C"), 'resource d "name" : a.b.C {}');
  strictEqual(
    shown('r "n" : a.b.C { x = ["a", env("HOME")] }', "x"),
    'r "n" : a.b.C { x = ["•", env("HOME")] }',
  );
});

Deno.test("shownLine() shows the value that the diagnostic is about, unless it is a secret", () => {
  strictEqual(shown('r "n" : a.b.C { x = "large" }', '"large"'), 'r "n" : a.b.C { x = "large" }');
  strictEqual(
    shown('r "n" : a.b.C { x = secret("pw") }', 'secret("pw")'),
    'r "n" : a.b.C { x = secret("••") }',
  );
});

Deno.test("shownLine() hides the lines of a block text, and a text without an end inside secret()", () => {
  strictEqual(shown('r "n" : a.b.C {\n  x = """\n  one\n  """ y = 1 }', "one"), "  one");
  strictEqual(shown('r "n" : a.b.C {\n  x = """\n  one\n  two """ y = 1 }', "y"), '  ••• """ y = 1 }');
  strictEqual(shown('r "n" : a.b.C {\n  x = secret("pw\n}', '"pw'), '  x = secret("••');
});

Deno.test("shownLine() hides a text that stands where none is expected", () => {
  const shapes: readonly (readonly [string, string])[] = [
    ['password "pw"', 'password "••"'],
    ['password : "pw"', 'password : "••"'],
    ['password = secret "pw"', 'password = secret "••"'],
    ['password = Secret("pw")', 'password = •••••••"••"•'],
    ['password = "a" + "pw"', 'password = "•" + "••"'],
    ['password = "a" "pw"', 'password = "•" "••"'],
    ['password = b"pw"', 'password = •"••"'],
    ["password = 'pw 1'", "password = '•• •'"],
    ["password = 'pw", "password = '••"],
    ["password = secret(pw)", "password = secret(••)"],
    ["password = secret(4711)", "password = secret(••••)"],
    ["password = pw", "password = ••"],
    ["password = pw two!", "password = •• ••••"],
    ["password = aGVs/bG8+x=", "password = •••••••••••"],
    ["password = aGVsbG8=", "password = ••••••••"],
    ["password = $pw", "password = •••"],
    ["password = 4pw", "password = •••"],
    ["password = secret pw", "password = secret ••"],
    ["password: pw", "password: ••"],
    ["password = [pw, two]", "password = [••• ••••"],
    ["password = { a = pw }", "password = { a = •• •"],
    ["password = true x = 3", "password = true x = 3"],
    ["password = param.a y { x = each.key }", "password = param.a y { x = each.key }"],
    ["password = 3 y = 4", "password = 3 y = 4"],
  ];
  for (const [written, wanted] of shapes) {
    strictEqual(shown(`r "n" : a.b.C {\n  ${written}\n}`, "password"), `  ${wanted}`);
    if (written.includes('"pw"')) {
      strictEqual(shown(`r "n" : a.b.C {\n  ${written}\n}`, '"pw"'), `  ${wanted}`);
    }
  }
});

Deno.test("shownLine() shows of a value no more than the part that the diagnostic is about", () => {
  strictEqual(
    shown('r "n" : a.b.C { x = "pass\\qword" }', "\\q"),
    'r "n" : a.b.C { x = "••••\\q••••" }',
  );
});
