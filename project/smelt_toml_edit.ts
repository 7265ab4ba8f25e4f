import { isDeepStrictEqual } from "node:util";
import { parse } from "smol-toml";
import { invariant } from "../engine/invariant.ts";
import type { RecordPin } from "./smelt_toml_pin.ts";
import { scanToml, type TomlEntry, type TomlPlaces } from "./smelt_toml_scan.ts";
import { valueAt } from "./smelt_toml_table.ts";
import {
  isPath,
  newlineOf,
  startsWithPath,
  tomlKey,
  tomlString,
  type TomlValue,
  tomlValue,
} from "./smelt_toml_text.ts";

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
  const edited = apply(text, findEdit(text, environment, ["first_record", firstRecord]));
  invariant(
    readKey(edited, environment, "first_record") === firstRecord,
    "The edited smelt.toml holds the new record",
  );
  return edited;
}

/** Sets the `signing_key` of `environment`, as `setFirstRecord` does. */
export function setSigningKey(text: string, environment: string, reference: string): string {
  const edited = apply(text, findEdit(text, environment, ["signing_key", reference]));
  invariant(readKey(edited, environment, "signing_key") === reference, "The edited smelt.toml holds the key");
  return edited;
}

/**
 * Sets the `pin` of `environment`, whose `first_record` stands in the valid `smelt.toml` that `text` is; a new one stands
 * behind that. All else stays byte for byte.
 */
export function setPin(text: string, environment: string, pin: RecordPin): string {
  const path = ["environments", environment, "pin"];
  const value = { seq: pin.seq, hash: pin.hash };
  const edited = replacePin(text, path, pin) ??
    apply(text, insertBehind(text, [...path.slice(0, 2), "first_record"], ["pin", value]));
  invariant(
    isDeepStrictEqual(readKey(edited, environment, "pin"), value),
    "The edited smelt.toml holds the new pin",
  );
  return edited;
}

/**
 * Sets a plain value of `environment`, whose `first_record` stands in the valid `smelt.toml` that `text` is; a new one stands
 * behind that. All else stays byte for byte.
 */
export function setEnvironmentValue(
  text: string,
  environment: string,
  [key, value]: readonly [key: string, value: number | boolean],
): string {
  const path = ["environments", environment, key];
  const edit = replaceValue(scanToml(text), path, tomlValue(value)) ??
    insertBehind(text, [...path.slice(0, 2), "first_record"], [key, value]);
  const edited = apply(text, edit);
  invariant(readKey(edited, environment, key) === value, "The edited smelt.toml holds the new value");
  return edited;
}

/** A pin that is there: its value, or where it is a table of its own the values in it. */
function replacePin(text: string, path: readonly string[], { seq, hash }: RecordPin): string | undefined {
  const whole = replaceValue(scanToml(text), path, tomlValue({ seq, hash }));
  if (whole !== undefined) return apply(text, whole);
  const first = replaceValue(scanToml(text), [...path, "seq"], tomlValue(seq));
  if (first === undefined) return undefined;
  const half = apply(text, first);
  const second = replaceValue(scanToml(half), [...path, "hash"], tomlValue(hash));
  return second === undefined ? undefined : apply(half, second);
}

/** `name = …` in the line after the entry at `path`, or after its comma, under the same dots. */
function insertBehind(
  text: string,
  path: readonly string[],
  [name, value]: readonly [name: string, value: TomlValue],
): Edit {
  const entry = scanToml(text).entries.find((each) => isPath(each.path, path));
  invariant(entry !== undefined, "An environment with a log has a first record");
  const key = [...path.slice(entry.outerCount, -1), name].map(tomlKey).join(".");
  const written = `${key} = ${tomlValue(value)}`;
  if (entry.isInline) return insertAt(entry.valueEnd, `, ${written}`);
  const lineEnd = text.indexOf("\n", entry.valueEnd);
  const newline = newlineOf(text);
  if (lineEnd < 0) return insertAt(text.length, `${newline}${written}${newline}`);
  return insertAt(lineEnd + 1, `${written}${newline}`);
}

/** What stands in a new environment, in the order in which it is written. */
export type EnvironmentEntries = readonly (readonly [key: string, value: TomlValue])[];

/** Adds an environment that the valid `smelt.toml` in `text` does not hold; all else stays byte for byte. */
export function addEnvironment(text: string, environment: string, entries: EnvironmentEntries): string {
  const table = `${tomlKey(environment)} = ${tomlValue(Object.fromEntries(entries))}`;
  const edit = insertIntoInline(text, scanToml(text), ["environments"], table) ??
    appendTable(text, environment, entries);
  const edited = apply(text, edit);
  invariant(
    valueAt(valueAt(parse(edited), "environments"), environment) !== undefined,
    "The edited smelt.toml holds the new environment",
  );
  return edited;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

function apply(text: string, { start, end, replacement }: Edit): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** The forms that TOML has for one table, in the order in which they exclude each other. */
function findEdit(
  text: string,
  environment: string,
  [key, wanted]: readonly [key: string, wanted: string],
): Edit {
  const places = scanToml(text);
  const path = ["environments", environment];
  const value = tomlString(wanted);
  const entry = `${key} = ${value}`;
  return replaceValue(places, [...path, key], value) ??
    insertUnderHeader(text, places, path, entry) ??
    insertIntoInline(text, places, path, entry) ??
    insertBesideDotted(text, places, path, entry) ??
    insertIntoInline(text, places, ["environments"], `${tomlKey(environment)} = { ${entry} }`) ??
    appendTable(text, environment, [[key, wanted]]);
}

function replaceValue(places: TomlPlaces, path: readonly string[], value: string): Edit | undefined {
  const entry = places.entries.find((each) => isPath(each.path, path));
  return entry === undefined
    ? undefined
    : { start: entry.valueStart, end: entry.valueEnd, replacement: value };
}

/** `[environments.E]`: a line right below it. */
function insertUnderHeader(
  text: string,
  places: TomlPlaces,
  path: readonly string[],
  entry: string,
): Edit | undefined {
  const header = places.headers.find((each) => isPath(each.path, path));
  if (header === undefined) return undefined;
  const lineEnd = text.indexOf("\n", header.end);
  const newline = newlineOf(text);
  if (lineEnd < 0) return insertAt(text.length, `${newline}${entry}${newline}`);
  return insertAt(lineEnd + 1, `${entry}${newline}`);
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
  entryText: string,
): Edit | undefined {
  const entry = places.entries.find((each) => isDottedInto(each, path));
  if (entry === undefined) return undefined;
  const key = path.slice(entry.outerCount).map(tomlKey).join(".");
  return insertAt(entry.keyStart, `${key}.${entryText}${entry.isInline ? ", " : newlineOf(text)}`);
}

function isDottedInto(entry: TomlEntry, path: readonly string[]): boolean {
  return entry.outerCount < path.length && startsWithPath(entry.path, path) &&
    entry.path.length > path.length;
}

/** A table of its own at the end of the file, tables in it below. */
function appendTable(text: string, environment: string, entries: EnvironmentEntries): Edit {
  const newline = newlineOf(text);
  const gap = text === "" ? "" : text.endsWith("\n") ? newline : newline + newline;
  const name = `environments.${tomlKey(environment)}`;
  const isTable = (value: TomlValue) => typeof value === "object" && !Array.isArray(value);
  const lines = [
    `[${name}]`,
    ...entries.filter(([, value]) => !isTable(value)).map(([key, value]) =>
      `${tomlKey(key)} = ${tomlValue(value)}`
    ),
    ...entries.filter(([, value]) => isTable(value)).flatMap(([key, value]) => [
      "",
      `[${name}.${tomlKey(key)}]`,
      ...Object.entries(value).map(([each, part]) => `${tomlKey(each)} = ${tomlValue(part)}`),
    ]),
  ];
  return insertAt(text.length, gap + lines.map((each) => each + newline).join(""));
}

function insertAt(offset: number, replacement: string): Edit {
  return { start: offset, end: offset, replacement };
}

function readKey(text: string, environment: string, key: string): unknown {
  const found = valueAt(valueAt(valueAt(parse(text), "environments"), environment), key);
  // smol-toml makes tables without a prototype.
  return typeof found === "object" && found !== null ? { ...found } : found;
}
