import type { Notice } from "../../project/notice.ts";
import { type Line, line, span } from "../text.ts";

/** Something that a person should know, with what to do about it. */
export function noticeLines({ kind, message, hint }: Notice): readonly Line[] {
  const word = kind === "PinNotMoved" ? span("warning", "yellow") : span("note", "cyan");
  const heading = line(word, `: ${message}`);
  return hint === undefined ? [heading] : [heading, line(span("hint", "cyan"), `: ${hint}`)];
}
