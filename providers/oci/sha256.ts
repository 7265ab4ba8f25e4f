import { createHash } from "node:crypto";

/** SHA-256 of bytes, as 64 hex digits in lower case; synchronous, since the parts of an image are pure. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** SHA-256 and size of bytes that come in pieces. */
export interface StreamDigest {
  push(bytes: Uint8Array): void;
  /** So far. */
  sizeBytes(): number;
  end(): { readonly hex: string; readonly sizeBytes: number };
}

/** Opens a digest of nothing yet. */
export function openDigest(): StreamDigest {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  return {
    push: (bytes) => {
      hash.update(bytes);
      sizeBytes += bytes.length;
    },
    sizeBytes: () => sizeBytes,
    end: () => ({ hex: hash.digest("hex"), sizeBytes }),
  };
}
