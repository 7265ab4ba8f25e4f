/** The whole numbers of the language: signed, 64 bits. */
const LEAST_INTEGER = -(2n ** 63n);
const GREATEST_INTEGER = 2n ** 63n - 1n;

/** Reads an integer token's text, a `-` perhaps and digits. */
export function integerOf(text: string): bigint {
  return BigInt(text);
}

/** Whether a whole number fits the language. */
export function isInRange(value: bigint): boolean {
  return value >= LEAST_INTEGER && value <= GREATEST_INTEGER;
}

/** Reads a decimal token's text as the nearest double. */
export function decimalOf(text: string): number {
  return Number(text);
}
