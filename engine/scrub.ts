import { hideStretches, type Stretch } from "./hide_stretches.ts";
import { clearTexts, formsOf } from "./secret_forms.ts";
import { isList, isRecord, mapValue, Secret, type Value, type ValueRecord } from "./value.ts";

/**
 * Replaces in `text` every clear text of `secrets` by `(sensitive)`, in whatever form `formsOf` knows, also as a part of
 * something longer. A text of several lines is looked for line by line as well. Texts of fewer than 4 characters are left,
 * since they would make every message unreadable.
 */
export function scrub(text: string, secrets: Iterable<Secret>): string {
  const forms = new Set([...secrets].flatMap((secret) => clearTexts(Secret.open(secret))).flatMap(formsOf));
  return hideStretches(text, [...forms].flatMap((form) => stretchesOf(text, form)));
}

/**
 * Makes a secret of every text in `outputs` that holds the clear text of one of `secrets`, as a connection string holds a
 * password. For outputs only: a wanted field that is equal by chance must stay comparable.
 */
export function markEchoes(outputs: ValueRecord, secrets: readonly Secret[]): ValueRecord {
  const marked = mapValue(outputs, (leaf) => {
    if (leaf === null || typeof leaf === "boolean" || typeof leaf === "object") return leaf;
    const text = String(leaf);
    return scrub(text, secrets) === text ? leaf : new Secret(leaf);
  });
  return isRecord(marked) ? marked : outputs;
}

/** The open secrets anywhere in `value`, for `scrub`. */
export function secretsOf(value: Value): readonly Secret[] {
  if (value instanceof Secret) return [value];
  if (isList(value)) return value.flatMap(secretsOf);
  return isRecord(value) ? Object.values(value).flatMap(secretsOf) : [];
}

function stretchesOf(text: string, form: string): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1)) {
    stretches.push({ start, end: start + form.length });
  }
  return stretches;
}
