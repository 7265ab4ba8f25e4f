import fc from "fast-check";
import { integer, record, SealedSecret, Unknown, type Value, type ValueRecord } from "./value.ts";

/** Keys at which codecs and comparisons slip. */
export const keyArbitrary: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "",
    "__proto__",
    "constructor",
    "$secret",
    "$unknown",
    "$int",
    "$object",
    "$",
    "$x",
    "10",
  ),
  fc.string({ maxLength: 4, unit: "grapheme" }),
);

/** Values as the log may hold them: no open secret, whole numbers in their one form. */
export const storedValueArbitrary: fc.Arbitrary<Value> = fc.letrec<{ readonly node: Value }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    fc.constant<Value>(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number === 0 ? 0 : number),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(integer),
    fc.string({ maxLength: 6, unit: "grapheme" }),
    fc.string({ maxLength: 6 }).map((text) => new SealedSecret(`${text}/key`, text)),
    fc.constantFrom("a.b", 'a."b.c"[0]').map((address) => new Unknown(address)),
    fc.array(tie("node"), { maxLength: 3 }),
    recordOf(tie("node")),
  ),
})).node;

/** Object values as the log may hold them. */
export const storedRecordArbitrary: fc.Arbitrary<ValueRecord> = recordOf(storedValueArbitrary);

function recordOf(value: fc.Arbitrary<Value>): fc.Arbitrary<ValueRecord> {
  return fc.array(fc.tuple(keyArbitrary, value), { maxLength: 3 }).map((entries) => record(entries));
}
