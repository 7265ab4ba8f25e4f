import type { CreateStarted, Dependency, Triggers } from "./resource_event.ts";
import { absentResource, type OpenIntent, type ResourceState } from "./resource_state.ts";

/** The states of two addresses after all that one held has gone over to the other. */
export interface MovedStates {
  readonly source: ResourceState;
  readonly target: ResourceState;
}

/**
 * Moves what `source` holds to the address of `target`, which holds nothing. Objects keep their incarnations, since those who
 * rely on them name these; the counts of both addresses go on.
 */
export function moveResource(source: ResourceState, target: ResourceState): MovedStates {
  const incarnation = Math.max(source.incarnation, target.incarnation);
  return {
    source: {
      ...absentResource(source.address),
      version: source.version + 1,
      incarnation: source.incarnation,
    },
    target: { ...source, address: target.address, version: target.version + 1, incarnation },
  };
}

/** The same state with every dependency on `from` naming `to`; its version stays, since nothing of it has changed. */
export function renameRelied(state: ResourceState, from: string, to: string): ResourceState {
  const rename = (each: Dependency): Dependency => each.address === from ? { ...each, address: to } : each;
  const renameIn = <T extends Relying>(relying: T): T => ({
    ...relying,
    dependencies: relying.dependencies.map(rename),
    ...(relying.triggers === undefined ? {} : { triggers: renameTriggers(relying.triggers, from, to) }),
    bindings: relying.bindings.map((each) => ({
      ...each,
      from: each.from.map((one) => one === from ? to : one),
    })),
  });
  return {
    ...state,
    object: state.object && renameIn(state.object),
    deposed: state.deposed.map((each) => ({ ...each, object: renameIn(each.object) })),
    intent: state.intent && renameIntent(state.intent, renameIn),
  };
}

/** What names those that it relies on. */
type Relying = Pick<CreateStarted, "dependencies" | "bindings" | "triggers">;

function renameTriggers(triggers: Triggers, from: string, to: string): Triggers {
  const start = `${from}.`;
  return Object.fromEntries(
    Object.entries(triggers).map(([key, text]) => [
      key.startsWith(start) ? `${to}.${key.slice(start.length)}` : key,
      text,
    ]),
  );
}

/** What is sent again is sent with the same inputs; only who is relied on goes by another name. */
function renameIntent(intent: OpenIntent, renameIn: <T extends Relying>(relying: T) => T): OpenIntent {
  const { started } = intent;
  return started.type === "DeleteStarted" ? intent : { ...intent, started: renameIn(started) };
}
