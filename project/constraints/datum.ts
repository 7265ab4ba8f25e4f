/**
 * A value while a constraint is evaluated: whole numbers are `bigint`, all others `number`. A fault may stand wherever a
 * value is wanted, and takes the place of whatever is made of it.
 */
export type Datum = null | boolean | bigint | number | string | readonly Datum[] | DatumRecord | Fault;

/** An object value. */
export interface DatumRecord {
  readonly entries: ReadonlyMap<string, Datum>;
  /** What the schema knows and the record does not hold: a field reads as null, a section as a record without entries. */
  readonly absent: ReadonlyMap<string, Datum>;
}

/**
 * Why there is no value. `unknown`: it is known only after `detail` has been applied. `secret`: `detail` is the path of a
 * secret, which no constraint reads. `error`: `detail` says what is wrong.
 */
export class Fault {
  readonly kind: "unknown" | "error" | "secret";
  readonly detail: string;

  constructor(kind: Fault["kind"], detail: string) {
    this.kind = kind;
    this.detail = detail;
  }
}

/** Makes the fault of something that is wrong; `detail` continues "because". */
export function wrong(detail: string): Fault {
  return new Fault("error", detail);
}

const RANKS: Readonly<Record<Fault["kind"], number>> = { error: 0, unknown: 1, secret: 2 };

/** What is left of two where both would have to be known: a secret before an unknown before an error; the first of equals. */
export function worseFault(left: Fault, right: Fault): Fault {
  return RANKS[right.kind] > RANKS[left.kind] ? right : left;
}

export function isDatumList(value: Datum): value is readonly Datum[] {
  return Array.isArray(value);
}

export function isDatumRecord(value: Datum): value is DatumRecord {
  return typeof value === "object" && value !== null && !isDatumList(value) && !(value instanceof Fault);
}

/**
 * What is not known yet may turn out to be null, and then it is not there: the first such entry, which leaves open how many
 * there are.
 */
export function openEntry({ entries }: DatumRecord): Fault | undefined {
  for (const value of entries.values()) if (value instanceof Fault && value.kind === "unknown") return value;
  return undefined;
}

/** A value that is not a fault, by what people call its kind. */
export function kindName(value: Datum): string {
  if (value === null) return "null";
  if (isDatumList(value)) return "a list";
  switch (typeof value) {
    case "boolean":
      return "true or false";
    case "bigint":
      return "a whole number";
    case "number":
      return "a decimal number";
    case "string":
      return "a text";
    default:
      return "a record";
  }
}

const TEXT_LIMIT = 60;

/** The text of a plain value, or of a short list of them, for people; `undefined` for records and where anything is missing. */
export function shownDatum(value: Datum): string | undefined {
  const text = wholeText(value);
  if (text === undefined) return undefined;
  const characters = [...text];
  return characters.length <= TEXT_LIMIT ? text : `${characters.slice(0, TEXT_LIMIT).join("")}…`;
}

function wholeText(value: Datum): string | undefined {
  if (isDatumList(value)) {
    const parts = value.map((part) => isDatumList(part) ? undefined : wholeText(part));
    return parts.includes(undefined) ? undefined : `[${parts.join(", ")}]`;
  }
  if (value instanceof Fault || isDatumRecord(value)) return undefined;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
