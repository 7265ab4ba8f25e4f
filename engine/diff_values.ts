import { alignLists } from "./align_lists.ts";
import {
  type Comparison,
  elementComparison,
  isBlank,
  partComparison,
  sameLeaf,
  sameValues,
  without,
} from "./same_values.ts";
import { compareText } from "./text_order.ts";
import { isList, isRecord, type Value, type ValueRecord } from "./value.ts";

/** One difference between two values, at the path where they part. */
export interface ValueChange {
  readonly path: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
  /** The part that differs cannot change in place. */
  readonly forcesReplacement: boolean;
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

function changed(
  path: string,
  before: Value | undefined,
  after: Value | undefined,
  { immutable }: Comparison,
): ValueChange {
  return { path, before, after, forcesReplacement: immutable };
}

function diffLists(
  path: string,
  before: readonly Value[],
  after: readonly Value[],
  comparison: Comparison,
): readonly ValueChange[] {
  const elements = elementComparison(comparison);
  const places = alignLists(before, after, (old, now) => sameValues(old, now, elements));
  return places.flatMap((place) => {
    const element = `${path}[${place.after ?? place.before}]`;
    if (place.before !== undefined && place.after !== undefined) {
      return diffValues(element, before[place.before], after[place.after], elements);
    }
    return [changed(element, elementAt(before, place.before), elementAt(after, place.after), comparison)];
  });
}

function elementAt(list: readonly Value[], index: number | undefined): Value | undefined {
  return index === undefined ? undefined : list[index];
}

/** What is in one and not in the other, each under the path of the whole. */
function diffSets(
  path: string,
  before: readonly Value[],
  after: readonly Value[],
  comparison: Comparison,
): readonly ValueChange[] {
  const elements = elementComparison(comparison);
  const isSame = (old: Value, now: Value) => sameValues(old, now, elements);
  const gone = without(before, after, isSame);
  const come = without(after, before, (now, old) => isSame(old, now));
  return [
    ...gone.map((each) => changed(`${path}[]`, each, undefined, comparison)),
    ...come.map((each) => changed(`${path}[]`, undefined, each, comparison)),
  ];
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
