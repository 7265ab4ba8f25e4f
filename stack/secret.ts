import { Secret, type Value } from "../engine/value.ts";

declare const clear: unique symbol;

/** A secret of which the compiler knows the kind of value that it hides. */
export interface Sensitive<out T> extends Secret {
  /** For the compiler only. */
  readonly [clear]: T;
}

/** Marks a value as one that is never shown and only stored sealed. It may stand wherever the value itself may. */
export function secret<T extends Value>(value: T): Sensitive<T>;
export function secret(value: Value): Secret {
  return new Secret(value);
}
