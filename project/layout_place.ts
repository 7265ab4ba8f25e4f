import type { LayoutPlace } from "../providers/image_tools.ts";

/** Reads `LAYOUT` or `LAYOUT:TAG`. */
export function layoutPlace(text: string): LayoutPlace {
  const colon = text.indexOf(":", text.lastIndexOf("/") + 1);
  return colon < 0
    ? { layout: text, tag: undefined }
    : { layout: text.slice(0, colon), tag: text.slice(colon + 1) };
}
