import { ok, strictEqual } from "node:assert/strict";
import { maskedText } from "./masked_text.ts";
import { sourceText } from "./source_text.ts";

function masked(text: string, ...names: readonly string[]): string {
  return maskedText(sourceText("a.smelt", text), new Set(names));
}

Deno.test("maskedText() puts a bullet for each character of a secret and leaves all else", () => {
  strictEqual(
    masked('resource a "b" : x.Y { p = secret("hunter2") q = "hunter2" e = env("X") }'),
    'resource a "b" : x.Y { p = secret("•••••••") q = "hunter2" e = env("X") }',
  );
});

Deno.test("maskedText() keeps lines and columns, whatever stands between the words", () => {
  strictEqual(masked('p = secret ( # why\n "a\\"b c" )'), 'p = secret ( # why\n "•••• •" )');
  strictEqual(masked('p = secret("""\n  one two\n  three\n""")'), 'p = secret("""\n  ••• •••\n  •••••\n""")');
  const text = 'p = secret("\u{1f511}x") q = 1';
  strictEqual(masked(text).length, text.length);
});

Deno.test("maskedText() takes short and empty secrets", () => {
  strictEqual(masked('p = secret("")'), 'p = secret("")');
  strictEqual(masked('p = secret("ab")'), 'p = secret("••")');
  strictEqual(masked('p = secret("""""")'), 'p = secret("""""")');
  ok(!masked('p = [secret("one"), secret("two")]').includes("o"));
});

Deno.test("maskedText() hides texts and numbers that are given to a sensitive name", () => {
  strictEqual(
    masked('pin = 1234 password = "x y" user = "z" other = env("X")', "pin", "password", "other"),
    'pin = •••• password = "• •" user = "z" other = env("•")',
  );
  strictEqual(
    masked('keys = [{ a = "one" "b" = [2] }, param.p] next = "x" "keys" = "y"', "keys"),
    'keys = [{ a = "•••" "b" = [•] }, param.p] next = "x" "keys" = "•"',
  );
  strictEqual(
    masked('param keys : String = "x" param a : String = "y"', "keys"),
    'param keys : String = "•" param a : String = "y"',
  );
  strictEqual(masked('keys = secret("x") a = secret("y")', "keys"), 'keys = secret("•") a = secret("•")');
  strictEqual(masked('keys = true a = "y"', "keys"), 'keys = true a = "y"');
});
