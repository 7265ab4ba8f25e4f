import type { Random } from "../engine/random.ts";

/** The operating system's random bits. */
export const systemRandom: Random = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};
