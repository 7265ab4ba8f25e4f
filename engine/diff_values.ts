import type { FieldType } from "./schema.ts";
import { compareText } from "./text_order.ts";
import { equalValues, isList, isRecord, type Value, type ValueRecord } from "./value.ts";

/** One difference between two values, at the path where they part. */
export interface ValueChange {
  readonly path: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
  /** The part that differs cannot change in place. */
  readonly forcesReplacement: boolean;
}

/** How two values of one field are compared. */
export interface Comparison {
  readonly type: FieldType;
  /** Order and repetition of a list's elements mean nothing. */
  readonly setLike: boolean;
  /** A change needs a new object; holds for all parts of the value. */
  readonly immutable: boolean;
}

/**
 * Differences from `before` to `after`, element by element. A value that is known only after the apply differs from
 * everything. An absent value, `null` and an empty list or object are one; but an element of a list is there or is not.
 */
export function diffValues(
  path: string,
  before: Value | undefined,
  after: Value | undefined,
  comparison: Comparison,
): readonly ValueChange[] {
  if (isBlank(before) && isBlank(after)) return [];
  if (before === undefined || after === undefined) return [changed(path, before, after, comparison)];
  if (isList(before) && isList(after)) {
    return comparison.setLike
      ? diffSets(path, before, after, comparison)
      : diffLists(path, before, after, comparison);
  }
  if (isRecord(before) && isRecord(after)) return diffRecords(path, before, after, comparison);
  return sameLeaf(before, after) ? [] : [changed(path, before, after, comparison)];
}

/** Whether a value counts as absent. */
export function isBlank(value: Value | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (isList(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}

function changed(
  path: string,
  before: Value | undefined,
  after: Value | undefined,
  { immutable }: Comparison,
): ValueChange {
  return { path, before, after, forcesReplacement: immutable };
}

/** Whole numbers are equal whatever holds them. */
function sameLeaf(before: Value, after: Value): boolean {
  const left = wholeNumber(before);
  return left === undefined ? equalValues(before, after) : left === wholeNumber(after);
}

function wholeNumber(value: Value): bigint | undefined {
  if (typeof value === "bigint") return value;
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : undefined;
}

function diffLists(
  path: string,
  before: readonly Value[],
  after: readonly Value[],
  comparison: Comparison,
): readonly ValueChange[] {
  const elements = elementComparison(comparison);
  const changes: ValueChange[] = [];
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    const place = `${path}[${index}]`;
    const isInBoth = index < before.length && index < after.length;
    if (isInBoth) changes.push(...diffValues(place, before[index], after[index], elements));
    else changes.push(changed(place, before[index], after[index], comparison));
  }
  return changes;
}

/** What is in one and not in the other, each under the path of the whole. */
function diffSets(
  path: string,
  before: readonly Value[],
  after: readonly Value[],
  comparison: Comparison,
): readonly ValueChange[] {
  const elements = elementComparison(comparison);
  const isSame = (old: Value, now: Value) => diffValues("", old, now, elements).length === 0;
  const gone = without(before, after, isSame);
  const come = without(after, before, (now, old) => isSame(old, now));
  return [
    ...gone.map((each) => changed(`${path}[]`, each, undefined, comparison)),
    ...come.map((each) => changed(`${path}[]`, undefined, each, comparison)),
  ];
}

/** Elements of `left` that none of `right` equals. Plain ones, of which sets may hold many, are looked up. */
function without(
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

function isPlain(value: Value): boolean {
  return typeof value !== "object" || value === null;
}

function diffRecords(
  path: string,
  before: ValueRecord,
  after: ValueRecord,
  comparison: Comparison,
): readonly ValueChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText);
  return keys.flatMap((key) => {
    const part = partComparison(comparison, key);
    if (part.computed && isAbsent(after[key])) return [];
    return diffValues(`${path}.${key}`, before[key], after[key], part);
  });
}

function isAbsent(value: Value | undefined): boolean {
  return value === undefined || value === null;
}

function elementComparison({ type, immutable }: Comparison): Comparison {
  return { type: type.kind === "list" ? type.element : type, setLike: false, immutable };
}

function partComparison(
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
