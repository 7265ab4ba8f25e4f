import { type Problem, problem } from "../engine/problem.ts";
import type { DesiredConfig } from "../engine/resource_config.ts";

/**
 * What the language has and this version does not carry out. Each is refused by name: to pass over it would plan something
 * else than the file says.
 */
export function unavailableStatements(desired: DesiredConfig): readonly Problem[] {
  const refuse = (what: string, origin: Problem["origin"], hint: string) =>
    problem("E-UNAVAILABLE", `Remove ${what}: it is not available in this version of smelt`, origin, hint);
  return [
    ...desired.resources.filter((each) => each.annotations.replaceTriggeredBy.length > 0).map((each) =>
      refuse("@replace_triggered_by", each.origin, "bind the value into an immutable field instead")
    ),
  ];
}
