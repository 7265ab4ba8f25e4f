/** The kinds of tokens, as small numbers that fit a byte. */
export const TokenKind = {
  EndOfFile: 0,
  Identifier: 1,
  /** `-`? digits; whether the form is legal is judged where it is used as a value. */
  Integer: 2,
  /** `-`? digits `.` digits. */
  Decimal: 3,
  /** A plain or block string with its quotes. */
  String: 4,
  LeftBrace: 5,
  RightBrace: 6,
  LeftBracket: 7,
  RightBracket: 8,
  LeftParenthesis: 9,
  RightParenthesis: 10,
  Equals: 11,
  Comma: 12,
  Colon: 13,
  Dot: 14,
  At: 15,
  Star: 16,
  Hyphen: 17,
  Arrow: 18,
  /** A word that begins with a numeral outside ASCII; legal only inside paths and patterns. */
  NumeralWord: 19,
  /** A run of characters that begin no token. Reported by the lexer. */
  Unknown: 20,
} as const;

export type TokenKind = typeof TokenKind[keyof typeof TokenKind];

/** The tokens of a text in order; the last one is `EndOfFile`. White space and comments lie between them. */
export interface Tokens {
  readonly count: number;
  readonly kinds: Uint8Array;
  /** First offset of each token. */
  readonly starts: Int32Array;
  /** Offset behind each token. */
  readonly ends: Int32Array;
}

/** The comments of a text in order. */
export interface Comments {
  readonly count: number;
  /** Offset of the `#`. */
  readonly starts: Int32Array;
  /** Offset behind the comment's last character that is not white space. */
  readonly ends: Int32Array;
  /** Index of the token that follows. */
  readonly nextTokens: Int32Array;
}
