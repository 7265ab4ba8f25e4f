/** Why an image could not be built, read or sent. Plain data, for text and for `--json` alike. */
export interface ImageFault {
  /** `image`: what was asked for cannot be an image. `store`: a file or a folder cannot be read or written. `damage`: bytes are not what names them. */
  readonly kind: "image" | "store" | "damage";
  /** Sentence case, no full stop; begins with a code of docs/images.md where it has one. */
  readonly message: string;
  readonly hint?: string;
  readonly details?: readonly string[];
}

/** What was asked for cannot be an image. */
export function imageFault(message: string, hint?: string): ImageFault {
  return hint === undefined ? { kind: "image", message } : { kind: "image", message, hint };
}

/** Bytes are not what names them. */
export function damageFault(message: string): ImageFault {
  return { kind: "damage", message };
}
