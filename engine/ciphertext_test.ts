import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatCiphertext, parseCiphertext } from "./ciphertext.ts";

const DATA_KEY = "0123456789abcdef".repeat(2);

Deno.test("parseCiphertext() reads what formatCiphertext() writes", () => {
  const parts = { dataKey: DATA_KEY, box: "AQ-_9" };
  strictEqual(formatCiphertext(parts), `enc:smelt:1:${DATA_KEY}:AQ-_9`);
  deepStrictEqual(parseCiphertext(formatCiphertext(parts)), parts);
});

for (
  const text of [
    "",
    "enc:smelt:",
    `enc:smelt:2:${DATA_KEY}:AQ`,
    `enc:smelt:1:${DATA_KEY}:`,
    `enc:smelt:1:${DATA_KEY}:A Q`,
    `enc:smelt:1:${DATA_KEY.toUpperCase()}:AQ`,
    ` enc:smelt:1:${DATA_KEY}:AQ`,
    `enc:smelt:1:${DATA_KEY}:AQ\n`,
  ]
) {
  Deno.test(`E18: ${JSON.stringify(text)} is no ciphertext`, () =>
    strictEqual(parseCiphertext(text), undefined));
}
