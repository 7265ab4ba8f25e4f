import type { PlannedResource } from "../../engine/plan.ts";
import { type Line, line, span } from "../text.ts";
import type { Extent } from "./cut_text.ts";
import { valueSpans } from "./value_text.ts";

/**
 * What an update of an object that is taken over sends beside its changes. Nothing in the log says what was sent to it before, so
 * that the changes alone do not tell what it will be sent.
 */
export function sentLines(
  { action, arrival, bound, changes }: PlannedResource,
  extent: Extent,
): readonly Line[] {
  if (action !== "update" || arrival?.kind !== "imported" || bound === undefined) return [];
  const shown = new Set(changes.map((each) => each.path));
  return Object.entries(bound).filter(([name]) => !shown.has(name)).map(([name, value]) =>
    line("        ", span("sent too: ", "dim"), `${name} = `, ...valueSpans(value, extent))
  );
}
