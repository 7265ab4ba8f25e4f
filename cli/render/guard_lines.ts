import type { PlannedResource } from "../../engine/plan.ts";
import { type Line, line } from "../text.ts";

/**
 * What guards an object that is made or taken over, and whose it is. Of one that lives a plan tells what of that changes, among its
 * reasons.
 */
export function guardLines({ action, arrival, wanted }: PlannedResource): readonly Line[] {
  const isNew = action === "create" || action === "replace" || arrival?.kind === "imported";
  if (!isNew || wanted === undefined) return [];
  const { retained, owner } = wanted.description;
  const words = [
    ...(wanted.isProtected ? ["protected"] : []),
    ...(retained === true ? ["retained"] : []),
    ...(owner === undefined ? [] : [`owned by ${JSON.stringify(owner)}`]),
  ];
  return words.length === 0 ? [] : [line(`        ${words.join(", ")}`)];
}
