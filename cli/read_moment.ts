import { type Moment, parseMoment } from "../project/log_moment.ts";
import type { Result } from "../engine/result.ts";
import { err, ok } from "../engine/result.ts";
import type { UsageFault } from "./report_usage.ts";

/** The moment that an option gives; `undefined` where it is not given. */
export function readMoment(text: string | undefined): Result<Moment | undefined, UsageFault> {
  if (text === undefined) return ok(undefined);
  const moment = parseMoment(text);
  return moment.ok ? ok(moment.value) : err(moment.error);
}
