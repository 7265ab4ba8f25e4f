import { type DiffHunk, diffHunks } from "../engine/diff_hunks.ts";
import { diffLines, type LineEdit } from "../engine/line_diff.ts";
import { maskedText } from "../lang/masked_text.ts";
import type { ChangedFile } from "./format_project.ts";
import { findProjectRoot, projectPaths } from "./project_paths.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { sensitiveNames } from "./sensitive_names.ts";

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

/**
 * Compares files with their canonical forms. Lines are compared as they are, and shown without secrets: what stands in
 * `secret("…")`, and what is given to a name that some type calls sensitive.
 */
export async function formatDiffs(
  ports: ProjectPorts,
  changed: readonly ChangedFile[],
): Promise<readonly FileDiff[]> {
  const { root } = await findProjectRoot(ports.workingFolder);
  const names = sensitiveNames(ports.registry(projectPaths(root)));
  return changed.map((each) => formatDiff(each, names));
}

function formatDiff({ name, before, after }: ChangedFile, names: ReadonlySet<string>): FileDiff {
  const edits = diffLines(linesOf(before.text), linesOf(after.text));
  const shown = { before: linesOf(maskedText(before, names)), after: linesOf(maskedText(after, names)) };
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
