import { invariant } from "../../engine/invariant.ts";
import type { Random } from "../../engine/random.ts";

const BATCH = 64;

/** Makes whole numbers from 0 to `limit` - 1, each as likely as the others. `limit` is from 1 to 65,536. */
export type UniformSource = (limit: number) => number;

/**
 * Draws from `random`, two bytes a number. A draw in the last, incomplete run of `limit` numbers is thrown away, since
 * taking the remainder of all would favour small ones.
 */
export function uniformSource(random: Random): UniformSource {
  let batch = new Uint8Array(0);
  const draw = (): number => {
    if (batch.length < 2) batch = random.bytes(BATCH);
    const [high = 0, low = 0] = batch;
    batch = batch.subarray(2);
    return high * 256 + low;
  };
  return (limit) => {
    invariant(Number.isInteger(limit) && limit >= 1 && limit <= 65_536, "The limit is from 1 to 65,536");
    const whole = 65_536 - (65_536 % limit);
    let drawn = draw();
    while (drawn >= whole) drawn = draw();
    return drawn % limit;
  };
}

/** One of `choices`, each as likely as the others. There is at least one. */
export function pick<T>(choices: readonly T[], uniform: UniformSource): T {
  const [chosen] = choices.slice(uniform(choices.length));
  invariant(chosen !== undefined, "There is something to choose from");
  return chosen;
}

/** The same elements in an order as likely as any other (Fisher-Yates). */
export function shuffled<T>(elements: readonly T[], uniform: UniformSource): readonly T[] {
  const rest = [...elements];
  const made: T[] = [];
  while (rest.length > 0) made.push(...rest.splice(uniform(rest.length), 1));
  return made;
}
