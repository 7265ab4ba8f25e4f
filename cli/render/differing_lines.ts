import { hideCredentials } from "../../engine/credential_patterns.ts";
import { type DiffHunk, diffHunks } from "../../engine/diff_hunks.ts";
import { diffLines, type LineEdit } from "../../engine/line_diff.ts";
import { HIDDEN } from "../../engine/hide_stretches.ts";
import type { Value } from "../../engine/value.ts";
import { type Line, line, span } from "../text.ts";
import { cutAround, cutText, type Extent, type Piece, pieceSpans } from "./cut_text.ts";

/** Equal lines that are shown around each difference. */
const CONTEXT_LINES = 3;
/** Lines of a difference, where long ones are cut. */
const SHOWN_LINES = 40;
/** Characters of a line, where long ones are cut. */
const SHOWN_CHARACTERS = 160;

/**
 * A text of several lines that changes, comes or goes, by the lines in which it does: far from them, what is equal is only
 * counted. `undefined` where there is no such text.
 */
export function differingLines(
  before: Value | undefined,
  after: Value | undefined,
  extent: Extent,
): readonly Line[] | undefined {
  const [old, now] = [textOf(before), textOf(after)];
  if (old === undefined || now === undefined) return undefined;
  if (!isLong(old) && !isLong(now)) return undefined;
  const [oldLines, nowLines] = [linesOf(old), linesOf(now)];
  // Compared as they are: where nothing but what is hidden differs, that must be seen too.
  const hunks = diffHunks(diffLines(oldLines, nowLines), CONTEXT_LINES);
  const lines = hunkLines(hunks, { before: shownLines(oldLines), after: shownLines(nowLines) }, extent);
  const hiddenCount = lines.length - SHOWN_LINES;
  if (extent === "full" || hiddenCount <= 1) return lines;
  return [...lines.slice(0, SHOWN_LINES), line(span(`… and ${hiddenCount} more lines`, "cut"))];
}

function textOf(value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : undefined;
}

/** Whether it takes more than one line. */
function isLong(text: string): boolean {
  return text.replace(/\n$/, "").includes("\n");
}

/** The lines of a text, each with its end where it has one. */
function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/**
 * The lines without credentials, which would not be known as such once they are cut, or once a key is taken apart into lines. In
 * the frame of a key nothing else is hidden: whoever approves must see what only pretends to be one.
 */
function shownLines(lines: readonly string[]): readonly string[] {
  let isInKey = false;
  return lines.map((text) => {
    if (text.includes("-----")) isInKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);
    else if (isInKey) return text.replace(/^\s*[A-Za-z0-9+/=]{16,}\s*?(?=\n?$)/, HIDDEN);
    return hideCredentials(text);
  });
}

interface Sides {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function hunkLines(hunks: readonly DiffHunk[], sides: Sides, extent: Extent): readonly Line[] {
  let seen = 0;
  const shown = hunks.flatMap((hunk) => {
    const first = hunk.beforeStart - Math.min(1, hunk.beforeCount);
    const skipped = first - seen;
    seen = first + hunk.beforeCount;
    return [...equalLine(skipped), ...editLines(hunk.edits, sides, extent)];
  });
  return [...shown, ...equalLine(sides.before.length - seen)];
}

function equalLine(count: number): readonly Line[] {
  if (count === 0) return [];
  return [line(span(count === 1 ? "  (1 line unchanged)" : `  (${count} lines unchanged)`, "dim"))];
}

const MARKS = {
  same: { mark: " ", style: undefined },
  removed: { mark: "-", style: "red" },
  added: { mark: "+", style: "green" },
} as const;

function editLines(edits: readonly LineEdit[], sides: Sides, extent: Extent): readonly Line[] {
  const partners = partnersOf(edits, sides);
  return edits.flatMap((edit, index) => {
    const text = textAt(edit, sides);
    const shown = text.replace(/\n$/, "");
    const partner = partners.get(index)?.replace(/\n$/, "");
    const { mark, style } = MARKS[edit.kind];
    const cut = extent === "full" ? [shown] : cutLine(shown, partner);
    const own = line(span(mark, style), " ", ...pieceSpans(cut, String));
    const hasEnd = edit.kind === "same" || text.endsWith("\n");
    return hasEnd ? [own] : [own, line(span("  (no newline at the end)", "dim"))];
  });
}

function textAt(edit: LineEdit, { before, after }: Sides): string {
  return (edit.kind === "added" ? after[edit.after] : before[edit.before]) ?? "";
}

function cutLine(text: string, partner: string | undefined): readonly Piece[] {
  return partner === undefined
    ? cutText(text, SHOWN_CHARACTERS)
    : cutAround(text, partner, SHOWN_CHARACTERS)[0];
}

/** Of each line that goes the one that comes in its place, and the other way round, by the index of the edit. */
function partnersOf(edits: readonly LineEdit[], sides: Sides): ReadonlyMap<number, string> {
  const partners = new Map<number, string>();
  let removed: number[] = [];
  let added = 0;
  edits.forEach((edit, index) => {
    if (edit.kind === "removed" && added === 0) return void removed.push(index);
    const other = edit.kind === "added" ? removed[added++] : undefined;
    const its = other === undefined ? undefined : edits[other];
    if (other !== undefined && its !== undefined) {
      partners.set(index, textAt(its, sides));
      partners.set(other, textAt(edit, sides));
    }
    if (edit.kind === "added") return;
    removed = edit.kind === "removed" ? [index] : [];
    added = 0;
  });
  return partners;
}
