/** Edits that turn a file into one with mistakes, made of choices. */
import { joinPieces, type Pieces } from "./syntax_arbitrary.ts";
import { anyText, type Choices, pick, several } from "./text_arbitrary.ts";

const TOKENS = [
  ...[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "=",
    ",",
    ":",
    ".",
    "@",
    "*",
    "-",
    "->",
    '"',
    '"""',
    "#",
    "''",
    "1",
    "1e3",
  ],
  ...[
    "resource",
    "layer",
    "component",
    "use",
    "include",
    "output",
    "needs",
    "count =",
    "for_each =",
    "param.",
  ],
  ...[
    "${",
    "\\",
    "\n",
    "'",
    ";",
    "//",
    "+",
    "0x1f",
    ".5",
    "5.",
    "٣",
    "\ufeff",
    "\ud800",
    "secret(",
    "secret_env(",
    "secret_command(",
    "env(",
  ],
] as const;

/** One token dropped, doubled, moved, exchanged, or the file cut off or continued as another one. */
export function changePieces(choices: Choices, pieces: Pieces, other: Pieces): Pieces {
  const at = choices.below(pieces.length + 1);
  const before = pieces.slice(0, at);
  const piece = pieces.slice(at, at + 1);
  const rest = pieces.slice(at + 1);
  switch (choices.below(7)) {
    case 0:
      return [...before, ...rest];
    case 1:
      return [...before, ...piece, ...piece, ...rest];
    case 2:
      return [...before, ...rest.slice(0, 1), ...piece, ...rest.slice(1)];
    case 3:
      return [...before, pick(choices, TOKENS), ...rest];
    case 4:
      return [...before, pick(choices, TOKENS), ...piece, ...rest];
    case 5:
      return before;
    default:
      return [...before, ...other.slice(choices.below(other.length + 1))];
  }
}

/** A slice removed, replaced or put elsewhere, or text from nowhere. */
export function changeText(choices: Choices, text: string): string {
  const start = choices.below(text.length + 1);
  const end = Math.min(text.length, start + choices.below(choices.below(8) === 0 ? text.length + 1 : 3));
  const slice = text.slice(start, end);
  const rest = text.slice(0, start) + text.slice(end);
  switch (choices.below(5)) {
    case 0:
      return rest;
    case 1:
      return text.slice(0, start) + pick(choices, TOKENS) + text.slice(end);
    case 2:
      return text.slice(0, start) + anyText(choices, 2) + text.slice(start);
    case 3: {
      const target = choices.below(rest.length + 1);
      return rest.slice(0, target) + slice + rest.slice(target);
    }
    default:
      return choices.below(2) === 0 ? text.slice(0, start) : text.slice(start);
  }
}

/** Text of pieces after up to three edits of tokens and up to three of characters. */
export function mutated(choices: Choices, pieces: Pieces, other: Pieces): string {
  let changed = pieces;
  for (const _ of several(choices, 3, () => 0)) changed = changePieces(choices, changed, other);
  let text = joinPieces(choices, changed);
  for (const _ of several(choices, 3, () => 0)) text = changeText(choices, text);
  return text;
}
