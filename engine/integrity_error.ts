/** What kind of damage verification met. One word for scripts; the message is for people. */
export type IntegrityKind =
  | "malformed" // the stored bytes are not a record in canonical form
  | "chain" // seq, prev or stream do not continue what stands before
  | "signature" // the signature does not verify under the key that the record names
  | "key" // the key is not trusted, or not in that role, at that position
  | "version" // a newer version of smelt wrote it
  | "pin" // the log does not hold a record that a pin names
  | "blob" // a secret's stored bytes do not open, or are not the ones that the event names
  | "checkpoint"; // a cached fold is not what its name says

/** What a run had done when damage cut it short. */
export interface CutRun {
  readonly run: string;
  /** Objects that it has replaced and not deleted. */
  readonly deposed: readonly { readonly address: string; readonly id: string }[];
  /** Addresses of its calls whose outcome is unknown. */
  readonly inDoubt: readonly string[];
}

/**
 * Verification met something that was altered, replaced, replayed or forged. Every command stops with exit code 6 and
 * changes nothing more. Thrown, never returned, so that no caller can go on by forgetting to look; caught in `cli.ts` and the
 * supervisor only.
 */
export class IntegrityError extends Error {
  override readonly name = "IntegrityError";
  readonly kind: IntegrityKind;
  /** The place, for example `production record 12`. */
  readonly where: string;
  /** What to do where it is no damage after all, for people. */
  readonly hint: string | undefined;
  /** The run that it cut short, when that had changed anything. */
  readonly cut: CutRun | undefined;

  constructor(
    kind: IntegrityKind,
    where: string,
    message: string,
    options: ErrorOptions & { readonly hint?: string | undefined; readonly cut?: CutRun | undefined } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.where = where;
    this.hint = options.hint;
    this.cut = options.cut;
  }
}
