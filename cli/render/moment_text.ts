import type { PlacedMoment } from "../../project/log_moment.ts";
import { type Line, line, span } from "../text.ts";
import { instantText } from "./instant_text.ts";
import type { Printable } from "./json_text.ts";

/** Says which record of the past is shown, and how it was found. */
export function momentLines(moment: PlacedMoment | undefined): readonly Line[] {
  if (moment === undefined) return [];
  const { asked, at, seq } = moment;
  const found = asked === undefined ? "" : `, the last one until ${asked}`;
  return [line(span("note", "cyan"), `: as of record ${seq} of ${instantText(at)}${found}`)];
}

/** The same for scripts; `undefined`, which is left out, for what is shown as it is now. */
export function momentJson(moment: PlacedMoment | undefined): Printable {
  return moment === undefined ? undefined : { seq: moment.seq, at: moment.at };
}
