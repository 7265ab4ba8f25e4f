/** Signs statements with one key that never leaves it. */
export interface Signer {
  /** BLAKE3 of the public key's SubjectPublicKeyInfo, in hex. */
  readonly keyId: string;
  /** A signature over `statement`, which is at most 4,096 bytes long. */
  sign(statement: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}
