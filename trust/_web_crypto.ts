/** For keys that never leave this process again: WebCrypto refuses to export them. */
export const NON_EXTRACTABLE = false;

/** For keys that are being made, until their file is written. */
export const EXTRACTABLE = true;

/** Makes an Ed25519 key pair (RFC 8032); the private key can be exported only when told so. */
export async function generateEd25519(extractable: boolean): Promise<CryptoKeyPair> {
  const made = await crypto.subtle.generateKey("Ed25519", extractable, ["sign", "verify"]);
  if (!("privateKey" in made)) {
    throw new TypeError("Cannot make an Ed25519 key: the runtime made no key pair");
  }
  return made;
}
