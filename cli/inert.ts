/**
 * Characters that a terminal or an editor acts on, hides, or joins to others: controls, format characters (bidirectional ones
 * among them), line and paragraph separators, lone surrogates, and all that Unicode lets a font ignore, such as zero-width
 * characters, fillers, variation selectors and tags.
 */
const ACTIVE_REGEXP = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Shows each character that could act as its escape, `\n`, `\t` or `\u{202e}`; leaves all others as they are. */
export function inert(text: string): string {
  return replaceActive(text, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (character === "\r") return "\\r";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** Puts something inert in the place of each character that could act. */
export function replaceActive(text: string, replace: (character: string) => string): string {
  return text.replace(ACTIVE_REGEXP, replace);
}
