import { type DiffHunk, diffHunks } from "../engine/diff_hunks.ts";
import { diffLines, type LineEdit } from "../engine/line_diff.ts";
import { maskedText } from "../lang/masked_text.ts";
import type { ChangedFile } from "./format_project.ts";

/** Lines around each difference. */
const CONTEXT_LINES = 3;

/** What formatting changes in one file; texts of secrets are bullets. */
export interface FileDiff {
  readonly name: string;
  readonly hunks: readonly DiffHunkText[];
}

/** A hunk with its lines. */
export interface DiffHunkText extends Omit<DiffHunk, "edits"> {
  readonly lines: readonly {
    readonly kind: LineEdit["kind"];
    readonly text: string;
    readonly hasEnd: boolean;
  }[];
}

/** Compares a file with its canonical form. Lines are compared as they are, and shown without secrets. */
export function formatDiff({ name, before, after }: ChangedFile): FileDiff {
  const edits = diffLines(linesOf(before.text), linesOf(after.text));
  const shown = { before: linesOf(maskedText(before)), after: linesOf(maskedText(after)) };
  const lineOf = (edit: LineEdit) => {
    const text = (edit.kind === "added" ? shown.after[edit.after] : shown.before[edit.before]) ?? "";
    return { kind: edit.kind, text: text.replace(/\n$/, ""), hasEnd: text.endsWith("\n") };
  };
  return {
    name,
    hunks: diffHunks(edits, CONTEXT_LINES).map(({ edits: own, ...rest }) => ({
      ...rest,
      lines: own.map(lineOf),
    })),
  };
}

/** The lines of a text, each with its end where it has one. */
function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}
