/** References to resources: in `needs`, in `output`, and the patterns of overrides. */
import { exactList } from "./exact_list.ts";
import type { Cursor } from "./parse_cursor.ts";
import type {
  BindingNode,
  IndexNode,
  NeedsNode,
  PatternNode,
  ReferenceNode,
  SegmentNode,
  TokenIndex,
} from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

/** Reads `needs REFERENCE [ -> BINDING ]`. */
export function parseNeeds(cursor: Cursor): NeedsNode | undefined {
  const first = cursor.at++;
  const reference = parseReference(cursor, '"needs"');
  if (reference === undefined) return undefined;
  if (!cursor.accept(TokenKind.Arrow)) {
    return { kind: "needs", first, last: reference.last, reference, binding: undefined };
  }
  const binding = parseBinding(cursor);
  return binding && { kind: "needs", first, last: binding.last, reference, binding };
}

function parseBinding(cursor: Cursor): BindingNode | undefined {
  const first = cursor.at;
  const path = parseFieldPath(cursor, 'the binding of "needs"');
  return path && { kind: "binding", first, last: path.field, ...path };
}

/** Reads `field` or `section.field`; the parts must touch. */
export function parseFieldPath(
  cursor: Cursor,
  goal: string,
): { readonly section: TokenIndex | undefined; readonly field: TokenIndex } | undefined {
  const first = cursor.expect(TokenKind.Identifier, goal, "the name of a field");
  if (first === undefined) return undefined;
  if (!cursor.is(TokenKind.Dot) || !cursor.touches(cursor.at)) return { section: undefined, field: first };
  cursor.at++;
  if (!cursor.touches(cursor.at)) {
    cursor.unexpected(goal, "the name of a field directly behind the point");
    return undefined;
  }
  const field = cursor.expect(TokenKind.Identifier, goal, "the name of a field");
  return field === undefined ? undefined : { section: first, field };
}

/** Reads `kind.name`, an index and an output path perhaps; the parts must touch. */
export function parseReference(cursor: Cursor, goal: string): ReferenceNode | undefined {
  const first = cursor.at;
  const target = parseSegments(cursor, goal, 2);
  if (target === undefined) return undefined;
  const index = target.length === 2 && cursor.is(TokenKind.LeftBracket) && cursor.touches(cursor.at)
    ? parseIndex(cursor, goal)
    : NO_INDEX;
  if (index === undefined) return undefined;
  const output = parseOutputPath(cursor, goal);
  if (output === undefined) return undefined;
  return {
    kind: "reference",
    first,
    last: cursor.at - 1,
    target,
    index: index === NO_INDEX ? undefined : index,
    output,
  };
}

const NO_INDEX = "none";
const NO_SEGMENTS: readonly SegmentNode[] = [];

function parseOutputPath(cursor: Cursor, goal: string): readonly SegmentNode[] | undefined {
  if (!cursor.is(TokenKind.Dot) || !cursor.touches(cursor.at)) return NO_SEGMENTS;
  cursor.at++;
  return parseSegments(cursor, goal, Infinity, "touching");
}

/** Reads segments joined by points, at most `limit`. */
function parseSegments(
  cursor: Cursor,
  goal: string,
  limit: number,
  place?: "touching",
): readonly SegmentNode[] | undefined {
  const segments: SegmentNode[] = [];
  for (;;) {
    const segment = parseSegment(cursor, goal, place === "touching" || segments.length > 0);
    if (segment === undefined) return undefined;
    segments.push(segment);
    if (segments.length >= limit || !cursor.is(TokenKind.Dot) || !cursor.touches(cursor.at)) {
      return exactList(segments);
    }
    cursor.at++;
  }
}

function parseSegment(cursor: Cursor, goal: string, mustTouch: boolean): SegmentNode | undefined {
  const first = cursor.at;
  const word = cursor.is(TokenKind.Identifier);
  if ((!word && !cursor.is(TokenKind.String)) || (mustTouch && !cursor.touches(first))) {
    cursor.unexpected(
      goal,
      mustTouch ? "a name directly behind the point" : "the kind and name of a resource",
    );
    return undefined;
  }
  cursor.at++;
  if (word) takeHyphenated(cursor);
  return { kind: "segment", first, last: cursor.at - 1 };
}

/** Takes `-word` as often as it follows: the lexer reads `-2x` as a number and a word. */
function takeHyphenated(cursor: Cursor): void {
  for (;;) {
    if (!cursor.touches(cursor.at)) return;
    const behindHyphen = cursor.is(TokenKind.Hyphen) ? cursor.at + 1 : cursor.at;
    if (cursor.is(TokenKind.Hyphen)) {
      if (!isWordToken(cursor.kindAt(behindHyphen)) || !cursor.touches(behindHyphen)) return;
    } else if (!cursor.is(TokenKind.Integer) || !cursor.text(cursor.at).startsWith("-")) return;
    cursor.at = behindHyphen + 1;
    while (isWordToken(cursor.kind) && cursor.touches(cursor.at)) cursor.at++;
  }
}

function isWordToken(kind: number): boolean {
  return kind === TokenKind.Identifier || kind === TokenKind.NumeralWord;
}

/** Reads `["key"]`, `[key]`, `[0]` or `[*]`. */
function parseIndex(cursor: Cursor, goal: string): IndexNode | undefined {
  const first = cursor.at++;
  const all = cursor.is(TokenKind.Star);
  if (all || cursor.is(TokenKind.String) || cursor.is(TokenKind.Integer)) {
    cursor.at++;
  } else if (cursor.is(TokenKind.Identifier)) {
    cursor.at++;
    takeHyphenated(cursor);
  } else {
    cursor.unexpected(goal, 'a key such as "a", a number or * in the brackets');
    return undefined;
  }
  const last = cursor.expect(TokenKind.RightBracket, goal, '"]"');
  return last === undefined ? undefined : { kind: "index", first, last, all };
}

const SEGMENT_REGEXP = /^[\p{Alphabetic}\p{N}_*]+(?:-[\p{Alphabetic}\p{N}_*]+)*$/u;

/** Reads the pattern of an override: all tokens up to the next gap or brace. */
export function parsePattern(cursor: Cursor): PatternNode | undefined {
  const first = cursor.at;
  while (isPatternToken(cursor.kind) && (cursor.at === first || cursor.touches(cursor.at))) cursor.at++;
  if (cursor.at === first) {
    cursor.unexpected("the override", "a pattern such as web.*");
    return undefined;
  }
  const last = cursor.at - 1;
  const segments = patternTexts(cursor, first, last);
  if (segments.every((text) => text === QUOTED || SEGMENT_REGEXP.test(text))) {
    return { kind: "pattern", first, last };
  }
  const span = { start: cursor.startOf(first), end: cursor.endOf(last) };
  const text = cursor.source.text.slice(span.start, span.end);
  cursor.reportSpan(span, {
    code: "E-SYNTAX",
    message: `Cannot read the pattern "${text}": expected words joined by points, * for any text`,
    hint: "put a part with other characters in double quotes",
  });
  return undefined;
}

/** Stands for a quoted segment; no word token holds a quote. */
const QUOTED = '"';

function patternTexts(cursor: Cursor, first: number, last: number): readonly string[] {
  let text = "";
  for (let token = first; token <= last; token++) {
    text += cursor.kindAt(token) === TokenKind.String ? QUOTED : cursor.text(token);
  }
  return text.split(".");
}

function isPatternToken(kind: number): boolean {
  switch (kind) {
    case TokenKind.Identifier:
    case TokenKind.Integer:
    case TokenKind.Decimal:
    case TokenKind.String:
    case TokenKind.Dot:
    case TokenKind.Star:
    case TokenKind.Hyphen:
    case TokenKind.NumeralWord:
      return true;
    default:
      return false;
  }
}
