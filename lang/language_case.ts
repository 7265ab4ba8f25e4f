/** One row of the language's table of cases: a file, and what it comes to. */
export type LanguageCase = Example & {
  /** A letter for the chapter, and a number; the numbers have gaps. */
  readonly id: string;
  readonly title: string;
  /** More that belongs to the same point. */
  readonly alike?: readonly Example[];
};

/** A file, what is done with it, and the lines that come out. */
export type Example = FormatExample | ParseExample | ExpandExample | DiffExample | ExplainExample;

/** The file's canonical text, byte for byte, which the formatter leaves as it is. */
export interface FormatExample {
  readonly mode: "fmt";
  readonly source: string;
  readonly want: string;
  /** What the file's resources are, one a line, where the case is about that too. */
  readonly resources?: readonly string[];
}

/** `accepted`, or each error with its place, and its hint in a line of its own. */
export interface ParseExample {
  readonly mode: "parse";
  readonly source: string;
  readonly want: readonly string[];
}

/**
 * Errors with their places; without an error warnings, then for `plan` each resource with its fields and needs, and for
 * `graph` each of them in the order of an apply with its place in it too. Of `graphcount` the count alone.
 */
export interface ExpandExample {
  readonly mode: "plan" | "graph" | "graphcount";
  readonly source: string;
  /** The chain of the environment; none when left out. */
  readonly layers?: readonly string[];
  readonly want: readonly string[];
}

/** What an apply would do, a resource a line, with each path that changes. */
export interface DiffExample {
  readonly mode: "plandiff";
  readonly source: string;
  /** What lives, by address in the order in which it was made. Objects are named `id-1`, `id-2` and so on. */
  readonly state: Readonly<Record<string, StoredExample>>;
  readonly want: readonly string[];
}

/** One resource that lives. */
export interface StoredExample {
  readonly type: string;
  /** Its fields as a file would say them; a text in `secret("…")` is stored sealed. */
  readonly body: string;
}

/** What is said of one resource, a fact a line. */
export interface ExplainExample {
  readonly mode: "explain";
  readonly source: string;
  /** The address that is asked for. */
  readonly explain: string;
  readonly want: readonly string[];
}
