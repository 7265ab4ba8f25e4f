import type { EnvironmentView } from "./environment.ts";
import { objectOutput, outputNames } from "./object_output.ts";
import { storedFacts } from "./plan_lookup.ts";
import { err, ok } from "./result.ts";
import { storedTriggers } from "./trigger_value.ts";
import { type SourceLookup, storedBindings, storedDependencies, type Wanted } from "./wanted.ts";
import type { Binding, Dependency, Description, Triggers } from "./resource_event.ts";

/** What an intent, or a `Rebound`, says of the resources that a resource relies on. */
export interface Relations {
  readonly dependencies: readonly Dependency[];
  readonly bindings: readonly Binding[];
  readonly triggers?: Triggers;
  readonly description: Description;
}

/** What sources give when a step starts: what the log says of them now. */
export function durableLookup(state: EnvironmentView): SourceLookup {
  return (source) => {
    const object = state.resources.get(source.address)?.object;
    if (object === undefined) return err({ kind: "MissingOutput", source, available: [] });
    const facts = storedFacts(object);
    const value = objectOutput(facts, source.output);
    return value === undefined
      ? err({ kind: "MissingOutput", source, available: outputNames(facts) })
      : ok(value);
  };
}

/** The relations of `wanted` as events hold them, with the incarnations that live now. */
export function relationsOf(wanted: Wanted, state: EnvironmentView): Relations {
  return {
    dependencies: storedDependencies(
      wanted,
      (address) => state.resources.get(address)?.object?.incarnation ?? 0,
    ),
    bindings: storedBindings(wanted),
    ...(wanted.triggers.length === 0
      ? {}
      : { triggers: storedTriggers(wanted.triggers, durableLookup(state)) }),
    description: wanted.description,
  };
}
