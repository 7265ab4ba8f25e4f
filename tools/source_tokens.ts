/**
 * Cuts TypeScript into words, string literals and single punctuation characters. Comments, the text of template
 * literals and regular expressions are left out, so that what remains of `import` is code.
 */

/** One piece of code. `line` counts from 1. `text` of a string is what stands between its quotes. */
export interface SourceToken {
  readonly kind: "word" | "string" | "punctuation";
  readonly text: string;
  readonly line: number;
}

const WORD = /[\w$\u0080-\uffff]+/y;
const SPACE_OR_COMMENT = /(?:\s+|\/\/[^\n]*|\/\*[^]*?\*\/)+/y;
const STRING = /"((?:[^"\\\n]|\\[^])*)"|'((?:[^'\\\n]|\\[^])*)'/y;
const REGEXP = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const TEMPLATE_TEXT = /(?:[^`\\$]|\\[^]|\$(?!\{))*/y;

/** After one of these words a `/` opens a regular expression; after any other word it divides. */
const WORDS_BEFORE_REGEXP = [
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "await",
  "yield",
  "throw",
  "void",
  "else",
];

/** Returns the tokens of `text` in order. Never fails: text that is no TypeScript gives tokens of little use. */
export function sourceTokens(text: string): readonly SourceToken[] {
  const tokens: SourceToken[] = [];
  const lineAt = lineCounter(text);
  /** For each open `{`: what its `}` goes back into. */
  const braces: ("code" | "template")[] = [];
  let at = 0;

  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at += match[0].length;
    return match;
  };
  const push = (kind: SourceToken["kind"], content: string, offset: number): void => {
    tokens.push({ kind, text: content, line: lineAt(offset) });
  };
  const takeTemplateText = (): void => {
    take(TEMPLATE_TEXT);
    const isHole = text.startsWith("${", at);
    if (isHole) braces.push("template");
    at += isHole ? 2 : 1;
  };

  while (at < text.length) {
    take(SPACE_OR_COMMENT);
    const start = at;
    const word = take(WORD);
    const string = word === null ? take(STRING) : null;
    if (word !== null) push("word", word[0], start);
    else if (string !== null) push("string", string[1] ?? string[2] ?? "", start);
    else if (text[at] === "/" && regexpMayFollow(tokens.at(-1)) && take(REGEXP) !== null) {
      push("word", "/", start);
    } else {
      const mark = text.charAt(at);
      at += 1;
      if (mark === "{") braces.push("code");
      if (mark === "`") {
        push("punctuation", mark, start);
        takeTemplateText();
      } else if (mark === "}" && braces.pop() === "template") takeTemplateText();
      else if (mark !== "") push("punctuation", mark, start);
    }
  }
  return tokens;
}

function regexpMayFollow(before: SourceToken | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === "word") return WORDS_BEFORE_REGEXP.includes(before.text);
  return before.kind === "punctuation" && !")]}".includes(before.text);
}

/** Offsets must be asked for in rising order. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let seen = 0;
  return (offset) => {
    for (; seen < offset; seen += 1) if (text[seen] === "\n") line += 1;
    return line;
  };
}
