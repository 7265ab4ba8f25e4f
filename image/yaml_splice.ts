import { invariant } from "../engine/invariant.ts";
import type { TextRange } from "./yaml_documents.ts";
import type { YamlReference } from "./yaml_references.ts";

/**
 * The part of a text with an image in place of each reference, as `imageOf` names it; every other character is as it was. The
 * references must be in the order of the text.
 */
export function withImages(
  text: string,
  { end, start }: TextRange,
  references: readonly YamlReference[],
  imageOf: (reference: YamlReference) => string,
): string {
  const pieces: string[] = [];
  let at = start;
  for (const reference of references) {
    reference.ranges.forEach((range, index) => {
      invariant(range.start >= at && range.end <= end, "References follow one another");
      pieces.push(text.slice(at, range.start), index === 0 ? quoted(imageOf(reference)) : "");
      at = range.end;
    });
  }
  pieces.push(text.slice(at, end));
  return pieces.join("");
}

/** Nothing in the name of an image needs an escape, in YAML or in JSON. */
function quoted(image: string): string {
  invariant(/^[A-Za-z0-9._:/@[\]-]+$/.test(image), "An image's name needs no escape");
  return `"${image}"`;
}
