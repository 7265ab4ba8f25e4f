import { compareText } from "../engine/text_order.ts";
import { type Digest, digestOf, type Sha256 } from "./digest.ts";

/** One file that a program is made of. */
export interface SourceFile {
  /** From the root of the sources, with `/`. */
  readonly path: string;
  /** `x`: may be run. `-`: any other file. `l`: a link, whose content is where it leads. */
  readonly type: "x" | "-" | "l";
  /** SHA-256 of its content, 64 hex digits. */
  readonly hash: string;
}

const NAMED_LIMIT = 3;

/**
 * The digest of a list of sources: equal exactly when every path, content and type is, whatever the times and owners. The order
 * of the list means nothing.
 */
export function sourceDigest(sha256: Sha256, files: readonly SourceFile[]): Digest {
  const lines = files.map(({ hash, path, type }) => `${hash} ${type} ${path}\n`);
  return digestOf(sha256, new TextEncoder().encode(lines.toSorted(compareText).join("")));
}

/** Paths at which two lists differ, in order. */
export function changedPaths(
  before: readonly SourceFile[],
  after: readonly SourceFile[],
): readonly string[] {
  const [old, now] = [before, after].map((files) =>
    new Map(files.map(({ hash, path, type }) => [path, `${hash} ${type}`]))
  );
  const paths = new Set([...old?.keys() ?? [], ...now?.keys() ?? []]);
  return [...paths].filter((path) => old?.get(path) !== now?.get(path)).toSorted(compareText);
}

/** Says how many files changed and names the first of them, for example `3 files (src/a.rs, src/b.rs, src/c.rs)`. */
export function changedFilesText(paths: readonly string[]): string {
  const more = paths.length > NAMED_LIMIT ? ", …" : "";
  const count = paths.length === 1 ? "1 file" : `${paths.length} files`;
  return `${count} (${paths.slice(0, NAMED_LIMIT).join(", ")}${more})`;
}
