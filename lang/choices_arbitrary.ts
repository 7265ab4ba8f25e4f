import fc from "fast-check";
import type { Choices } from "./text_arbitrary.ts";

/** Choices that fast-check makes and shortens; when they run out, the plainest is taken. */
export const choices: fc.Arbitrary<Choices> = fc.array(fc.nat(0xffff), { maxLength: 600, size: "max" })
  .map((list) => {
    let index = 0;
    return { below: (bound) => (list[index++] ?? 0) % bound };
  });
