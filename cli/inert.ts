import { replaceActive } from "../engine/active_text.ts";

/** Shows each character that could act as its escape, `\n`, `\t` or `\u{202e}`; leaves all others as they are. */
export function inert(text: string): string {
  return replaceActive(text, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (character === "\r") return "\\r";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
