import { markSensitiveFields } from "../../engine/mark_sensitive.ts";
import { nearName } from "../../engine/near_name.ts";
import { nameHint } from "../../engine/problem.ts";
import type { ResourceSchema } from "../../engine/schema.ts";
import type { ValueRecord } from "../../engine/value.ts";
import { analyse, type Analysis, selfType } from "./analyse.ts";
import { CONSTRAINT_LENGTH_LIMIT, couldBeExpression } from "./could_be_expression.ts";
import { type Datum, type DatumRecord, type Fault, shownDatum } from "./datum.ts";
import { selfDatum } from "./datum_of.ts";
import { evaluate } from "./evaluate.ts";
import type { Expression } from "./expression.ts";
import type { Foreign, ReadText } from "./read_expression.ts";

/** What came of one constraint. */
export type Verdict =
  | { readonly kind: "holds" }
  /** `found` names what it read, `size = 0, zone = "b"`; empty where nothing of it can be shown. */
  | { readonly kind: "false"; readonly found: string }
  /** It has no value; `why` continues "because". */
  | { readonly kind: "faulty"; readonly why: string; readonly hint?: string }
  /** It needs what only the apply of `address` tells. */
  | { readonly kind: "unknown"; readonly address: string }
  /** For people, and not checked. */
  | { readonly kind: "prose" }
  /** Not checked either, though it looks as if it should be. */
  | { readonly kind: "doubtful"; readonly why: string; readonly hint?: string };

/** Checks the constraints of a resource on its fields; a verdict for each text. Defaults are in place. */
export type CheckConstraints = (
  texts: readonly string[],
  schema: ResourceSchema,
  fields: ValueRecord,
) => readonly Verdict[];

/** A text, seen with the type of its resource. */
type Reading =
  | { readonly kind: "checked"; readonly expression: Expression }
  | Extract<Verdict, { readonly kind: "prose" | "doubtful" }>;

/**
 * Makes what checks constraints. The parser is loaded only when one of `texts`, which are all that will be checked, may be an
 * expression; each text is read once for each type.
 */
export async function loadConstraintCheck(texts: readonly string[]): Promise<CheckConstraints> {
  const isNeeded = texts.some((text) => text.length <= CONSTRAINT_LENGTH_LIMIT && couldBeExpression(text));
  const read = isNeeded ? (await import("./read_expression.ts")).readExpression : undefined;
  const readings = new Map<string, Reading>();
  const readingOf = (text: string, schema: ResourceSchema): Reading => {
    const key = `${schema.type}\n${text}`;
    const known = readings.get(key) ?? readConstraint(text, schema, read);
    readings.set(key, known);
    return known;
  };
  return (all, schema, fields) => {
    let self: DatumRecord | undefined;
    return all.map((text) => {
      const reading = readingOf(text, schema);
      if (reading.kind !== "checked") return reading;
      self ??= selfDatum(markSensitiveFields(fields, schema.sections), schema);
      return verdictOf(reading.expression, self);
    });
  };
}

function readConstraint(
  text: string,
  schema: ResourceSchema,
  read: ((text: string) => ReadText) | undefined,
): Reading {
  if (!couldBeExpression(text)) return { kind: "prose" };
  if (text.length > CONSTRAINT_LENGTH_LIMIT) {
    return { kind: "doubtful", why: `it is longer than ${CONSTRAINT_LENGTH_LIMIT} characters` };
  }
  const found: ReadText = read?.(text) ?? { kind: "prose" };
  if (found.kind === "prose") return found;
  if (found.kind === "large") return { kind: "doubtful", why: "it has too many parts, or too many levels" };
  const doubt = doubtOf(analyse(found.expression, selfType(schema)), found.foreign, schema);
  return doubt ?? { kind: "checked", expression: found.expression };
}

/** Why a text that parses is not checked; `undefined` when it is. A text that names nothing of the resource is prose. */
function doubtOf(
  { strangers, usesNames, isTruth }: Analysis,
  foreign: Foreign | undefined,
  { type }: ResourceSchema,
): Extract<Verdict, { readonly kind: "prose" | "doubtful" }> | undefined {
  for (const { name, known } of strangers) {
    const near = nearName(name, [...known, "self"]);
    if (near !== undefined) return doubtful(`there is no "${name}" in ${type}`, nameHint(near, []));
  }
  const [stranger] = strangers;
  if (!usesNames && (stranger !== undefined || foreign !== undefined)) return { kind: "prose" };
  if (foreign !== undefined) return doubtful(foreign.why, foreign.hint);
  if (stranger !== undefined) {
    return doubtful(`there is no "${stranger.name}" in ${type}`, nameHint(undefined, stranger.known));
  }
  return isTruth === "no" ? doubtful("it is neither true nor false", "Compare it with something") : undefined;
}

function doubtful(why: string, hint?: string): Extract<Verdict, { readonly kind: "doubtful" }> {
  return hint === undefined ? { kind: "doubtful", why } : { kind: "doubtful", why, hint };
}

function verdictOf(expression: Expression, self: DatumRecord): Verdict {
  const { outcome, reads } = evaluate(expression, self);
  if (outcome === true) return { kind: "holds" };
  return outcome === false ? { kind: "false", found: foundIn(reads) } : faultVerdict(outcome);
}

function faultVerdict({ kind, detail }: Fault): Verdict {
  switch (kind) {
    case "unknown":
      return { kind: "unknown", address: detail };
    case "secret":
      return {
        kind: "faulty",
        why: `it reads the secret "${detail}", and constraints read no secrets`,
        ...(detail.includes("[") ? {} : { hint: `has(self.${detail}) tells whether it is set` }),
      };
    case "error":
      return { kind: "faulty", why: detail };
  }
}

function foundIn(reads: ReadonlyMap<string, Datum>): string {
  return [...reads].flatMap(([path, value]) => {
    const shown = shownDatum(value);
    return shown === undefined ? [] : [`${path} = ${shown}`];
  }).join(", ");
}
