/** The whole numbers of the language: signed, 64 bits. */
const LEAST_INTEGER = -(2n ** 63n);
const GREATEST_INTEGER = 2n ** 63n - 1n;
const LONGEST_INTEGER = 20;
const SAFE_LENGTH = 18;

/** Reads an integer token's text, a `-` perhaps and digits. */
export function integerOf(text: string): bigint {
  return BigInt(text);
}

/** Whether an integer token's text, without leading zeros, is a number of the language. */
export function isInRange(text: string): boolean {
  // Reading millions of digits would take long.
  if (text.length > LONGEST_INTEGER) return false;
  if (text.length <= SAFE_LENGTH) return true;
  const value = integerOf(text);
  return value >= LEAST_INTEGER && value <= GREATEST_INTEGER;
}

/** Reads a decimal token's text as the nearest double. */
export function decimalOf(text: string): number {
  return Number(text);
}
