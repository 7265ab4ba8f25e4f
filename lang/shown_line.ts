/** How a line of a source is shown: a file may hold secrets, and what is printed ends in the logs of others. */
import { bareValues } from "./bare_value.ts";
import { lex } from "./lexer.ts";
import { lineText, type SourceText, type Span } from "./source_text.ts";
import { isCommandArgument, SECRET_SOURCES, SECRET_WORDS } from "./secret_word.ts";
import { TokenKind, type Tokens } from "./token.ts";

/** What stands for each character that is not shown. */
const HIDDEN = "•";
/** Words before a parenthesis that names something outside the files. */
const OUTSIDE: ReadonlySet<string> = new Set(["env", ...SECRET_SOURCES.keys()]);
/** Words before a string that names something, and is no value. */
const NAMING: ReadonlySet<string> = new Set(["component", "use", "as", "layer", "over", "include"]);

/**
 * The text of line `line`, counted from 1, to stand beside a diagnostic about `about`. Only texts that name something are
 * shown, and of a value the part that the diagnostic is about: any text may be a password, most of all one that stands where
 * none is expected, or without its quotes. Nothing inside `secret()` or single quotes is shown. Columns stay.
 */
export function shownLine(source: SourceText, line: number, about: Span): string {
  return new ShownLines(source).line(line, about);
}

/** Shows lines of one text, which is split into tokens once for all of them. A line takes time by its own length. */
export class ShownLines {
  readonly #source: SourceText;
  readonly #tokens: Tokens;
  readonly #bareStarts: readonly number[];

  constructor(source: SourceText) {
    this.#source = source;
    this.#tokens = lex(source).tokens;
    this.#bareStarts = Array.from(bareValues(source, this.#tokens), (span) => span.start);
  }

  /** What `shownLine` says. */
  line(line: number, about: Span): string {
    const text = lineText(this.#source, line);
    const start = this.#source.lineStarts[line - 1] ?? this.#source.text.length;
    const extent = { start, end: start + text.length };
    const isHidden = new Uint8Array(text.length);
    const hide = (span: Span): void => {
      isHidden.fill(1, Math.max(0, span.start - start), Math.max(0, span.end - start));
    };
    for (const span of hiddenSpans(this.#source, this.#tokens, { about, extent })) hide(span);
    const bare = this.#bareStarts[firstIndex(this.#bareStarts, (each) => each >= start)];
    if (bare !== undefined && bare < extent.end) hide({ start: bare, end: extent.end });
    return text.replace(/[^"\s]/g, (unit, at) => isHidden[at] === 1 ? HIDDEN : unit);
  }
}

/** The index of the first element for which `test` holds, where it then holds for all behind; their count for none. */
function firstIndex(
  sorted: { readonly [index: number]: number; readonly length: number },
  test: (each: number) => boolean,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(sorted[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What is not shown of the line `extent`, bare values apart, in the order of its beginnings. */
function* hiddenSpans(
  source: SourceText,
  tokens: Tokens,
  { about, extent }: { readonly about: Span; readonly extent: Span },
): Generator<Span> {
  for (let index = firstIndex(tokens.ends, (end) => end > extent.start); index < tokens.count; index++) {
    const span = { start: tokens.starts[index] ?? 0, end: tokens.ends[index] ?? 0 };
    if (span.start >= extent.end) return;
    switch (tokens.kinds[index]) {
      case TokenKind.Identifier:
      case TokenKind.Integer:
      case TokenKind.Decimal:
        if (isSecretPlace(source, tokens, index)) yield span;
        break;
      case TokenKind.Unknown:
        if (source.text.startsWith("'", span.start)) yield quoted(source, span.start, extent.end);
        break;
      case TokenKind.String:
        yield* hiddenOfString(source, tokens, { index, span, about });
        break;
      default:
    }
  }
}

function* hiddenOfString(
  source: SourceText,
  tokens: Tokens,
  { index, span, about }: { readonly index: number; readonly span: Span; readonly about: Span },
): Generator<Span> {
  if (isName(source, tokens, index)) return;
  if (!isValue(source, tokens, index) || about.end <= span.start || about.start >= span.end) {
    yield span;
    return;
  }
  yield { start: span.start, end: about.start };
  yield { start: about.end, end: span.end };
}

/** Whether the string `index` names a declaration, an annotation's text, a field or a variable. */
function isName(source: SourceText, tokens: Tokens, index: number): boolean {
  if (tokens.kinds[index + 1] === TokenKind.Colon) return true;
  const before = wordAt(source, tokens, index - 1);
  switch (tokens.kinds[index - 1]) {
    case TokenKind.Identifier:
      return NAMING.has(before) || wordAt(source, tokens, index - 2) === "resource" ||
        before === "resource" || tokens.kinds[index - 2] === TokenKind.At;
    case TokenKind.LeftParenthesis:
      return OUTSIDE.has(wordAt(source, tokens, index - 2));
    case TokenKind.Dot:
      return true;
    default:
      return tokens.kinds[index + 1] === TokenKind.Equals && tokens.kinds[index - 1] !== TokenKind.Equals;
  }
}

function isValue(source: SourceText, tokens: Tokens, index: number): boolean {
  switch (tokens.kinds[index - 1]) {
    case TokenKind.Equals:
      return wordAt(source, tokens, index - 2) !== "=";
    case TokenKind.LeftBracket:
    case TokenKind.Comma:
      return !isCommandArgument(source, tokens, index);
    default:
      return false;
  }
}

function isSecretPlace(source: SourceText, tokens: Tokens, index: number): boolean {
  const opens = tokens.kinds[index - 1] === TokenKind.LeftParenthesis;
  return (opens && SECRET_WORDS.includes(wordAt(source, tokens, index - 2))) ||
    isCommandArgument(source, tokens, index);
}

/** From a single quote to the next one, or to the end of the line. */
function quoted(source: SourceText, start: number, lineEnd: number): Span {
  const close = source.text.indexOf("'", start + 1);
  return { start: start + 1, end: close === -1 ? lineEnd : Math.min(close, lineEnd) };
}

function wordAt(source: SourceText, tokens: Tokens, index: number): string {
  return source.text.slice(tokens.starts[index] ?? 0, tokens.ends[index] ?? 0);
}
