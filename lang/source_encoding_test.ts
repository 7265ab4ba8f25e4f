import { strictEqual } from "node:assert/strict";
import { decodeSource, SOURCE_LIMIT_BYTES } from "./source_encoding.ts";

const bytes = (...parts: (string | number)[]): Uint8Array => {
  const encoder = new TextEncoder();
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "number" ? [part] : [...encoder.encode(part)]),
  );
};

function outcome(of: Uint8Array): string {
  const decoded = decodeSource("a.smelt", of);
  if (decoded.ok) return `ok ${decoded.value.text}`;
  return `${decoded.error.code} ${decoded.error.line}:${decoded.error.column} ${decoded.error.message}`;
}

Deno.test("decodeSource() reads UTF-8 and drops a byte-order mark", () => {
  strictEqual(outcome(bytes("größe 😀")), "ok größe 😀");
  strictEqual(outcome(bytes(0xef, 0xbb, 0xbf, "a")), "ok a");
  strictEqual(outcome(bytes()), "ok ");
});

Deno.test("decodeSource() names the first byte that is not UTF-8, and its place", () => {
  const message = (at: number): string => `Cannot read the file as UTF-8: byte ${at} is not valid`;
  strictEqual(outcome(bytes("ab\nü", 0xff, "c")), `E-ENCODING 2:2 ${message(5)}`);
  strictEqual(outcome(bytes(0xff)), `E-ENCODING 1:1 ${message(0)}`);
  strictEqual(outcome(bytes("a", 0xe2, 0x82)), `E-ENCODING 1:2 ${message(1)}`);
  strictEqual(outcome(bytes("😀", 0xed, 0xa0, 0x80)), `E-ENCODING 1:3 ${message(4)}`);
  strictEqual(outcome(bytes("\ufffd", 0xc0, 0x80)), `E-ENCODING 1:2 ${message(3)}`);
});

Deno.test("decodeSource() refuses NUL characters and UTF-16", () => {
  strictEqual(outcome(bytes("a\n", 0)), "E-ENCODING 2:1 Cannot read the file: it holds a NUL character");
  strictEqual(outcome(bytes(0xff, 0xfe, 0x61, 0)).slice(0, 10), "E-ENCODING");
});

Deno.test("decodeSource() refuses a file over the limit by its size alone", () => {
  strictEqual(outcome(new Uint8Array(SOURCE_LIMIT_BYTES + 1)).slice(0, 11), "E-TOO-LARGE");
});
