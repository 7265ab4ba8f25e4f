import type { Result } from "../engine/result.ts";
import type { SealedSecret, Value } from "../engine/value.ts";

/**
 * Why a ciphertext of the files was not opened. `Malformed`: it is none, or of a later version. `KeyAbsent`: the data key that it
 * names is not here. `Refused`: it was made for another place or environment, or was altered.
 */
export type SourceFault =
  | { readonly kind: "Malformed" }
  | { readonly kind: "KeyAbsent"; readonly dataKey: string }
  | { readonly kind: "Refused" };

/** Keeps secrets of one environment: ciphertexts in blobs, keyed digests in the log, clear text nowhere. */
export interface Vault {
  /** The data key that `seal` encrypts under, by id. */
  readonly dataKey: string;
  /** Encrypts `clear`, stores the blob durably, and returns what events may hold. Sealing one value twice gives two blobs. */
  seal(clear: Value): Promise<SealedSecret>;
  /** Decrypts. Throws an `IntegrityError` of kind `blob` when the stored bytes are absent, altered or another secret's. */
  open(sealed: SealedSecret): Promise<Value>;
  /**
   * Whether an admin has given a secret up, nothing of it is stored that opens here, and nobody has told this vault its text by
   * `matches`. One whose text it was told opens all the same, and is stored again when it is opened or renewed.
   */
  isGivenUp(sealed: SealedSecret): Promise<boolean>;
  /** The name of the same blob under the active data key, where it is stored as well once this resolves. Its digest stays. */
  renew(blob: string): Promise<string>;
  /** Whether `clear` is the value that was sealed, told by the digest alone. */
  matches(sealed: SealedSecret, clear: Value): Promise<boolean>;
  /** Encrypts a text for one place in the files: what comes out may stand in `secret("…")` there, and nowhere else. */
  sealSource(place: string, text: string): Promise<string>;
  /** Decrypts what `sealSource` made for this place in this environment. */
  openSource(place: string, ciphertext: string): Promise<Result<string, SourceFault>>;
  /** A keyed digest of a text, in hex: equal exactly when the text is, and worthless to whoever lacks the digest key. */
  fingerprint(text: string): Promise<string>;
  /** Whether the clear text of a secret that this process has met, of at least 8 characters, stands in `text` in any form. */
  carries(text: string): boolean;
}
