import { clearValue } from "./clear_value.ts";
import type { FieldSchema, FieldType, SectionSchema } from "./schema.ts";
import {
  equalValues,
  isList,
  isRecord,
  isSpecial,
  mapRecord,
  mapValue,
  SealedSecret,
  Secret,
  someValue,
  type Value,
  type ValueRecord,
} from "./value.ts";

/**
 * Makes a secret of every value that `fields` call sensitive, in nested records, lists and maps too. What is a secret
 * already stays; what is not there (`null`, an empty list or object) and what is not known yet stays as it is. What has another
 * shape than its schema says, and would hold something sensitive, becomes a secret whole.
 */
export function markSensitive(values: ValueRecord, fields: readonly FieldSchema[]): ValueRecord {
  const schemas = new Map(fields.map((field) => [field.name, field]));
  return mapRecord(values, (value, name) => {
    const schema = schemas.get(name);
    if (schema === undefined) return value;
    return schema.sensitive ? asSecret(value) : markType(value, schema.type);
  });
}

/** The same for a resource's fields: those of the section `""` in the record itself, every other section under its name. */
export function markSensitiveFields(values: ValueRecord, sections: readonly SectionSchema[]): ValueRecord {
  const body = sections.find((section) => section.name === "");
  const marked = markSensitive(values, body?.fields ?? []);
  const named = new Map(sections.filter((section) => section.name !== "").map((each) => [each.name, each]));
  if (named.size === 0) return marked;
  return mapRecord(marked, (value, name) => {
    const section = named.get(name);
    if (section === undefined) return value;
    return isRecord(value) ? markSensitive(value, section.fields) : markMisshapen(value, section.fields);
  });
}

/**
 * Makes a secret of whatever in `value` stands where `model` holds one, sealed or open. A provider gives back in clear what
 * it was sent as a secret, also where no schema says so. Elements of a list that holds a secret anywhere may stand in
 * another order: unless all that is in clear in them is in its place, each of them becomes one.
 */
export function markLike(value: Value, model: Value | undefined): Value {
  if (model === undefined || !someValue(model, isSecret)) return value;
  if (isRecord(value) && isRecord(model)) return mapRecord(value, (part, key) => markLike(part, model[key]));
  if (isList(value) && isList(model)) {
    return fits(value, model) ? hideLike(value, model) : value.map(asSecret);
  }
  return asSecret(value);
}

/** Whether `value` holds, wherever `model` holds no secret, the very same: what is in clear there has been so all along. */
function fits(value: Value, model: Value): boolean {
  if (isSecret(model)) return true;
  if (isList(value) && isList(model)) {
    return value.length === model.length && value.every((part, index) => fits(part, model[index] ?? null));
  }
  if (isRecord(value) && isRecord(model)) {
    return Object.entries(model).every(([key, part]) => fits(value[key] ?? null, part));
  }
  return equalValues(value, model);
}

/** Hides in `value`, which fits `model`, what is a secret there, and what is not there at all. */
function hideLike(value: Value, model: Value | undefined): Value {
  if (model === undefined || isSecret(model)) return asSecret(value);
  if (isList(value) && isList(model)) return value.map((part, index) => hideLike(part, model[index]));
  if (isRecord(value) && isRecord(model)) return mapRecord(value, (part, key) => hideLike(part, model[key]));
  return value;
}

/** Makes a secret of `value`, unless there is nothing to hide. What is partly unknown or sealed becomes one leaf by leaf. */
function asSecret(value: Value): Value {
  if (isBlank(value) || isSpecial(value)) return value;
  const isWhole = !someValue(value, (part) => isSpecial(part) && !(part instanceof Secret));
  return isWhole ? new Secret(clearValue(value)) : mapValue(value, asSecret);
}

function markType(value: Value, type: FieldType): Value {
  switch (type.kind) {
    case "list":
      if (!isList(value)) return markMisshapen(value, fieldsIn(type));
      return value.map((part) => markType(part, type.element));
    case "map":
      if (!isRecord(value)) return markMisshapen(value, fieldsIn(type));
      return mapRecord(value, (part) => markType(part, type.element));
    case "record":
      return isRecord(value) ? markSensitive(value, type.fields) : markMisshapen(value, type.fields);
    default:
      return value;
  }
}

/** What a provider tells in another shape than its schema says is hidden whole where something in it would be. */
function markMisshapen(value: Value, fields: readonly FieldSchema[]): Value {
  return fields.some(holdsSensitive) ? asSecret(value) : value;
}

function holdsSensitive({ sensitive, type }: FieldSchema): boolean {
  return sensitive || fieldsIn(type).some(holdsSensitive);
}

/** The fields of the records that a type is made of. */
function fieldsIn(type: FieldType): readonly FieldSchema[] {
  if (type.kind === "record") return type.fields;
  return type.kind === "list" || type.kind === "map" ? fieldsIn(type.element) : [];
}

function isSecret(value: Value): boolean {
  return value instanceof Secret || value instanceof SealedSecret;
}

function isBlank(value: Value): boolean {
  if (isList(value)) return value.length === 0;
  return value === null || (isRecord(value) && Object.keys(value).length === 0);
}
