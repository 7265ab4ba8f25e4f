import { mapValue, Secret, type Value } from "./value.ts";

/** Makes the same structure with each open secret in it replaced by its clear value, at any depth. */
export function clearValue(value: Value): Value {
  return mapValue(value, (leaf) => leaf instanceof Secret ? clearValue(Secret.open(leaf)) : leaf);
}
