import { match, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { formatDecimal } from "./format_number.ts";

Deno.test("formatDecimal() always has a point and never an exponent", () => {
  const cases: readonly (readonly [number, string])[] = [
    [2, "2.0"],
    [-0, "-0.0"],
    [0, "0.0"],
    [1.5, "1.5"],
    [-0.001, "-0.001"],
    [1e-7, "0.0000001"],
    [1.25e-9, "0.00000000125"],
    [123456789012345678901, "123456789012345680000.0"],
    [1e21, "1000000000000000000000.0"],
    [1.5e300, `15${"0".repeat(299)}.0`],
  ];
  for (const [value, text] of cases) strictEqual(formatDecimal(value), text);
});

Deno.test("formatDecimal() reads back as the same double", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    const text = formatDecimal(value);
    strictEqual(Number(text), value);
    match(text, /^-?(?:0|[1-9][0-9]*)\.[0-9]+$/);
  }));
});
