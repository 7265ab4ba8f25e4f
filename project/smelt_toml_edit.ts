import { parse } from "smol-toml";
import { invariant } from "../engine/invariant.ts";
import { scanToml, type TomlEntry, type TomlPlaces } from "./smelt_toml_scan.ts";
import { valueAt } from "./smelt_toml_table.ts";

/** What `smelt init` knows of a new project. */
export interface NewProject {
  readonly name: string;
  /** Random, so that two projects of one name are told apart. */
  readonly id: string;
  /** The first environment, which becomes the default one. */
  readonly environment: string;
  /** Hash of record 1 of that environment, in hex. */
  readonly firstRecord: string;
}

/** Writes the `smelt.toml` of a new project. */
export function newSmeltToml(project: NewProject): string {
  return [
    "[project]",
    `name = ${tomlString(project.name)}`,
    `id = ${tomlString(project.id)}`,
    `default_environment = ${tomlString(project.environment)}`,
    "",
    `[environments.${tomlKey(project.environment)}]`,
    "# The hash of the first record of this environment's log. It ties the log to this file: commit it.",
    `first_record = ${tomlString(project.firstRecord)}`,
    "",
  ].join("\n");
}

/**
 * Sets the `first_record` of `environment` in the valid `smelt.toml` that `text` is; adds the environment when it is not
 * there. Everything else stays byte for byte, comments included.
 */
export function setFirstRecord(text: string, environment: string, firstRecord: string): string {
  const edit = findEdit(text, environment, firstRecord);
  const edited = text.slice(0, edit.start) + edit.replacement + text.slice(edit.end);
  invariant(
    readFirstRecord(edited, environment) === firstRecord,
    "The edited smelt.toml holds the new record",
  );
  return edited;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** The forms that TOML has for one table, in the order in which they exclude each other. */
function findEdit(text: string, environment: string, firstRecord: string): Edit {
  const places = scanToml(text);
  const path = ["environments", environment];
  const value = tomlString(firstRecord);
  return replaceValue(places, path, value) ??
    insertUnderHeader(text, places, path, value) ??
    insertIntoInline(text, places, path, `first_record = ${value}`) ??
    insertBesideDotted(text, places, path, value) ??
    insertIntoInline(
      text,
      places,
      ["environments"],
      `${tomlKey(environment)} = { first_record = ${value} }`,
    ) ??
    appendTable(text, environment, value);
}

function replaceValue(places: TomlPlaces, path: readonly string[], value: string): Edit | undefined {
  const entry = places.entries.find((each) => isPath(each.path, [...path, "first_record"]));
  return entry === undefined
    ? undefined
    : { start: entry.valueStart, end: entry.valueEnd, replacement: value };
}

/** `[environments.E]`: a line right below it. */
function insertUnderHeader(
  text: string,
  places: TomlPlaces,
  path: readonly string[],
  value: string,
): Edit | undefined {
  const header = places.headers.find((each) => isPath(each.path, path));
  if (header === undefined) return undefined;
  const lineEnd = text.indexOf("\n", header.end);
  const newline = newlineOf(text);
  if (lineEnd < 0) return insertAt(text.length, `${newline}first_record = ${value}${newline}`);
  return insertAt(lineEnd + 1, `first_record = ${value}${newline}`);
}

/** `E = { … }`: first in the braces. */
function insertIntoInline(
  text: string,
  places: TomlPlaces,
  path: readonly string[],
  entryText: string,
): Edit | undefined {
  const entry = places.entries.find((each) => isPath(each.path, path) && text[each.valueStart] === "{");
  if (entry === undefined) return undefined;
  const isEmpty = !places.entries.some((each) =>
    each.keyStart > entry.valueStart && each.keyStart < entry.valueEnd
  );
  return insertAt(entry.valueStart + 1, isEmpty ? ` ${entryText} ` : ` ${entryText},`);
}

/** `environments.E.protected = …`, also below `[environments]`: a dotted key before it. */
function insertBesideDotted(
  text: string,
  places: TomlPlaces,
  path: readonly string[],
  value: string,
): Edit | undefined {
  const entry = places.entries.find((each) => isDottedInto(each, path));
  if (entry === undefined) return undefined;
  const key = [...path.slice(entry.outerCount), "first_record"].map(tomlKey).join(".");
  return insertAt(entry.keyStart, `${key} = ${value}${entry.isInline ? ", " : newlineOf(text)}`);
}

function isDottedInto(entry: TomlEntry, path: readonly string[]): boolean {
  return entry.outerCount < path.length && isPath(entry.path.slice(0, path.length), path) &&
    entry.path.length > path.length;
}

function appendTable(text: string, environment: string, value: string): Edit {
  const newline = newlineOf(text);
  const gap = text === "" ? "" : text.endsWith("\n") ? newline : newline + newline;
  const table = `[environments.${tomlKey(environment)}]${newline}first_record = ${value}${newline}`;
  return insertAt(text.length, gap + table);
}

function insertAt(offset: number, replacement: string): Edit {
  return { start: offset, end: offset, replacement };
}

function isPath(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((part, index) => part === right[index]);
}

function newlineOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlString(key);
}

/** A basic string: the escapes of JSON, and U+007F, which TOML 1.0 does not allow raw. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}

function readFirstRecord(text: string, environment: string): unknown {
  return valueAt(valueAt(valueAt(parse(text), "environments"), environment), "first_record");
}
