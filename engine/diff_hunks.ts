import type { LineEdit } from "./line_diff.ts";

/** Lines that stand together in a comparison: what differs, and some that are the same around it. */
export interface DiffHunk {
  /** The first line of each text in it, counted from 1; 0 where the text has none in it and none before it. */
  readonly beforeStart: number;
  readonly beforeCount: number;
  readonly afterStart: number;
  readonly afterCount: number;
  readonly edits: readonly LineEdit[];
}

/** Groups a comparison into hunks with up to `context` equal lines around each difference. */
export function diffHunks(edits: readonly LineEdit[], context: number): readonly DiffHunk[] {
  const hunks: DiffHunk[] = [];
  const counts = { before: 0, after: 0 };
  let at = 0;
  for (const { start, end } of ranges(edits, context)) {
    for (; at < start; at++) count(counts, edits[at]);
    const first = { ...counts };
    for (; at < end; at++) count(counts, edits[at]);
    const beforeCount = counts.before - first.before;
    const afterCount = counts.after - first.after;
    hunks.push({
      beforeStart: first.before + Math.min(1, beforeCount),
      beforeCount,
      afterStart: first.after + Math.min(1, afterCount),
      afterCount,
      edits: edits.slice(start, end),
    });
  }
  return hunks;
}

/** Stretches of `edits` that are shown: `end` is behind the last of each. */
function ranges(
  edits: readonly LineEdit[],
  context: number,
): readonly { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  edits.forEach(({ kind }, index) => {
    if (kind === "same") return;
    const start = Math.max(0, index - context);
    const end = Math.min(edits.length, index + context + 1);
    const last = found.at(-1);
    if (last !== undefined && start <= last.end) last.end = end;
    else found.push({ start, end });
  });
  return found;
}

function count(counts: { before: number; after: number }, edit: LineEdit | undefined): void {
  if (edit === undefined) return;
  if (edit.kind !== "added") counts.before++;
  if (edit.kind !== "removed") counts.after++;
}
