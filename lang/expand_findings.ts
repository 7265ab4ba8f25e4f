import type { Origin } from "../engine/resource_config.ts";
import { type Diagnostic, diagnostic } from "./diagnostic.ts";
import { didYouMean } from "./expand_scope.ts";
import { positionAt, type SourceText, type Span } from "./source_text.ts";
import { spanOf, type SyntaxTree, type TokenIndex } from "./syntax_tree.ts";

/** The part of a file that a finding is about: a node or tokens of its tree, or offsets of its text. */
export type Extent = { readonly first: TokenIndex; readonly last: TokenIndex } | Span;

/** What is said of a part of a file. */
export interface Finding {
  readonly code: Diagnostic["code"];
  readonly message: string;
  readonly hint?: string | undefined;
}

const SUGGESTION_LIMIT = 50;
/** How many errors, and how many warnings, are kept, as the parser keeps of one file. */
const FINDING_LIMIT = 1000;

/** Collects diagnostics. What a template's every instance would say again is said once. */
export class Findings {
  readonly #found = new Map<string, Diagnostic>();
  readonly #counts = { error: 0, warning: 0 };
  #suggestionsLeft = SUGGESTION_LIMIT;

  /** All findings so far, each once, in the order in which they were made. */
  get list(): readonly Diagnostic[] {
    return [...this.#found.values()];
  }

  /**
   * The end of a message that names what was probably meant, as `didYouMean` makes it. To look for a near name takes time by
   * the number of names, so that only the first wrong ones get one.
   */
  suggestion(name: string, candidates: Iterable<string>): string {
    return this.#suggestionsLeft-- > 0 ? didYouMean(name, candidates) : "";
  }

  report(tree: SyntaxTree, extent: Extent, finding: Finding): void {
    this.#add(diagnostic(tree.source, spanOfExtent(tree, extent), finding));
  }

  /** Reports about a part of a text that is no file of the language. */
  reportIn(source: SourceText, span: Span, finding: Finding): void {
    this.#add(diagnostic(source, span, finding));
  }

  /** Reports with an error's code what is legal and probably not meant. */
  warn(tree: SyntaxTree, extent: Extent, finding: Finding): void {
    this.#add({ ...diagnostic(tree.source, spanOfExtent(tree, extent), finding), severity: "warning" });
  }

  #add(found: Diagnostic): void {
    const key = `${found.file}:${found.span.start}:${found.code}:${found.message}`;
    if (this.#found.has(key) || this.#counts[found.severity] >= FINDING_LIMIT) return;
    this.#counts[found.severity]++;
    this.#found.set(key, found);
  }
}

function spanOfExtent(tree: SyntaxTree, extent: Extent): Span {
  return "start" in extent ? extent : spanOf(tree, extent);
}

/** The extent of one token. */
export function tokenExtent(token: TokenIndex): Extent {
  return { first: token, last: token };
}

/** Where a token stands, as configuration remembers it. */
export function originOf(tree: SyntaxTree, token: TokenIndex): Origin {
  const { line, column } = positionAt(tree.source, tree.tokens.starts[token] ?? 0);
  return { file: tree.source.file, line, column };
}

/** A place in a message about another one: `file:line:column`. */
export function formatOrigin(origin: Origin): string {
  return `${origin.file}:${origin.line}:${origin.column}`;
}
