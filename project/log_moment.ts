import type { VerifiedLog } from "../audit/verified_log.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";

/** Where in a log to look: at a record, or at a time. */
export type Moment =
  | { readonly kind: "record"; readonly seq: number }
  | { readonly kind: "time"; readonly text: string; readonly wallMs: number };

/** A moment, found in a log: what it told up to and with this record. */
export interface PlacedMoment {
  readonly seq: number;
  /** Wall time that the writer of the record noted, RFC 3339. */
  readonly at: string;
  /** The time that was asked for; `undefined` where a record was. */
  readonly asked: string | undefined;
}

const RECORD_REGEXP = /^[1-9][0-9]{0,14}$/;
/** RFC 3339 section 5.6; a blank may stand for the T, as smelt history prints it. */
const TIME_REGEXP = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d(?:\.\d+)?)([Zz]|[+-]\d\d:\d\d)$/;

/** Reads a moment; the error says what one looks like. */
export function parseMoment(
  text: string,
): Result<Moment, { readonly message: string; readonly hint: string }> {
  if (RECORD_REGEXP.test(text)) return ok({ kind: "record", seq: Number(text) });
  const [, date, time, zone] = TIME_REGEXP.exec(text) ?? [];
  const wallMs = date === undefined ? NaN : Date.parse(`${date}T${time}${zone?.toUpperCase()}`);
  if (!Number.isNaN(wallMs)) return ok({ kind: "time", text, wallMs });
  return err({
    message: `Cannot read the moment "${text}"`,
    hint: "It is the number of a record, or a time such as 2026-01-02T03:04:05Z; smelt history shows both",
  });
}

/** The number of the first record that is not before `moment`, by the clocks of those who wrote; it may be one beyond the last. */
export function firstSince({ records, head }: VerifiedLog, moment: Moment): number {
  if (moment.kind === "record") return moment.seq;
  const index = records.findIndex(({ record }) => Date.parse(record.at) >= moment.wallMs);
  return index < 0 ? head.seq + 1 : index + 1;
}

/** Finds a moment in the log of `environment`: of a time, the last record that was written no later, by its writer's clock. */
export function placeMoment(
  { records, head }: VerifiedLog,
  environment: string,
  moment: Moment,
): Result<PlacedMoment, ProjectFailure> {
  const seq = moment.kind === "record"
    ? moment.seq
    : records.findLastIndex(({ record }) => Date.parse(record.at) <= moment.wallMs) + 1;
  const found = records[seq - 1];
  if (found !== undefined) {
    const asked = moment.kind === "time" ? moment.text : undefined;
    return ok({ seq, at: found.record.at, asked });
  }
  const message = moment.kind === "record"
    ? `The log of ${environment} has no record ${seq}: it ends with record ${head.seq}`
    : `The log of ${environment} has no record from before ${moment.text}`;
  const hint = moment.kind === "time" ? `It begins at ${records[0]?.record.at ?? "no time"}` : undefined;
  return err({ kind: "NotFound", message, ...hint === undefined ? {} : { hint } });
}
