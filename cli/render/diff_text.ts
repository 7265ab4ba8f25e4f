import type { DiffHunkText, FileDiff } from "../../project/format_diff.ts";
import { type Line, line, span } from "../text.ts";

const SIDES = {
  same: { mark: " ", style: undefined },
  removed: { mark: "-", style: "red" },
  added: { mark: "+", style: "green" },
} as const;

/** A comparison in the unified form. */
export function diffLines({ name, hunks }: FileDiff): readonly Line[] {
  return [
    line(span(`--- ${name}`, "bold")),
    line(span(`+++ ${name}`, "bold")),
    ...hunks.flatMap(hunkLines),
  ];
}

function hunkLines(hunk: DiffHunkText): readonly Line[] {
  const before = rangeText(hunk.beforeStart, hunk.beforeCount);
  const after = rangeText(hunk.afterStart, hunk.afterCount);
  return [
    line(span(`@@ -${before} +${after} @@`, "cyan")),
    ...hunk.lines.flatMap(({ kind, text, hasEnd }) => {
      const { mark, style } = SIDES[kind];
      const shown = line(span(`${mark}${text}`, style));
      return hasEnd ? [shown] : [shown, line("\\ No newline at end of file")];
    }),
  ];
}

/** A count of one is left out. */
function rangeText(start: number, count: number): string {
  return count === 1 ? String(start) : `${start},${count}`;
}
