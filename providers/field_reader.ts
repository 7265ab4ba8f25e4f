import { invariant } from "../engine/invariant.ts";
import {
  isList,
  isRecord,
  record,
  SealedSecret,
  Secret,
  someValue,
  Unknown,
  type Value,
  type ValueRecord,
} from "../engine/value.ts";

/**
 * Readers of validated fields, for the moment of a call: they open secrets. A value of another kind than the schema's is a
 * bug, since configuration is validated before any call.
 */

/** The text of a field, or `undefined` when it is not given. */
export function textField(fields: ValueRecord, name: string): string | undefined {
  const value = opened(fields, name);
  invariant(value === undefined || typeof value === "string", `Field "${name}" is a text`);
  return value;
}

/** The text of a field that the schema requires or fills in. */
export function requiredText(fields: ValueRecord, name: string): string {
  const value = textField(fields, name);
  invariant(value !== undefined, `Field "${name}" is given`);
  return value;
}

/** A text as far as a plan knows it: `undefined` before the apply that gives it, and of one that is sealed. */
export function knownText(value: Value | undefined): string | undefined {
  const clear = value instanceof Secret ? Secret.open(value) : value;
  return typeof clear === "string" ? clear : undefined;
}

/** The whole number of a field, or `undefined` when it is not given. */
export function integerField(fields: ValueRecord, name: string): number | undefined {
  const value = opened(fields, name);
  invariant(value === undefined || typeof value === "number", `Field "${name}" is a number`);
  return value;
}

/** Whether a field is true; one that is not given is not. */
export function flagField(fields: ValueRecord, name: string): boolean {
  const value = opened(fields, name);
  invariant(value === undefined || typeof value === "boolean", `Field "${name}" is true or false`);
  return value ?? false;
}

/** The texts of a list; none when it is not given. */
export function textList(fields: ValueRecord, name: string): readonly string[] {
  return listField(fields, name).map((part) => {
    invariant(typeof part === "string", `Field "${name}" is a list of texts`);
    return part;
  });
}

/** The whole numbers of a list; none when it is not given. */
export function integerList(fields: ValueRecord, name: string): readonly number[] {
  return listField(fields, name).map((part) => {
    invariant(typeof part === "number", `Field "${name}" is a list of numbers`);
    return part;
  });
}

/** The texts of a map by key; none when it is not given. */
export function textMap(fields: ValueRecord, name: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(sectionFields(fields, name)).map(([key, part]) => {
      const text = openedValue(part);
      invariant(typeof text === "string", `Field "${name}" is a map of texts`);
      return [key, text];
    }),
  );
}

/** The fields of a section, or of a map; none when it is not given. */
export function sectionFields(fields: ValueRecord, name: string): ValueRecord {
  const value = opened(fields, name) ?? record();
  invariant(isRecord(value), `"${name}" is a record`);
  return value;
}

/** Whether a field has a value; a null counts as none. */
export function isGiven(fields: ValueRecord, name: string): boolean {
  return (fields[name] ?? null) !== null;
}

/** Whether any part of a value is a secret, open or sealed. */
export function holdsSecret(value: Value | undefined): boolean {
  return value !== undefined &&
    someValue(value, (part) => part instanceof Secret || part instanceof SealedSecret);
}

function listField(fields: ValueRecord, name: string): readonly Value[] {
  const value = opened(fields, name) ?? [];
  invariant(isList(value), `Field "${name}" is a list`);
  return value.map(openedValue);
}

function opened(fields: ValueRecord, name: string): Value | undefined {
  const value = fields[name] ?? undefined;
  // Nobody knows what was given up.
  return value === undefined || value instanceof Unknown ? undefined : openedValue(value);
}

function openedValue(value: Value): Value {
  return value instanceof Secret ? Secret.open(value) : value;
}
