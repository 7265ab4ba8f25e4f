import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { InvariantError } from "../../engine/invariant.ts";
import type { Random } from "../../engine/random.ts";
import { shuffled, uniformSource } from "./uniform.ts";

Deno.test("uniformSource() throws away draws of the incomplete last run", () => {
  // 65,536 = 6,553 * 10 + 6: of limit 10 the draws 65,530 to 65,535 would favour 0 to 5.
  const uniform = uniformSource(scripted([65_530, 65_535, 65_529, 7]));
  deepStrictEqual([uniform(10), uniform(10)], [9, 7]);
});

Deno.test("uniformSource() gives each of the numbers equally often over all draws", () => {
  for (const limit of [1, 2, 3, 26, 94, 255, 4096, 65_536]) {
    const whole = 65_536 - (65_536 % limit);
    const uniform = uniformSource(scripted(Array.from({ length: 65_536 }, (_, index) => index)));
    const counts = new Map<number, number>();
    for (let index = 0; index < whole; index++) {
      const drawn = uniform(limit);
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    deepStrictEqual(counts.size, limit);
    ok([...counts.values()].every((count) => count === whole / limit), `limit ${limit}`);
  }
});

Deno.test("uniformSource() takes no other limit than 1 to 65,536", () => {
  for (const limit of [0, -1, 1.5, 65_537]) {
    throws(() => uniformSource(scripted([0]))(limit), InvariantError);
  }
});

Deno.test("shuffled() reaches every order, each by as many draws", () => {
  const seen = new Map<string, number>();
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 2; b++) {
      const order = shuffled(["x", "y", "z"], uniformSource(scripted([a, b, 0]))).join("");
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
  }
  deepStrictEqual([...seen.values()], [1, 1, 1, 1, 1, 1]);
});

/** Gives the numbers as pairs of bytes, whatever count is asked for. */
function scripted(numbers: readonly number[]): Random {
  const left = [...numbers];
  let next = 0;
  return {
    bytes(count) {
      const bytes = new Uint8Array(count);
      for (let index = 0; index + 1 < count; index += 2) {
        const number = left[next++] ?? 0;
        bytes[index] = number >> 8;
        bytes[index + 1] = number & 0xff;
      }
      return bytes;
    },
  };
}
