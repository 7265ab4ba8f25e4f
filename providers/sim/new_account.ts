import type { Random } from "../../engine/random.ts";

/** Twelve random digits, the first not 0: the number of an account in the sim cloud. */
export function newAccount(random: Random): string {
  const digits = [...random.bytes(12)].map((byte, index) => index === 0 ? 1 + byte % 9 : byte % 10);
  return digits.join("");
}
