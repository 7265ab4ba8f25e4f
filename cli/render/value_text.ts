import { hideCredentials } from "../../engine/credential_patterns.ts";
import { compareText } from "../../engine/text_order.ts";
import { isList, isRecord, SealedSecret, Secret, Unknown, type Value } from "../../engine/value.ts";
import { type Span, span } from "../text.ts";
import { cutAround, cutText, type Extent, type Piece, pieceSpans } from "./cut_text.ts";

/** Characters of a value on one line, where long ones are cut. */
const MAX_CHARACTERS = 200;

/** A value on one line, as people read it in plans; secrets and what is not known yet by those words. Long texts are cut. */
export function valueText(value: Value | undefined): string {
  return valueSpans(value, "short").map(({ text }) => text).join("");
}

/** The same, with long texts whole. */
export function wholeValueText(value: Value | undefined): string {
  if (value === undefined || value === null) return "null";
  if (value instanceof Secret || value instanceof SealedSecret) return "(sensitive)";
  if (value instanceof Unknown) return `(known after apply${awaitedText(value)})`;
  if (typeof value === "string") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(wholeValueText).join(", ")}]`;
  return isRecord(value) ? recordText(Object.entries(value)) : String(value);
}

/** A value on one line, where what is left out stands apart. */
export function valueSpans(value: Value | undefined, extent: Extent): readonly Span[] {
  if (extent === "full") return [span(wholeValueText(value))];
  return shownPieces(value, (text) => cutText(text, MAX_CHARACTERS));
}

/** Two values on one line each; where they are cut, both show what differs. */
export function changedSpans(
  before: Value | undefined,
  after: Value | undefined,
  extent: Extent,
): readonly [readonly Span[], readonly Span[]] {
  if (extent === "full") return [valueSpans(before, extent), valueSpans(after, extent)];
  const [old, now] = cutAround(longText(before), longText(after), MAX_CHARACTERS);
  return [shownPieces(before, () => old), shownPieces(after, () => now)];
}

/** The stretches of a text stand in quotes of their own, so that no text can look like a gap. */
function shownPieces(value: Value | undefined, cut: (text: string) => readonly Piece[]): readonly Span[] {
  const show = typeof value === "string" ? (stretch: string) => JSON.stringify(stretch) : String;
  return pieceSpans(cut(longText(value)), show);
}

/** A credential that is cut in two would not be known as one any more: it is hidden first. */
function longText(value: Value | undefined): string {
  return hideCredentials(typeof value === "string" ? value : wholeValueText(value));
}

/** What it will come from; while the files are read, no resource gives it. */
function awaitedText({ address, awaited }: Unknown): string {
  if (awaited === undefined) return "";
  return `: ${address}.${awaited.output}${awaited.isSensitive ? ", sensitive" : ""}`;
}

function recordText(entries: readonly (readonly [string, Value])[]): string {
  if (entries.length === 0) return "{}";
  const parts = [...entries].sort(([a], [b]) => compareText(a, b)).map(([key, part]) =>
    `${/^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key)} = ${wholeValueText(part)}`
  );
  return `{ ${parts.join(", ")} }`;
}
