/** Something for which a rotation keeps an old data key: a ciphertext that stays under it, or what nobody could look at. */
export interface KeptPlace {
  /** A file, a folder, or `file:line:column`. */
  readonly place: string;
  /** Why it could not be encrypted anew; no full stop. */
  readonly why: string;
  /** What to do about it, before the rotation is repeated. */
  readonly hint: string;
}

/** What can be done about every ciphertext. */
export const ENCRYPT_ANEW = "make it anew there with smelt secrets encrypt, or remove it";
