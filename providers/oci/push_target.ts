import { err, type Result } from "../../engine/result.ts";
import { parseReference, type Reference } from "../../image/reference.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";

/** Where an image is sent, read from a text like `ghcr.io/me/app:v1`. */
export function pushTarget(to: string): Result<Reference, ImageFault> {
  const reference = parseReference(to);
  if (!reference.ok) return err(imageFault(`Cannot send to "${to}": ${reference.error}`));
  return reference.value.digest === undefined ? reference : err(
    imageFault(
      `Cannot send to "${to}": a digest says what an image is, not where it goes; name a tag, or none`,
    ),
  );
}
