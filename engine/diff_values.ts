import type { FieldType } from "./schema.ts";
import { compareText } from "./text_order.ts";
import {
  equalValues,
  isList,
  isRecord,
  SealedSecret,
  Secret,
  Unknown,
  type Value,
  type ValueRecord,
} from "./value.ts";

/** One difference between two values, at the path where they part. */
export interface ValueChange {
  readonly path: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** How two values of one field are compared. */
export interface Comparison {
  readonly type: FieldType;
  /** Order and repetition of a list's elements mean nothing. */
  readonly setLike: boolean;
}

/**
 * Differences from `before` to `after`, element by element. A value that is known only after the apply differs from
 * everything. An absent value, `null` and an empty list or object are one.
 */
export function diffValues(
  path: string,
  before: Value | undefined,
  after: Value | undefined,
  comparison: Comparison,
): readonly ValueChange[] {
  if (isBlank(before) && isBlank(after)) return [];
  if (before === undefined || after === undefined) return [{ path, before, after }];
  if (isOpaque(before) || isOpaque(after)) {
    return equalValues(before, after) ? [] : [{ path, before, after }];
  }
  if (isList(before) && isList(after)) {
    return comparison.setLike
      ? diffSets(path, before, after)
      : diffLists(path, before, after, comparison.type);
  }
  if (isRecord(before) && isRecord(after)) return diffRecords(path, before, after, comparison.type);
  return sameScalar(before, after) ? [] : [{ path, before, after }];
}

function isBlank(value: Value | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (isList(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}

function isOpaque(value: Value): boolean {
  return value instanceof Secret || value instanceof SealedSecret || value instanceof Unknown;
}

/** Whole numbers are equal whatever holds them. */
function sameScalar(before: Value, after: Value): boolean {
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
  type: FieldType,
): ValueChange[] {
  const comparison = { type: type.kind === "list" ? type.element : type, setLike: false };
  const changes: ValueChange[] = [];
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    changes.push(...diffValues(`${path}[${index}]`, before[index], after[index], comparison));
  }
  return changes;
}

/** What is in one and not in the other, each under the path of the whole. */
function diffSets(path: string, before: readonly Value[], after: readonly Value[]): ValueChange[] {
  const gone = before.filter((element) => !after.some((other) => equalValues(element, other)));
  const come = after.filter((element) => !before.some((other) => equalValues(element, other)));
  return [
    ...gone.map((element) => ({ path: `${path}[]`, before: element, after: undefined })),
    ...come.map((element) => ({ path: `${path}[]`, before: undefined, after: element })),
  ];
}

function diffRecords(path: string, before: ValueRecord, after: ValueRecord, type: FieldType): ValueChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText);
  return keys.flatMap((key) => {
    const inner = type.kind === "record" ? type.fields.find((field) => field.name === key) : undefined;
    if (inner?.computed && after[key] === undefined) return [];
    const comparison = inner ?? { type: type.kind === "map" ? type.element : type, setLike: false };
    return diffValues(`${path}.${key}`, before[key], after[key], comparison);
  });
}
