/** Texts of every sort that a file may hold, made of choices. Tests and the fuzzer make the choices. */
import { isWhiteSpace } from "./character.ts";

/** Where choices come from: a seed, or a list of numbers that a shrinker can shorten. Zero is the plainest choice. */
export interface Choices {
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number;
}

/** One of several. */
export function pick<T>(choices: Choices, from: readonly [T, ...T[]]): T {
  return from[choices.below(from.length)] ?? from[0];
}

/** Up to `most` results of `make`. */
export function several<T>(choices: Choices, most: number, make: () => T): readonly T[] {
  return Array.from({ length: choices.below(most + 1) }, make);
}

/** Words of the language, and words that are traps for those who keep names in plain objects or compare in one case. */
export const WORDS = [
  ...["a", "b", "zeta", "_x", "größe", "needs", "resource", "true", "use", "𝒳", "ﬀ", "x1", "İ", "K"],
  ...[
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "toString",
    "valueOf",
    "secret",
    "secret_env",
    "secret_command",
    "env",
    "each",
    "override",
  ],
  ...["param", "include", "layer", "for_each", "e1", "x०", "ꙮ"],
] as const;

/** Single characters that have gone wrong somewhere: controls, line ends, marks, directions, halves of pairs, the rest. */
const CHARACTERS = [
  ...["x", " ", "\n", "\r\n", "\t", '"', "\\", "$", "{", "}", "#", "'", "=", "[", "]", "@", "-", ".", ","],
  ...[
    "\r",
    "\0",
    "\x01",
    "\x0b",
    "\x0c",
    "\x1b",
    "\x7f",
    "\x80",
    "\x85",
    "\xa0",
    "\xad",
    "é",
    "e\u0301",
    "ß",
  ],
  ...["\u061c", "\u1680", "\u180e", "\u200b", "\u200d", "\u200f", "\u2028", "\u2029", "\u202e", "\u2066"],
  ...["\u2069", "\u3000", "\ufeff", "\ufffd", "\uffff", "\ud800", "\udbff", "\udc00", "\udfff", "😀", "👩‍👩‍👧"],
  ...["𝟘", "٣", "Ⅷ", "\u{e0001}", "\u{10ffff}"],
] as const;

/** Pieces that mean something in a string, a block or a comment. */
const PIECES = [
  ...[
    "${each.value}",
    "${ each.value.f }",
    "${param.x}",
    "${param.n}",
    "${var.y}",
    '${env("H")}',
    "${env('H')}",
  ],
  ...[
    '${env("H", "d")}',
    "${env('a\"b')}",
    "${aws:user}",
    "${",
    "$${",
    "\\${",
    '"""',
    "\n  ",
    "\n    ",
    "line",
  ],
  ...["\\n", "\\u{41}", "\\q", "#", "# x\n", " \n", "\n\n", "}", "${}", "${ }", "env(", "\u2028  "],
] as const;

/** Any text at all. */
export function anyText(choices: Choices, most = 8): string {
  return several(choices, most, () => {
    switch (choices.below(4)) {
      case 0:
        return pick(choices, CHARACTERS);
      case 1:
        return pick(choices, PIECES);
      case 2:
        return pick(choices, WORDS);
      default:
        return String.fromCharCode(choices.below(0x10000));
    }
  }).join("");
}

/** A text without control characters, and not empty: what may name something. */
export function nameText(choices: Choices): string {
  return anyText(choices, 4).replace(/\p{Cc}/gu, "") || "a";
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ['"', '\\"'],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** A string token that stands for `text`, escaped in one of the ways there are. */
export function plainToken(choices: Choices, text: string): string {
  const style = pick(choices, ["least", "named", "dollars", "points"]);
  const characters = [...text].map((character) => {
    const isHalf = character >= "\ud800" && character <= "\udfff" && character.length === 1;
    if (character === "\\" || character === '"') return ESCAPES.get(character);
    if (style === "named") return ESCAPES.get(character) ?? character;
    if (style === "dollars" && character === "$") return "\\$";
    if (style === "points" && !isHalf) return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
    return character;
  });
  return `"${characters.join("")}"`;
}

/** A string token for a value or an annotation: plain, or a block. */
export function stringToken(choices: Choices): string {
  const text = anyText(choices);
  if (choices.below(3) > 0 || text.includes('"""') || text.endsWith('"')) return plainToken(choices, text);
  return `"""${text}"""`;
}

/** What may stand between two tokens: white space, and comments now and then; nothing where `mayTouch`. */
export function gap(choices: Choices, touching: "may touch" | "must part"): string {
  const kind = choices.below(16);
  if (kind === 15) return `${pick(choices, ["", " ", "\n", "\n\n"])}#${commentText(choices)}\n`;
  if (kind > 11 && touching === "may touch") return "";
  return pick(choices, [" ", "\n", "\n  ", "\r\n", "\n\n", "\t", "\u0085", "\u00a0", "\u2028", "\u3000"]);
}

function commentText(choices: Choices): string {
  return anyText(choices, 4).replaceAll("\n", "");
}

/** Whether tokens that end and begin so can stand side by side. */
export function mayTouch(before: string, behind: string): boolean {
  const [last, first] = [before.at(-1) ?? " ", behind.charAt(0)];
  if (last === '"' && first === '"') return false;
  return "{}[]=,(".includes(last) || "{}[]=,)".includes(first) || isWhiteSpace(last.charCodeAt(0));
}
