/** One thing that a run does to one resource. */
export interface Step {
  /** `operation address`, for a deposed object `deleteDeposed address id` or `forgetDeposed address id`: unique in its plan. */
  readonly id: string;
  readonly address: string;
  readonly operation: Operation;
  /** The deposed object, for `deleteDeposed` and `forgetDeposed`; it may be known only once the replacement has succeeded. */
  readonly objectId: string | undefined;
  /** Steps that must have settled well before this one starts. */
  readonly after: readonly string[];
  /** Whether it is a deletion that does not wait until all that relies on its object has let go; the plan says why. */
  readonly isUnderDependents: boolean;
  /** For display, for ties, and for destroy, where a tier with a failure stops every later one. */
  readonly tier: number;
}

/**
 * What a step does. `observe` and `accept` only record: what a read found, and that it counts as sent. `replace` is the creation of the object that takes the place of the live one; `move` and `import` bring
 * an object to the address before anything else is done to it.
 */
export type Operation =
  | "create"
  | "replace"
  | "update"
  | "rebind"
  | "observe"
  | "accept"
  | "delete"
  | "deleteDeposed"
  | "forget"
  | "forgetDeposed"
  | "move"
  | "import";
