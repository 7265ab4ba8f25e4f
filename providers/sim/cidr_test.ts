import { deepStrictEqual } from "node:assert/strict";
import { addressCount, contains, formatIp, parseCidr, parseIp } from "./cidr.ts";

Deno.test("parseCidr() reads a range whose first address fits its prefix", () => {
  deepStrictEqual(parseCidr("10.1.0.0/16"), { start: 10 * 2 ** 24 + 2 ** 16, prefix: 16 });
  deepStrictEqual(parseCidr("0.0.0.0/0"), { start: 0, prefix: 0 });
  deepStrictEqual(parseCidr("255.255.255.255/32"), { start: 2 ** 32 - 1, prefix: 32 });
});

Deno.test("parseCidr() refuses what is no range", () => {
  for (
    const text of ["", "10.0.0.0", "10.0.0.1/16", "10.0.0.0/33", "256.0.0.0/8", "010.0.0.0/8", "10.0.0.0/8 "]
  ) {
    deepStrictEqual(parseCidr(text), undefined, text);
  }
});

Deno.test("formatIp() writes what parseIp() reads", () => {
  for (const text of ["0.0.0.0", "10.0.1.255", "255.255.255.255"]) {
    deepStrictEqual(formatIp(parseIp(text) ?? -1), text);
  }
});

Deno.test("contains() holds for equal and for inner ranges only", () => {
  const [outer, inner, beside] = ["10.0.0.0/16", "10.0.255.0/24", "10.1.0.0/24"].map((text) =>
    parseCidr(text) ?? { start: 0, prefix: 0 }
  );
  deepStrictEqual(
    outer && inner && beside && [
      contains(outer, outer),
      contains(outer, inner),
      contains(inner, outer),
      contains(outer, beside),
      addressCount(inner),
    ],
    [true, true, false, false, 256],
  );
});
