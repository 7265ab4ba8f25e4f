/** Takes an environment out of `smelt.toml`, in whatever form TOML has it there. */
import { parse } from "smol-toml";
import { invariant } from "../engine/invariant.ts";
import type { Span } from "../lang/source_text.ts";
import { scanToml, type TomlEntry, type TomlHeader, type TomlPlaces } from "./smelt_toml_scan.ts";
import { valueAt } from "./smelt_toml_table.ts";
import { isPath, startsWithPath } from "./smelt_toml_text.ts";

/**
 * The valid `smelt.toml` that `text` is, without `environment` and the comments that stand directly at it: above its header or
 * key, in its lines, behind them. Everything else stays byte for byte, but for the blank lines after a table that goes.
 */
export function cutEnvironment(text: string, environment: string): string {
  return cutPath(text, ["environments", environment]);
}

/** The same without the value `key` of `environment`. */
export function cutEnvironmentValue(text: string, environment: string, key: string): string {
  return cutPath(text, ["environments", environment, key]);
}

function cutPath(text: string, path: readonly string[]): string {
  let rest = text;
  // One at a time, so that each cut is made in a valid text.
  for (let span = nextCut(rest, path); span !== undefined; span = nextCut(rest, path)) {
    invariant(span.end > span.start, "A cut takes something away");
    rest = rest.slice(0, span.start) + rest.slice(span.end);
  }
  const left = path.reduce<unknown>((table, key) => valueAt(table, key), parse(rest));
  invariant(left === undefined, "The edited smelt.toml does not hold any more what was cut");
  return rest;
}

function nextCut(text: string, path: readonly string[]): Span | undefined {
  const places = scanToml(text);
  const header = places.headers.find((each) => startsWithPath(each.path, path));
  if (header !== undefined) return tableSpan(text, places, header);
  const entry = places.entries.find((each) =>
    startsWithPath(each.path, path) && each.outerCount < path.length
  );
  if (entry === undefined) return undefined;
  return entry.isInline ? elementSpan(text, places, entry) : lineSpan(text, entry.keyStart, entry.valueEnd);
}

/** A header with its lines, the comments above it, and the blank lines that set it off from what follows, or at the end before it. */
function tableSpan(text: string, { headers, entries }: TomlPlaces, header: TomlHeader): Span {
  const next = headers.find((each) => each.start > header.start)?.start ?? text.length;
  const own = entries.filter((each) => each.keyStart > header.start && each.keyStart < next);
  const last = Math.max(header.end, ...own.map((each) => each.valueEnd));
  const { start, end } = lineSpan(text, header.start, last);
  const comments = withComments(text, end);
  const after = skipBlank(text, comments);
  return after < text.length ? { start, end: after } : { start: blankStart(text, start), end: text.length };
}

/** The lines from the one of `start` to the one of `end`, with the comments directly above. */
function lineSpan(text: string, start: number, end: number): Span {
  let first = lineStart(text, start);
  while (first > 0) {
    const above = lineStart(text, first - 1);
    if (!/^[ \t]*#/.test(text.slice(above, first))) break;
    first = above;
  }
  return { start: first, end: lineEnd(text, end) };
}

/** Where the comment lines that follow directly at `offset`, the start of a line, end. Those of what comes next are not taken. */
function withComments(text: string, offset: number): number {
  let end = offset;
  while (/^[ \t]*#/.test(text.slice(end, lineEnd(text, end)))) end = lineEnd(text, end);
  const isOfNext = end < text.length && !isBlankLine(text, end);
  return isOfNext ? offset : end;
}

function skipBlank(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && isBlankLine(text, end)) end = lineEnd(text, end);
  return end;
}

function blankStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && isBlankLine(text, lineStart(text, start - 1))) start = lineStart(text, start - 1);
  return start;
}

function isBlankLine(text: string, start: number): boolean {
  return text.slice(start, lineEnd(text, start)).trim() === "";
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** The offset after the line end. */
function lineEnd(text: string, offset: number): number {
  const found = text.indexOf("\n", offset);
  return found < 0 ? text.length : found + 1;
}

/** A key of an inline table, with the comma that parts it from the next one, or from the one before when it is the last. */
function elementSpan(text: string, { entries }: TomlPlaces, entry: TomlEntry): Span {
  const outer = entry.path.slice(0, entry.outerCount);
  const table = entries.find((each) =>
    isPath(each.path, outer) && each.valueStart < entry.keyStart && entry.keyStart < each.valueEnd
  );
  invariant(table !== undefined, "An inline key stands in a table");
  const siblings = entries.filter((each) =>
    each.outerCount === entry.outerCount && each.keyStart > table.valueStart && each.keyStart < table.valueEnd
  );
  const next = siblings.find((each) => each.keyStart > entry.keyStart);
  if (next !== undefined) return { start: entry.keyStart, end: next.keyStart };
  const before = siblings.findLast((each) => each.keyStart < entry.keyStart);
  return before === undefined
    ? { start: entry.keyStart, end: skipSpace(text, entry.valueEnd) }
    : { start: before.valueEnd, end: entry.valueEnd };
}

function skipSpace(text: string, offset: number): number {
  return offset + (/^[ \t]*/.exec(text.slice(offset))?.[0].length ?? 0);
}
