import type { Cursor } from "./parse_cursor.ts";
import { isFirstOnLine } from "./parse_recovery.ts";
import type { TokenIndex } from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

/** What lacks behind a token. */
export interface Lack {
  readonly code: "E-SYNTAX" | "E-ANNOTATION";
  /** What cannot be read, for example `the field "size"`. */
  readonly goal: string;
  readonly wanted: string;
  readonly hint?: string | undefined;
}

/**
 * Reports that what is looked at is not what `token` needs, which is the one before it. Where a line ends between the two, the
 * mistake is told at `token`: what the next line begins with is right in its place.
 */
export function reportBehind(cursor: Cursor, token: TokenIndex, lack: Lack): void {
  // What a string without end has swallowed lacks behind it; that it has none is reported.
  if (cursor.isFull || cursor.isCut(cursor.at - 1)) return;
  const isEnd = cursor.is(TokenKind.EndOfFile);
  const isLastOnLine = isEnd || isFirstOnLine(cursor, cursor.at);
  const found = isLastOnLine && !isEnd ? "the end of the line" : cursor.describe(cursor.at);
  const { code, goal, wanted, hint } = lack;
  const message = `Cannot read ${goal}: expected ${wanted}, found ${found}`;
  if (isLastOnLine) cursor.report(token, { code, message, hint });
  else if (code === "E-SYNTAX") cursor.unexpected(goal, wanted, hint);
  else cursor.report(cursor.at, { code, message, hint });
}
