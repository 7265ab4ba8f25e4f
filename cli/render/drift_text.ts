import type { PlannedResource } from "../../engine/plan.ts";
import { type Line, line, span } from "../text.ts";
import type { Extent } from "./cut_text.ts";
import { changedSpans, valueText } from "./value_text.ts";

const INDENT = "        ";

/**
 * What was changed outside smelt. What the plan sets right is shown among its changes and only named here, as are outputs that
 * follow from it, and everything of what is deleted; the rest is told with its values. A precondition is told where nothing else
 * is: a call is then made under another one than the log has.
 */
export function driftLines(planned: PlannedResource, extent: Extent): readonly Line[] {
  const { drift, changes, action } = planned;
  if (drift === undefined) return [];
  const mark = span("changed outside smelt: ", "yellow");
  if (drift.found === null) return [line(INDENT, mark, "it is gone")];
  if (drift.changes.length === 0) {
    const now = drift.found.precondition === undefined ? "none" : valueText(drift.found.precondition);
    return [line(INDENT, mark, `nothing but its precondition, which is ${now}`)];
  }
  const set = new Set(changes.map(({ path }) => path));
  const isSetRight = drift.changes.some(({ path }) => set.has(path));
  const isGoing = action === "delete" || action === "forget";
  const isNamed = (path: string) => isGoing || set.has(path) || (isSetRight && path.startsWith("output "));
  const named = drift.changes.filter(({ path }) => isNamed(path)).map(({ path }) => path);
  return [
    ...(named.length === 0 ? [] : [line(INDENT, mark, named.join(", "))]),
    ...drift.changes.filter(({ path }) => !isNamed(path)).map(({ path, before, after }) => {
      const [old, now] = changedSpans(before, after, extent);
      return line(INDENT, mark, `${path} : `, ...old, " -> ", ...now);
    }),
  ];
}
