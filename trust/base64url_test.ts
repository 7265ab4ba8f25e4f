import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { fromBase64url, toBase64url } from "./base64url.ts";

Deno.test("fromBase64url() reads what toBase64url() writes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
    const text = toBase64url(bytes);
    match(text, /^[A-Za-z0-9_-]*$/);
    deepStrictEqual(fromBase64url(text), new Uint8Array(bytes));
  }));
});

Deno.test("fromBase64url() refuses every other spelling", () => {
  for (const text of ["AQ==", "AQ ", "A", "AR", "A+A", "A/A", "AQL_\n", "é"]) {
    strictEqual(fromBase64url(text), undefined, text);
  }
});
