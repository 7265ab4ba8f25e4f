import type { ImageToolFault } from "../image_tools.ts";

/** A fault of this machine, or of what was asked for. */
export interface ImageFault extends ImageToolFault {
  readonly kind: "image" | "store" | "damage" | "permission" | "keys";
}

/** What was asked for cannot be an image. */
export function imageFault(message: string, hint?: string): ImageFault {
  return hint === undefined ? { kind: "image", message } : { kind: "image", message, hint };
}

/** Bytes are not what names them. */
export function damageFault(message: string): ImageFault {
  return { kind: "damage", message };
}

/** The runtime was not given what this needs. `flag` gives it, for example `--allow-net=ghcr.io`. */
export function permissionFault(action: string, flag: string): ImageFault {
  return {
    kind: "permission",
    message: `${action}: the runtime does not allow it`,
    hint: `Start it with ${flag}; the launcher takes it from SMELT_FLAGS`,
  };
}
