/** How every secret begins that stands encrypted in a file. No other text may begin so: it would be sent to a cloud as it is. */
export const CIPHERTEXT_PREFIX = "enc:smelt:";

const CIPHERTEXT_REGEXP = /^enc:smelt:1:([0-9a-f]{32}):([A-Za-z0-9_-]+)$/;

/** The parts of a ciphertext in a file. */
export interface Ciphertext {
  /** The data key that it is under, by id. */
  readonly dataKey: string;
  /** What was encrypted, in base64url without padding. */
  readonly box: string;
}

/** Reads a ciphertext; `undefined` for a text that is none. */
export function parseCiphertext(text: string): Ciphertext | undefined {
  const [, dataKey, box] = CIPHERTEXT_REGEXP.exec(text) ?? [];
  return dataKey === undefined || box === undefined ? undefined : { dataKey, box };
}

/** The text that stands for a ciphertext in a file. */
export function formatCiphertext({ dataKey, box }: Ciphertext): string {
  return `${CIPHERTEXT_PREFIX}1:${dataKey}:${box}`;
}
