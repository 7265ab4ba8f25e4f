import { CIPHERTEXT_PREFIX, parseCiphertext } from "../engine/ciphertext.ts";
import { secretPlaces } from "../lang/secret_place.ts";
import type { Diagnostic } from "../lang/diagnostic.ts";
import type { SourceText, Span } from "../lang/source_text.ts";
import { positionAt } from "../lang/source_text.ts";
import { nameText } from "../lang/syntax_text.ts";
import { spanOf, type SyntaxTree } from "../lang/syntax_tree.ts";
import { type ClearVariable, clearVariables } from "./clear_variable.ts";
import type { KeptPlace } from "./kept_place.ts";
import { findSources, readSources } from "./source_files.ts";
import type { Workspace } from "./workspace.ts";

/** A ciphertext in a file of the project. */
export interface SourceCiphertext {
  readonly source: SourceText;
  readonly place: string;
  readonly text: string;
  readonly dataKey: string;
  /** Of the text with its quotes. */
  readonly span: Span;
  /** `file:line:column`. */
  readonly origin: string;
}

/** The ciphertexts in the files of a project. */
export interface SourceCiphertexts {
  readonly found: readonly SourceCiphertext[];
  /** Files in which a ciphertext stands where no secret can be, as in a comment or in an item with an error, by data key. */
  readonly unplaced: ReadonlyMap<string, readonly string[]>;
  /** Where secrets stand in clear, as `file:line:column`. */
  readonly plain: readonly string[];
  /** Variables that are taken in clear, and are secrets by their names. */
  readonly variables: readonly ClearVariable[];
  /** All files that were read. */
  readonly trees: readonly SyntaxTree[];
  /** The names of those with an error: where something stands in them is not certain. */
  readonly faulty: ReadonlySet<string>;
  /** What could not be looked at: anything may be in it. */
  readonly unseen: readonly KeptPlace[];
}

const ANY_CIPHERTEXT_REGEXP = /enc:smelt:1:([0-9a-f]{32}):/g;

/** Looks through all files of a project, whatever else is wrong with them. */
export async function readCiphertexts(workspace: Workspace): Promise<SourceCiphertexts> {
  const { root } = workspace.paths;
  const request = { root, workingFolder: root, given: [] };
  const { trees, diagnostics, unseen } = await readSources(request);
  const found = trees.flatMap((tree) => [...ciphertextsOf(tree)]);
  const unplaced = new Map<string, string[]>();
  for (const { source } of trees) {
    for (const [key, count] of mentions(source.text)) {
      const placed = found.filter((each) => each.source === source && each.dataKey === key).length;
      if (count > placed) unplaced.set(key, [...unplaced.get(key) ?? [], source.file]);
    }
  }
  const { files } = await findSources(request);
  const told = new Set([...trees.map(({ source }) => source.file), ...unseen.map(({ file }) => file)]);
  const unread = files.filter(({ name }) => !told.has(name));
  return {
    found,
    unplaced,
    plain: trees.flatMap(plainSecrets),
    variables: trees.flatMap(clearVariables),
    trees,
    faulty: new Set(diagnostics.filter(({ severity }) => severity === "error").map(({ file }) => file)),
    unseen: [
      ...unseen.map(unseenPlace),
      ...unread.map(({ name }) => ({ place: name, why: "it was not read", hint: MAKE_READABLE })),
    ],
  };
}

const MAKE_READABLE = "mend this, so that smelt plan can read it, or remove it";

function unseenPlace({ file, message, hint }: Diagnostic): KeptPlace {
  return { place: file, why: message, hint: hint ?? MAKE_READABLE };
}

/** The ciphertexts that stand where a secret can be. */
export function* ciphertextsOf(tree: SyntaxTree): Generator<SourceCiphertext> {
  for (const { node, place } of secretPlaces(tree)) {
    const text = nameText(tree, node.text);
    const parsed = text.startsWith(CIPHERTEXT_PREFIX) ? parseCiphertext(text) : undefined;
    if (parsed === undefined) continue;
    const span = spanOf(tree, { first: node.text, last: node.text });
    const { line, column } = positionAt(tree.source, span.start);
    const origin = `${tree.source.file}:${line}:${column}`;
    yield { source: tree.source, place, text, dataKey: parsed.dataKey, span, origin };
  }
}

function plainSecrets(tree: SyntaxTree): readonly string[] {
  return Array.from(secretPlaces(tree)).flatMap(({ node }) => {
    if (nameText(tree, node.text).startsWith(CIPHERTEXT_PREFIX)) return [];
    const { line, column } = positionAt(tree.source, tree.tokens.starts[node.first] ?? 0);
    return [`${tree.source.file}:${line}:${column}`];
  });
}

/** How often a text has the beginning of a ciphertext under each key: in comments and in broken items too. */
export function mentions(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, key = ""] of text.matchAll(ANY_CIPHERTEXT_REGEXP)) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
