import type { FieldType } from "./schema.ts";
import { equalValues, isList, isRecord, type Value, type ValueRecord } from "./value.ts";

/** How two values of one field are compared. */
export interface Comparison {
  readonly type: FieldType;
  /** Order and repetition of a list's elements mean nothing. */
  readonly setLike: boolean;
  /** A change needs a new object; holds for all parts of the value. */
  readonly immutable: boolean;
}

/**
 * Whether `diffValues` would find nothing from `before` to `after`: an absent value, `null` and an empty list or object are
 * one, an unknown is like nothing, and a computed part that nobody wants is passed over.
 */
export function sameValues(
  before: Value | undefined,
  after: Value | undefined,
  comparison: Comparison,
): boolean {
  if (isBlank(before) && isBlank(after)) return true;
  if (before === undefined || after === undefined) return false;
  if (isList(before) && isList(after)) {
    const elements = elementComparison(comparison);
    const isSame = (old: Value, now: Value) => sameValues(old, now, elements);
    if (comparison.setLike) {
      return without(before, after, isSame).length === 0 &&
        without(after, before, (now, old) => isSame(old, now)).length === 0;
    }
    return before.length === after.length &&
      before.every((old, index) => isSame(old, after[index] ?? null));
  }
  if (isRecord(before) && isRecord(after)) return sameRecords(before, after, comparison);
  return sameLeaf(before, after);
}

/** Whether a value counts as absent. */
export function isBlank(value: Value | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (isList(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}

/** Whole numbers are equal whatever holds them. */
export function sameLeaf(before: Value, after: Value): boolean {
  const left = wholeNumber(before);
  return left === undefined ? equalValues(before, after) : left === wholeNumber(after);
}

/** Elements of `left` that none of `right` equals. Plain ones, of which sets may hold many, are looked up. */
export function without(
  left: readonly Value[],
  right: readonly Value[],
  isSame: (own: Value, other: Value) => boolean,
): readonly Value[] {
  const known = new Set(right);
  const others = right.filter((each) => !isPlain(each));
  return left.filter((each) =>
    isPlain(each) ? !known.has(each) : !others.some((other) => isSame(each, other))
  );
}

/** How the elements of a list are compared. */
export function elementComparison({ type, immutable }: Comparison): Comparison {
  return { type: type.kind === "list" ? type.element : type, setLike: false, immutable };
}

/** How a part of a map or record is compared, and whether the provider may set it. */
export function partComparison(
  { type, immutable }: Comparison,
  key: string,
): Comparison & { readonly computed: boolean } {
  const inner = type.kind === "record" ? type.fields.find((field) => field.name === key) : undefined;
  if (inner !== undefined) {
    return {
      type: inner.type,
      setLike: inner.setLike,
      immutable: immutable || inner.immutable,
      computed: inner.computed,
    };
  }
  return { type: type.kind === "map" ? type.element : type, setLike: false, immutable, computed: false };
}

function sameRecords(before: ValueRecord, after: ValueRecord, comparison: Comparison): boolean {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].every((key) => {
    const part = partComparison(comparison, key);
    return (part.computed && (after[key] ?? null) === null) || sameValues(before[key], after[key], part);
  });
}

function wholeNumber(value: Value): bigint | undefined {
  if (typeof value === "bigint") return value;
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : undefined;
}

function isPlain(value: Value): boolean {
  return typeof value !== "object" || value === null;
}
