import fc from "fast-check";

/** Any text, of every code point alike, lone surrogates among them. (The unit `binary` of fast-check takes seconds to make.) */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0x10ffff }),
    fc.integer({ min: 0, max: 0xff }),
    fc.integer({ min: 0x2000, max: 0x206f }),
  ).map((code) => String.fromCodePoint(code)),
});
