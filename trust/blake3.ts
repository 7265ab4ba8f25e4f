/** Makes the BLAKE3 digest of bytes, 256 bits in lower-case hex. */
export type Hash = (bytes: Uint8Array) => string;

/**
 * Loads BLAKE3 (https://github.com/BLAKE3-team/BLAKE3-specs, section 2). Loading is late, so that commands that hash
 * nothing start without it; the function is synchronous from then on, and its one instance is used by nobody else.
 */
export async function loadBlake3(): Promise<Hash> {
  const { createBLAKE3 } = await import("hash-wasm");
  const hasher = await createBLAKE3();
  return (bytes) => hasher.init().update(bytes).digest("hex");
}
