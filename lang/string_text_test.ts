import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { decodeString, offsetInSource } from "./string_text.ts";

const decode = (token: string): string => decodeString(token, 0, token.length).text;

Deno.test("decodeString() reads the escapes of a plain string", () => {
  strictEqual(decode(String.raw`"a\\b\"c\nd\te\rf\$g\u{1F600}\u{0}"`), 'a\\b"c\nd\te\rf$g😀\0');
  strictEqual(decode('"raw\nline"'), "raw\nline");
  strictEqual(decode('""'), "");
});

Deno.test("decodeString() keeps what is no escape and says where it stands", () => {
  const token = String.raw`"a\qb\u{110000}\u{D800}\u41"`;
  const decoded = decodeString(token, 0, token.length);
  strictEqual(decoded.text, token.slice(1, -1));
  deepStrictEqual(decoded.badEscapes, [2, 5, 15, 23]);
});

Deno.test("decodeString() dedents a block", () => {
  strictEqual(decode('"""  hi  """'), "hi");
  strictEqual(decode('"""\n    two\n      lines\n\n    """'), "two\n  lines");
  strictEqual(decode('"""\n\n  a\n   \n\tb\n"""'), "\n a\n\nb");
  strictEqual(decode('"""a\n  b"""'), "a\n  b");
  strictEqual(decode('"""C:\\new "dir" """'), 'C:\\new "dir"');
  strictEqual(decode('""""""'), "");
});

Deno.test("decodeString() reads a block with CRLF as with LF", () => {
  strictEqual(decode('"""\r\n  a\r\n  b\r\n"""'), "a\nb");
});

Deno.test("offsetInSource() finds the place of each unit", () => {
  const plain = String.raw`"a\nb\u{41}c"`;
  const decoded = decodeString(plain, 0, plain.length);
  deepStrictEqual([..."a\nbAc"].map((_, index) => offsetInSource(decoded, index)), [1, 2, 4, 5, 11]);
  strictEqual(offsetInSource(decoded, 5), 12);
  const block = '"""\n  ab\n  c\n"""';
  const lines = decodeString(block, 0, block.length);
  deepStrictEqual([0, 1, 2, 3, 4].map((index) => offsetInSource(lines, index)), [6, 7, 8, 11, 12]);
});
