import { toHex } from "../engine/random.ts";
import type { Hash } from "../trust/blake3.ts";

/** Two digests of the same bytes, in lower-case hex: the log's own, and the one that tools beyond smelt compare by. */
export interface DigestSet {
  readonly sha256: string;
  readonly blake3: string;
}

/** Makes both digests of a text in UTF-8. */
export type Digest = (text: string) => Promise<DigestSet>;

/** Makes both digests, SHA-256 by the runtime. */
export function digestWith(hash: Hash): Digest {
  return async (text) => {
    const bytes = new TextEncoder().encode(text);
    const sha256 = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    return { sha256, blake3: hash(bytes) };
  };
}
