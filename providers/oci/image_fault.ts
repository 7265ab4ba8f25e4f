import type { ImageToolFault } from "../image_tools.ts";

/** A fault of this machine's files, or of what was asked for. */
export interface ImageFault extends ImageToolFault {
  readonly kind: "image" | "store" | "damage";
}

/** What was asked for cannot be an image. */
export function imageFault(message: string, hint?: string): ImageFault {
  return hint === undefined ? { kind: "image", message } : { kind: "image", message, hint };
}

/** Bytes are not what names them. */
export function damageFault(message: string): ImageFault {
  return { kind: "damage", message };
}
