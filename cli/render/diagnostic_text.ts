import type { Diagnostic, Excerpts, SourceText } from "../../project/diagnostics.ts";
import { type Line, line, span } from "../text.ts";

/** A diagnostic as people read it: what, where, the source line with a caret, and what to do. */
export function diagnosticLines(
  shown: Diagnostic,
  source: SourceText | undefined,
  excerpts: Excerpts,
): readonly Line[] {
  const style = shown.severity === "error" ? "red" : "yellow";
  const heading = line(span(`${shown.severity}[${shown.code}]`, style), `: ${shown.message}`);
  const hint = shown.hint === undefined ? [] : [line(span("   = hint", "cyan"), `: ${shown.hint}`)];
  const isWholeFile = shown.span.end === 0;
  const where = environmentsText(shown);
  if (isWholeFile) return [heading, line(span("  --> ", "dim"), shown.file, where), ...hint];
  const place = line(span("  --> ", "dim"), `${shown.file}:${shown.line}:${shown.column}`, where);
  const excerpt = source === undefined ? undefined : excerpts.line(source, shown);
  return [heading, place, ...(excerpt === undefined ? [] : excerptLines(shown, excerpt)), ...hint];
}

function environmentsText({ environments }: Diagnostic): string {
  return environments === undefined ? "" : ` (in ${environments.join(", ")})`;
}

function excerptLines(shown: Diagnostic, text: string): readonly Line[] {
  const number = String(shown.line);
  const gutter = " ".repeat(number.length);
  const before = text.slice(0, shown.column - 1).replaceAll("\t", "  ");
  const width = Math.max(1, Math.min(shown.span.end - shown.span.start, text.length - shown.column + 1));
  const style = shown.severity === "error" ? "red" : "yellow";
  return [
    line(span(`${gutter} |`, "dim")),
    line(span(`${number} | `, "dim"), text.replaceAll("\t", "  ")),
    line(span(`${gutter} | `, "dim"), " ".repeat([...before].length), span("^".repeat(width), style)),
  ];
}
