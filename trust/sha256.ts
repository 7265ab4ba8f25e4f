/** Makes the SHA-256 digest of bytes (FIPS 180-4) in lower-case hex. Only forms that others have laid down need it. */
export type Sha256 = (bytes: Uint8Array) => string;

/** Loads SHA-256 as `loadBlake3` loads BLAKE3: late, and synchronous from then on. */
export async function loadSha256(): Promise<Sha256> {
  const { createSHA256 } = await import("hash-wasm");
  const hasher = await createSHA256();
  return (bytes) => hasher.init().update(bytes).digest("hex");
}
