import type { JsonObject } from "./json.ts";
import type { ResourceState } from "./resource_state.ts";

/** All encoded values that an address holds now: of what lives, of what was replaced and still has to go, of what was sent. */
export function heldValues({ object, deposed, intent }: ResourceState): readonly JsonObject[] {
  const objects = [object, ...deposed.map((each) => each.object)].filter((each) => each !== undefined);
  const sent = intent === undefined || intent.started.type === "DeleteStarted" ? [] : [intent.started.inputs];
  return [...sent, ...objects.flatMap(({ inputs, fields, outputs }) => [inputs, fields, outputs])];
}
