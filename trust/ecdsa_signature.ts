/** Bytes of each of the two numbers of a signature by P-256. */
const NUMBER_BYTES = 32;
const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** The first bit of a DER integer is its sign. */
const SIGN_BIT = 0x80;

/**
 * Turns an ECDSA signature by P-256 from `ECDSA-Sig-Value` in DER (RFC 3279 section 2.2.3), as key services give it, into r
 * and then s, 32 bytes each, as WebCrypto and the log have it. Returns `undefined` for anything but strict DER of two
 * positive numbers that fit: one signature has one spelling. That (r, n - s) verifies too is of the algorithm.
 */
export function rawEcdsaSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2) return undefined;
  const r = readInteger(der, 2);
  if (r === undefined) return undefined;
  const s = readInteger(der, r.end);
  if (s === undefined || s.end !== der.length) return undefined;
  const raw = new Uint8Array(2 * NUMBER_BYTES);
  raw.set(r.digits, NUMBER_BYTES - r.digits.length);
  raw.set(s.digits, 2 * NUMBER_BYTES - s.digits.length);
  return raw;
}

/** Turns r and s, 32 bytes each, into `ECDSA-Sig-Value` in DER (RFC 3279 section 2.2.3), as other programs have it. */
export function derEcdsaSignature(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const numbers = [raw.subarray(0, NUMBER_BYTES), raw.subarray(NUMBER_BYTES)].flatMap(writeInteger);
  return new Uint8Array([SEQUENCE, numbers.length, ...numbers]);
}

function writeInteger(bytes: Uint8Array): readonly number[] {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? [0] : [...bytes.subarray(first)];
  const signed = ((digits[0] ?? 0) & SIGN_BIT) === 0 ? digits : [0, ...digits];
  return [INTEGER, signed.length, ...signed];
}

/** The digits of a positive integer, without the zero that keeps its sign. */
function readInteger(
  der: Uint8Array,
  start: number,
): { readonly digits: Uint8Array; readonly end: number } | undefined {
  const length = der[start + 1];
  if (der[start] !== INTEGER || length === undefined || length === 0 || length > NUMBER_BYTES + 1) {
    return undefined;
  }
  const end = start + 2 + length;
  if (end > der.length) return undefined;
  const [first = 0, second = 0] = der.subarray(start + 2, end);
  const isPositive = (first & SIGN_BIT) === 0;
  const isShortest = first !== 0 || (length > 1 && (second & SIGN_BIT) !== 0);
  if (!isPositive || !isShortest) return undefined;
  const digits = der.subarray(first === 0 ? start + 3 : start + 2, end);
  return digits.length > NUMBER_BYTES ? undefined : { digits, end };
}
