import { invariant } from "./invariant.ts";

/**
 * The values that configuration, state and providers speak in.
 *
 * JSON, and three kinds beside it: integers that a double cannot hold, secrets, and what is known only after an apply.
 * Whole numbers within ±(2^53-1) are `number`, others `bigint`; 1 and 1.0 are one value.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Value[]
  | ValueRecord
  | Secret
  | SealedSecret
  | Unknown;

/** An object value. Made by `record()`, so that names such as `__proto__` are ordinary keys. */
export interface ValueRecord {
  readonly [key: string]: Value;
}

const SENSITIVE = "(sensitive)";

/**
 * A value in clear that must never be shown or stored. Its text, JSON and inspect forms are all `(sensitive)`; only the
 * vault and the call to a provider open it, by `Secret.open`.
 */
export class Secret {
  readonly #clear: Value;

  constructor(clear: Value) {
    this.#clear = clear instanceof Secret ? Secret.open(clear) : clear;
  }

  /** The value in clear. */
  static open(secret: Secret): Value {
    return secret.#clear;
  }

  toString(): string {
    return SENSITIVE;
  }

  toJSON(): string {
    return SENSITIVE;
  }

  [Symbol.for("Deno.customInspect")](): string {
    return SENSITIVE;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return SENSITIVE;
  }
}

/** A secret as the log holds it: where its ciphertext lies, and a keyed digest that tells whether it changed. */
export class SealedSecret {
  /** `<id>/<key id>`: 128 random bits, and the data key that the ciphertext is under. */
  readonly blob: string;
  /** HMAC-SHA-256 over id and value under the environment's digest key, in hex. */
  readonly digest: string;

  constructor(blob: string, digest: string) {
    this.blob = blob;
    this.digest = digest;
  }
}

/** A value that is known only after `address` has been applied. Stands in plans, never in state. */
export class Unknown {
  readonly address: string;
  /** What of `address` gives it; `undefined` while the files are read, when no resource does. */
  readonly awaited: AwaitedOutput | undefined;

  constructor(address: string, awaited?: AwaitedOutput) {
    this.address = address;
    this.awaited = awaited;
  }
}

/** What a resource gives once it has been applied. */
export interface AwaitedOutput {
  /** `id`, an output, or a field. */
  readonly output: string;
  /** Whether it will be a secret, as far as a plan can tell. */
  readonly isSensitive: boolean;
}

/** Makes an object value of `entries`; the last of equal keys wins. */
export function record(entries: Iterable<readonly [string, Value]> = []): ValueRecord {
  const made: Record<string, Value> = new Bare();
  for (const [key, value] of entries) made[key] = value;
  return made;
}

/**
 * Makes objects that inherit no name. The runtime keeps what `Object.create(null)` makes as a table of hashes, several times as
 * large as the fields in it and slower to read; what a constructor makes it keeps like any other object.
 */
const Bare = function () {} as unknown as { new (): Record<string, Value>; prototype: object };
Bare.prototype = Object.freeze(Object.create(null));

/** Whether an object is one that `record()` has made. */
export function isMadeRecord(given: object): given is ValueRecord {
  return given instanceof Bare;
}

/** Makes an object value with the keys of `source`, of what `make` makes of each of its parts. */
export function recordOf<Part>(
  source: { readonly [key: string]: Part },
  make: (part: Part) => Value,
): ValueRecord {
  const made = new Bare();
  for (const key of Object.keys(source)) made[key] = make(source[key] as Part);
  return made;
}

/**
 * The same object value with each part replaced by what `change` makes of it; the very same one where nothing changes. What
 * comes from outside and was not made by `record()` is copied in any case, so that names in it are ordinary keys.
 */
export function mapRecord(
  values: ValueRecord,
  change: (value: Value, key: string) => Value,
): ValueRecord {
  let changed = isMadeRecord(values) ? undefined : record(Object.entries(values));
  for (const key of Object.keys(values)) {
    const value = values[key] ?? null;
    const made = change(value, key);
    if (made === value) continue;
    changed ??= record(Object.entries(values));
    (changed as Record<string, Value>)[key] = made;
  }
  return changed ?? values;
}

/** Tells an object value from lists, secrets and the rest. */
export function isRecord(value: Value | undefined): value is ValueRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSpecial(value);
}

/** Takes a value that must be an object by the way it was made. */
export function requireRecord(value: Value): ValueRecord {
  invariant(isRecord(value), "An object value stays one");
  return value;
}

/** Tells a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Tells values that are neither JSON nor an integer: secrets, open or sealed, and unknowns. */
export function isSpecial(value: Value | undefined): value is Secret | SealedSecret | Unknown {
  return value instanceof Secret || value instanceof SealedSecret || value instanceof Unknown;
}

/** Makes a whole number of its decimal digits, as `number` where a double holds it exactly, else as `bigint`. */
export function integer(digits: bigint): number | bigint {
  const small = Number(digits);
  return Number.isSafeInteger(small) ? small : digits;
}

/** Whether any part of `value` answers `test`. Looks at the parts before the whole. */
export function someValue(value: Value, test: (part: Value) => boolean): boolean {
  if (isList(value)) return value.some((part) => someValue(part, test));
  if (isRecord(value)) return Object.values(value).some((part) => someValue(part, test));
  return test(value);
}

/** Makes the same structure with each leaf replaced by `change(leaf)`. */
export function mapValue(value: Value, change: (leaf: Value) => Value): Value {
  if (isList(value)) return value.map((part) => mapValue(part, change));
  if (isRecord(value)) return mapRecord(value, (part) => mapValue(part, change));
  return change(value);
}

/**
 * Structural equality. Sealed secrets are equal when their digests are, whatever key they are under; an open secret equals only an open secret of an
 * equal value; an unknown equals nothing, not even itself.
 */
export function equalValues(left: Value, right: Value): boolean {
  if (left instanceof Secret) {
    return right instanceof Secret && equalValues(Secret.open(left), Secret.open(right));
  }
  if (left instanceof SealedSecret) {
    return right instanceof SealedSecret && left.digest === right.digest;
  }
  if (isList(left)) {
    return isList(right) && left.length === right.length &&
      left.every((part, index) => equalValues(part, right[index] ?? null));
  }
  if (isRecord(left)) return isRecord(right) && equalRecords(left, right);
  return !(left instanceof Unknown) && left === right;
}

function equalRecords(left: ValueRecord, right: ValueRecord): boolean {
  let surplus = 0;
  for (const key in left) {
    const a = left[key];
    const b = right[key];
    if (a === undefined || b === undefined || !equalValues(a, b)) return false;
    surplus++;
  }
  for (const _ in right) surplus--;
  return surplus === 0;
}
