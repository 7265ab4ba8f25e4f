/**
 * Characters that a terminal or an editor acts on, hides, or joins to others: controls, format characters (bidirectional ones
 * among them), line and paragraph separators, lone surrogates, and all that Unicode lets a font ignore, such as zero-width
 * characters, fillers, variation selectors and tags.
 */
const ACTIVE_REGEXP = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Puts something inert in the place of each character that could act. */
export function replaceActive(text: string, replace: (character: string) => string): string {
  return text.replace(ACTIVE_REGEXP, replace);
}

/** A JSON string in which controls, bidirectional and invisible characters are escapes, so that a terminal shows them inert. */
export function inertJsonString(text: string): string {
  return replaceActive(JSON.stringify(text), (character) => units(character).join(""));
}

function units(character: string): string[] {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  );
}
