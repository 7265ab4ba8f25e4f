import type { SealedSecret, Value } from "../engine/value.ts";

/** Keeps secrets of one environment: ciphertexts in blobs, keyed digests in the log, clear text nowhere. */
export interface Vault {
  /** The data key that `seal` encrypts under, by id. */
  readonly dataKey: string;
  /** Encrypts `clear`, stores the blob durably, and returns what events may hold. Sealing one value twice gives two blobs. */
  seal(clear: Value): Promise<SealedSecret>;
  /** Decrypts. Throws an `IntegrityError` of kind `blob` when the stored bytes are absent, altered or another secret's. */
  open(sealed: SealedSecret): Promise<Value>;
  /** Whether `clear` is the value that was sealed, told by the digest alone. */
  matches(sealed: SealedSecret, clear: Value): Promise<boolean>;
  /** A keyed digest of a text, in hex: equal exactly when the text is, and worthless to whoever lacks the digest key. */
  fingerprint(text: string): Promise<string>;
  /** Whether the clear text of a secret that this process has met, of at least 8 characters, stands in `text` in any form. */
  carries(text: string): boolean;
}
