import { err, ok, type Result } from "../../engine/result.ts";

/** A regular expression as a tree. It has nothing that needs going back: no lookaround and no references to groups. */
export type Pattern =
  /** One character that `test` takes. */
  | { readonly kind: "character"; readonly test: (character: string) => boolean }
  | { readonly kind: "start" | "end" }
  | { readonly kind: "sequence"; readonly parts: readonly Pattern[] }
  | { readonly kind: "choice"; readonly options: readonly Pattern[] }
  | { readonly kind: "repeat"; readonly part: Pattern; readonly min: number; readonly max: number };

const CLASS = /^\[\^?(?:[^\]\\]|\\.)+\]/u;
const ESCAPE = /^\\(?:[dDwWsS]|[nrtfv]|[^\p{Alphabetic}\p{N}])/u;
const LITERAL_ESCAPE = /^\\([^\p{Alphabetic}\p{N}])$/u;
const COUNT = /^(?:[*+?]|\{(\d{1,4})(,(\d{1,4})?)?\})\??/;
const DEPTH_LIMIT = 32;

/** Reads the part of the syntax of RE2 that constraints have; an error says what is wrong with `source`. */
export function parsePattern(source: string): Result<Pattern, string> {
  const reader: Reader = { source, at: 0, depth: 0 };
  const read = readChoice(reader);
  if (!read.ok || reader.at === source.length) return read;
  return err('")" closes nothing');
}

interface Reader {
  readonly source: string;
  at: number;
  depth: number;
}

function readChoice(reader: Reader): Result<Pattern, string> {
  const options: Pattern[] = [];
  do {
    const option = readSequence(reader);
    if (!option.ok) return option;
    options.push(option.value);
  } while (taken(reader, "|"));
  const [only] = options;
  return ok(options.length === 1 && only !== undefined ? only : { kind: "choice", options });
}

function readSequence(reader: Reader): Result<Pattern, string> {
  const parts: Pattern[] = [];
  while (reader.at < reader.source.length && !/^[|)]/.test(rest(reader))) {
    const atom = readAtom(reader);
    if (!atom.ok) return atom;
    const part = readCount(reader, atom.value);
    if (!part.ok) return part;
    parts.push(part.value);
  }
  return ok({ kind: "sequence", parts });
}

function readCount(reader: Reader, part: Pattern): Result<Pattern, string> {
  const match = COUNT.exec(rest(reader));
  if (match === null) return ok(part);
  reader.at += match[0].length;
  if (COUNT.test(rest(reader))) return err("a repetition follows another");
  const [sign = ""] = match[0];
  if (sign !== "{") {
    return ok({ kind: "repeat", part, min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Infinity });
  }
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : match[3] === undefined ? Infinity : Number(match[3]);
  return max < min ? err(`"${match[0]}" ends before it begins`) : ok({ kind: "repeat", part, min, max });
}

function readAtom(reader: Reader): Result<Pattern, string> {
  const text = rest(reader);
  const [first = ""] = text;
  switch (first) {
    case "(":
      return readGroup(reader);
    case "^":
    case "$":
      reader.at++;
      return ok({ kind: first === "^" ? "start" : "end" });
    case "*":
    case "+":
    case "?":
    case "{":
      return err(`"${first}" repeats nothing; write \\${first} for the character`);
    case "[":
    case "\\":
      return readClass(reader, first === "[" ? CLASS.exec(text) : ESCAPE.exec(text));
    default:
      reader.at += first.length;
      return ok({ kind: "character", test: first === "." ? isInLine : (each) => each === first });
  }
}

function readGroup(reader: Reader): Result<Pattern, string> {
  const opening = rest(reader).startsWith("(?:") ? "(?:" : "(";
  reader.at += opening.length;
  if (rest(reader).startsWith("?")) return err('"(?" is only known as "(?:"');
  if (++reader.depth > DEPTH_LIMIT) return err("it has too many levels");
  const inner = readChoice(reader);
  reader.depth--;
  if (!inner.ok) return inner;
  return taken(reader, ")") ? inner : err('"(" is not closed');
}

/** What one character may be is left to the runtime, which needs no going back for it. */
function readClass(reader: Reader, match: RegExpExecArray | null): Result<Pattern, string> {
  if (match === null) return err(`${JSON.stringify(rest(reader).slice(0, 2))} is not known, or not closed`);
  reader.at += match[0].length;
  const literal = LITERAL_ESCAPE.exec(match[0])?.[1];
  if (literal !== undefined) return ok({ kind: "character", test: (each) => each === literal });
  const one = characterTest(match[0]);
  return one === undefined
    ? err(`${JSON.stringify(match[0])} is no class`)
    : ok({ kind: "character", test: one });
}

function characterTest(source: string): ((character: string) => boolean) | undefined {
  try {
    const one = new RegExp(`^${source}$`, "u");
    return (character) => one.test(character);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isInLine(character: string): boolean {
  return character !== "\n";
}

function taken(reader: Reader, text: string): boolean {
  const isThere = reader.source.startsWith(text, reader.at);
  if (isThere) reader.at += text.length;
  return isThere;
}

function rest({ source, at }: Reader): string {
  return source.slice(at);
}
