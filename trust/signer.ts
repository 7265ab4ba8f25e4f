/** Signs statements with one key that never leaves it. */
export interface Signer {
  /** BLAKE3 of the public key's SubjectPublicKeyInfo, in hex. */
  readonly keyId: string;
  /**
   * A signature over `statement`, which is at most 4,096 bytes long; it verifies. Rejects when the key cannot be reached or does
   * not sign: nothing has been signed then that could be used, and asking again does no harm.
   */
  sign(statement: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}
