import type { Check } from "./smelt_toml_check.ts";
import { kindOfToml, type Table, valueAt } from "./smelt_toml_table.ts";

/** A record that a log must hold: where it does not, the log is another one, or was set back. */
export interface RecordPin {
  readonly seq: number;
  /** BLAKE3 of its canonical bytes, 64 hex digits. */
  readonly hash: string;
}

/** Reads `pin = { seq = N, hash = "…" }` of the environment at `path`. */
export function readPin(check: Check, environment: Table, path: readonly string[]): RecordPin | undefined {
  const place = [...path, "pin"];
  const table = check.table(environment, place);
  if (table === undefined) return undefined;
  check.keys(table, place, ["seq", "hash"]);
  if (valueAt(environment, "first_record") === undefined) {
    check.fail(place, `Add "first_record" to "[${path.join(".")}]": it names the log that "pin" is about`);
  }
  const seq = readSeq(check, table, place);
  const hash = check.text(table, [...place, "hash"], /^[0-9a-f]{64}$/, "64 lower-case hex digits");
  if (valueAt(table, "hash") === undefined) check.fail(place, `Add "hash" to "${place.join(".")}"`);
  return seq === undefined || hash === undefined ? undefined : { seq, hash };
}

function readSeq(check: Check, table: Table, place: readonly string[]): number | undefined {
  const seq = valueAt(table, "seq");
  if (typeof seq === "number" && Number.isSafeInteger(seq) && seq >= 1) return seq;
  const found = typeof seq === "number" ? `${seq}` : kindOfToml(seq);
  if (seq === undefined) check.fail(place, `Add "seq" to "${place.join(".")}"`);
  else {
    const key = [...place, "seq"];
    check.fail(key, `Correct "${key.join(".")}": expected the number of a record, found ${found}`);
  }
  return undefined;
}
