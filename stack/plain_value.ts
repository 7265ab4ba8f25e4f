import { CIPHERTEXT_PREFIX } from "../engine/ciphertext.ts";
import type { ProblemCode } from "../engine/problem.ts";
import { integer, isMadeRecord, record, Secret, type Value } from "../engine/value.ts";
import { Output, outputInText, outputText } from "./output.ts";

/** What cannot be a value of a field, and where in the field it stands. */
export interface Fault {
  readonly code: ProblemCode;
  /** The part of the field: `""` for all of it, else for example `[2].name`. */
  readonly part: string;
  /** Goes on after `Cannot set "field": `. */
  readonly why: string;
  readonly hint?: string;
}

/** A value as configuration has it, and what of it had to be left out. */
export interface PlainValue {
  readonly value: Value;
  readonly faults: readonly Fault[];
}

/** As deep as the language lets values be nested. */
const DEPTH_LIMIT = 256;

/**
 * Makes of what a program gives the value that files would have given: entries that are `undefined` are not there, whole
 * numbers are exact. Anything but JSON, whole numbers and secrets is a fault, an output below a field too.
 */
export function plainValue(given: unknown): PlainValue {
  const faults: Fault[] = [];
  const value = read(given, { part: "", depth: 0, faults });
  return { value, faults };
}

/** A place inside a value. */
interface Place {
  readonly part: string;
  readonly depth: number;
  /** Of the whole value; grows while it is read. */
  readonly faults: Fault[];
}

function read(given: unknown, place: Place): Value {
  if (place.depth > DEPTH_LIMIT) return refuse(place, "E-TOO-DEEP", `it nests deeper than ${DEPTH_LIMIT}`);
  switch (typeof given) {
    case "string":
      return readText(given, place);
    case "number":
      return readNumber(given, place);
    case "bigint":
      return integer(given);
    case "boolean":
      return given;
    case "object":
      return given === null ? null : readObject(given, place);
    default:
      return refuse(
        place,
        "E-FIELD-TYPE",
        `expected a value, found ${given === undefined ? "" : "a "}${typeof given}`,
      );
  }
}

function readText(text: string, place: Place): Value {
  if (text.startsWith(CIPHERTEXT_PREFIX)) {
    const hint = "Give secret() the text itself: a program can read it from where it is kept";
    return refuse(place, "E-SECRET", "a ciphertext of files is not decrypted for a program", hint);
  }
  const output = outputInText(text);
  if (output !== undefined) {
    return refuse(
      place,
      "E-BINDING",
      `"${output}" was put into a text, and its value is known only after an apply`,
      "Give the output itself for the whole field",
    );
  }
  return text.isWellFormed()
    ? text
    : refuse(place, "E-STRING", "expected a text of whole Unicode characters");
}

function readNumber(given: number, place: Place): Value {
  if (!Number.isFinite(given)) return refuse(place, "E-FIELD-TYPE", `expected a number, found ${given}`);
  return Number.isInteger(given) ? integer(BigInt(given)) : given;
}

function readObject(given: object, place: Place): Value {
  if (given instanceof Output) {
    return refuse(
      place,
      "E-BINDING",
      `"${outputText(given)}" cannot stand there`,
      "An output stands for a whole field, for an element of a list of outputs, or for an entry of a map of the body",
    );
  }
  if (given instanceof Secret) return new Secret(read(Secret.open(given), deeper(place, "")));
  if (Array.isArray(given)) return given.map((each, at) => read(each, deeper(place, `[${at}]`)));
  if (!isPlainObject(given)) {
    return refuse(place, "E-FIELD-TYPE", `expected a value, found a ${given.constructor?.name ?? "object"}`);
  }
  return record(
    definedEntries(given).map(([key, part]) => [key, read(part, deeper(place, `.${key}`))] as const),
  );
}

/** Tells objects that hold nothing but entries. */
export function isPlainObject(given: unknown): given is Readonly<Record<string, unknown>> {
  if (typeof given !== "object" || given === null) return false;
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === null || prototype === Object.prototype || isMadeRecord(given);
}

/** The entries of an object that are not `undefined`. */
export function definedEntries(
  given: Readonly<Record<string, unknown>>,
): readonly (readonly [string, unknown])[] {
  return Object.entries(given).filter(([, value]) => value !== undefined);
}

function deeper(place: Place, part: string): Place {
  return { part: place.part + part, depth: place.depth + 1, faults: place.faults };
}

function refuse({ part, faults }: Place, code: ProblemCode, why: string, hint?: string): null {
  faults.push(hint === undefined ? { code, part, why } : { code, part, why, hint });
  return null;
}
