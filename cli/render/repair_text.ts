import { unreachable } from "../../engine/invariant.ts";
import type { Repair } from "../run_report.ts";
import { type Line, line, span } from "../text.ts";

/** What was mended at the end of the log: a line each. */
export function repairLines(repairs: readonly Repair[]): readonly Line[] {
  return repairs.map((repair) => line(span("note", "cyan"), `: ${repairText(repair)}`));
}

function repairText({ kind, sizeBytes, keptAt }: Repair): string {
  switch (kind) {
    case "completed":
      return "the last record of the log was whole but lacked its line end, which it has now";
    case "cut":
      return `the log ended in an unfinished record, which nobody had been told of: ${sizeBytes} bytes were cut off` +
        (keptAt === undefined ? "" : ` and kept in "${keptAt}"`);
    default:
      return unreachable(kind);
  }
}
