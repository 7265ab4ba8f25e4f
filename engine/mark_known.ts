import { clearValue } from "./clear_value.ts";
import {
  isList,
  isRecord,
  isSpecial,
  record,
  Secret,
  someValue,
  type Value,
  type ValueRecord,
} from "./value.ts";

/** Tells the texts in which the clear text of a known secret stands. */
export type CarriesSecret = (text: string) => boolean;

/**
 * Makes a secret of every text in what a provider told in which a known secret stands, of whatever resource, and of every
 * object that has one for a name. A text that stands in clear in `before`, as it was sent or told, is left: it must stay
 * comparable, and the log holds it already.
 */
export function markKnown(
  told: ValueRecord,
  carries: CarriesSecret,
  before: readonly (Value | undefined)[],
): ValueRecord {
  const isNew = (text: string): boolean => carries(text) && !before.some((value) => holdsText(value, text));
  const mark = (value: Value): Value => {
    if (typeof value === "string") return isNew(value) ? new Secret(value) : value;
    if (isList(value)) return value.map(mark);
    if (!isRecord(value)) return value;
    return Object.keys(value).some(isNew) ? hideWhole(value) : markEntries(value, mark);
  };
  return markEntries(told, mark);
}

function markEntries(value: ValueRecord, mark: (part: Value) => Value): ValueRecord {
  return record(Object.entries(value).map(([key, part]) => [key, mark(part)] as const));
}

/** What holds a sealed secret cannot be hidden whole; its names are not worth more than the secret, so it is left out. */
function hideWhole(value: ValueRecord): Value {
  const isSealed = someValue(value, (part) => isSpecial(part) && !(part instanceof Secret));
  return isSealed ? null : new Secret(clearValue(value));
}

function holdsText(value: Value | undefined, text: string): boolean {
  if (value === undefined) return false;
  if (isList(value)) return value.some((part) => holdsText(part, text));
  if (!isRecord(value)) return value === text;
  return Object.entries(value).some(([key, part]) => key === text || holdsText(part, text));
}
