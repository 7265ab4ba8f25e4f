/**
 * Characters that a terminal or an editor acts on or hides: C0 and C1 controls, DEL, bidirectional controls, zero-width and
 * other invisible characters, line and paragraph separators, tags and variation selectors of their own planes.
 */
const ACTIVE_REGEXP =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu;

/** Shows each character that could act as its escape, `\n`, `\t` or `\u{202e}`; leaves all others as they are. */
export function inert(text: string): string {
  return text.replace(ACTIVE_REGEXP, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (character === "\r") return "\\r";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
