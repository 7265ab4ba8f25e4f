import { isJsonObject, type Json, type JsonObject } from "./json.ts";

/** Which JSON a field of an event may hold. */
export type Shape =
  | { readonly kind: "text" }
  /** From 0 to 2^53-1. */
  | { readonly kind: "wholeNumber" }
  | { readonly kind: "boolean" }
  | { readonly kind: "true" }
  | { readonly kind: "word"; readonly words: readonly string[] }
  /** An object of texts under free keys. */
  | { readonly kind: "texts" }
  /** An object as `encodeRecord` writes it. */
  | { readonly kind: "encoded" }
  | { readonly kind: "list"; readonly element: Shape }
  | { readonly kind: "nullable"; readonly inner: Shape }
  | { readonly kind: "fields"; readonly fields: Fields };

/** The fields of an object, by name. */
export interface Fields {
  readonly [name: string]: Field;
}

/** A field that must stand there. */
export interface RequiredField {
  readonly shape: Shape;
  readonly required: true;
}

/** A field that may be left out. */
export interface OptionalField {
  readonly shape: Shape;
  readonly required: false;
}

export type Field = RequiredField | OptionalField;

/** What is wrong with stored JSON. `version`: it is of a kind that this program does not know, so a newer one wrote it. */
export interface ShapeFault {
  readonly kind: "version" | "malformed";
  /** What was found and what was wanted, after the name of what was looked at: ` is 1, not text`, `.id is 1, not text`. */
  readonly message: string;
}

const DIGITS_REGEXP = /^-?[1-9][0-9]{15,}$/;

/** Looks for the first fault of `json` against `shape`. `undefined`: there is none. The way to it is told only then, since events are many. */
export function shapeFault(json: Json | undefined, shape: Shape): ShapeFault | undefined {
  switch (shape.kind) {
    case "text":
      return typeof json === "string" ? undefined : wanted("text", json);
    case "wholeNumber":
      return Number.isSafeInteger(json) && Number(json) >= 0 ? undefined : wanted("a whole number", json);
    case "boolean":
      return typeof json === "boolean" ? undefined : wanted("true or false", json);
    case "true":
      return json === true ? undefined : wanted("true", json);
    case "word":
      return wordFault(json, shape.words);
    case "texts":
      return textsFault(json);
    case "encoded":
      return isJsonObject(json) ? encodedFault(json) : wanted("an object", json);
    case "list":
      return listFault(json, shape.element);
    case "nullable":
      return json === null ? undefined : shapeFault(json, shape.inner);
    case "fields":
      return isJsonObject(json) ? fieldsFault(json, shape.fields) : wanted("an object", json);
  }
}

/** Faults of an object with these fields and no others. What lacks is told before what is unknown. */
export function fieldsFault(json: JsonObject, fields: Fields): ShapeFault | undefined {
  for (const name in fields) {
    const field = fields[name];
    if (field === undefined) continue;
    if (Object.hasOwn(json, name)) {
      const fault = shapeFault(json[name], field.shape);
      if (fault !== undefined) return within(`.${name}`, fault);
    } else if (field.required) {
      return { kind: "malformed", message: ` has no "${name}"` };
    }
  }
  for (const name in json) {
    if (!Object.hasOwn(fields, name)) {
      return { kind: "version", message: ` has an unknown key "${name}"` };
    }
  }
  return undefined;
}

function wordFault(json: Json | undefined, words: readonly string[]): ShapeFault | undefined {
  if (typeof json !== "string") return wanted("a word", json);
  return words.includes(json) ? undefined : { kind: "version", message: ` has an unknown word "${json}"` };
}

function textsFault(json: Json | undefined): ShapeFault | undefined {
  if (!isJsonObject(json)) return wanted("an object", json);
  for (const name in json) {
    if (typeof json[name] !== "string") return within(`.${name}`, wanted("text", json[name]));
  }
  return undefined;
}

function listFault(json: Json | undefined, element: Shape): ShapeFault | undefined {
  if (!isList(json)) return wanted("a list", json);
  for (const [index, each] of json.entries()) {
    const fault = shapeFault(each, element);
    if (fault !== undefined) return within(`[${index}]`, fault);
  }
  return undefined;
}

/** Faults of an encoded value: an unknown tag, or a known one around the wrong thing. */
function encodedFault(json: Json): ShapeFault | undefined {
  if (isList(json)) return firstFault(json);
  if (!isJsonObject(json)) return undefined;
  const keys = Object.keys(json);
  const [tag] = keys;
  if (keys.length === 1 && tag !== undefined && tag.startsWith("$")) {
    return tagFault(tag, json[tag] ?? null);
  }
  return firstFault(Object.values(json));
}

function tagFault(tag: string, body: Json): ShapeFault | undefined {
  switch (tag) {
    case "$int":
      return typeof body === "string" && DIGITS_REGEXP.test(body) ? undefined : wanted("digits", body);
    case "$unknown":
      return shapeFault(body, { kind: "text" });
    case "$object":
      return isJsonObject(body) ? firstFault(Object.values(body)) : wanted("an object", body);
    case "$secret":
      return shapeFault(body, SECRET);
    default:
      return { kind: "version", message: ` has an unknown tag "${tag}"` };
  }
}

function firstFault(parts: readonly Json[]): ShapeFault | undefined {
  for (const part of parts) {
    const fault = typeof part === "object" ? encodedFault(part) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const SECRET: Shape = {
  kind: "fields",
  fields: {
    blob: { shape: { kind: "text" }, required: true },
    digest: { shape: { kind: "text" }, required: true },
  },
};

/** The same fault, seen from one step further out. */
function within(step: string, { kind, message }: ShapeFault): ShapeFault {
  return { kind, message: `${step}${message}` };
}

function wanted(what: string, json: Json | undefined): ShapeFault {
  return { kind: "malformed", message: ` is ${nameOf(json)}, not ${what}` };
}

function nameOf(json: Json | undefined): string {
  if (json === undefined || json === null) return "null";
  if (isList(json)) return "a list";
  return typeof json === "object" ? "an object" : JSON.stringify(json);
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
