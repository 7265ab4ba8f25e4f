import type { Random } from "../engine/random.ts";

/**
 * The bytes of a secret at rest:
 *
 *   offset  size  what
 *   0       1     0x01, the version of this form
 *   1       12    the nonce: 96 random bits
 *   13      n     AES-256-GCM (NIST SP 800-38D) of the padded text, its tag of 16 bytes at the end
 *
 * The associated data is `stream|id` in ASCII: the environment's incarnation and the blob. Bytes put in the place of
 * another blob's, or of another environment's, do not open. The text is padded with 0x80 and as many zeros as fill the
 * last 256 bytes, so the size tells the length of a secret only to 256 bytes, and those up to 255 bytes look alike.
 */
const VERSION = 1;
const NONCE_BYTES = 12;
const HEAD_BYTES = 1 + NONCE_BYTES;
const PAD_BYTES = 256;
const PAD_MARK = 0x80;

/** Encrypts `clear` for the place that `bound` names. */
export async function sealBox(
  key: CryptoKey,
  random: Random,
  bound: string,
  clear: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const nonce = random.bytes(NONCE_BYTES);
  const ciphertext = await crypto.subtle.encrypt(algorithm(nonce, bound), key, pad(clear));
  return new Uint8Array([VERSION, ...nonce, ...new Uint8Array(ciphertext)]);
}

/** Decrypts; `undefined` when the bytes were not made with this key for this place, or were altered. */
export async function openBox(
  key: CryptoKey,
  bound: string,
  box: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array | undefined> {
  if (box[0] !== VERSION || box.length < HEAD_BYTES) return undefined;
  try {
    const nonce = box.slice(1, HEAD_BYTES);
    const padded = await crypto.subtle.decrypt(algorithm(nonce, bound), key, box.slice(HEAD_BYTES));
    return unpad(new Uint8Array(padded));
  } catch (error) {
    if (error instanceof DOMException && error.name === "OperationError") return undefined;
    throw error;
  }
}

function algorithm(iv: Uint8Array<ArrayBuffer>, bound: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(bound) };
}

/** ISO/IEC 7816-4: one marked byte, then zeros. */
function pad(clear: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((clear.length + 1) / PAD_BYTES) * PAD_BYTES);
  padded.set(clear);
  padded[clear.length] = PAD_MARK;
  return padded;
}

function unpad(padded: Uint8Array): Uint8Array | undefined {
  const mark = padded.lastIndexOf(PAD_MARK);
  return mark === -1 ? undefined : padded.subarray(0, mark);
}
