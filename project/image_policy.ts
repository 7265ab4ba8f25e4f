import { err, ok, type Result } from "../engine/result.ts";
import type { Diagnostic } from "../lang/diagnostic.ts";
import { type SourceText, sourceText } from "../lang/source_text.ts";
import type { RequiredKind } from "../providers/image_trust.ts";
import { Check } from "./smelt_toml_check.ts";
import { scanToml } from "./smelt_toml_scan.ts";
import { byPlace, parseToml } from "./smelt_toml.ts";
import { type Table, valueAt } from "./smelt_toml_table.ts";

/** What a file says must be true of an image; docs/images.md tells of each part. */
export interface PolicyFile {
  readonly keys: readonly PolicyFileKey[];
  readonly require: readonly RequiredKind[];
  readonly sources: readonly string[];
  readonly refs: readonly string[];
  readonly bases: readonly string[];
}

/** A key that a policy trusts: a file, or the name of a key. */
export interface PolicyFileKey {
  readonly place: string;
  /** For whose builds it may vouch, by URI; empty where nothing is said. */
  readonly builders: readonly string[];
}

const KINDS: readonly RequiredKind[] = ["signature", "provenance", "sbom"];
const LINE_REGEXP = /^[^\p{Cc}]{1,500}$/u;

/** Reads a policy; all that is wrong with it is told, each in its place. */
export function parseImagePolicy(
  file: string,
  text: string,
): Result<PolicyFile, { readonly diagnostics: readonly Diagnostic[]; readonly source: SourceText }> {
  const source = sourceText(file, text);
  const parsed = parseToml(source);
  if (!parsed.ok) return err({ diagnostics: [parsed.error], source });
  const check = new Check(source, scanToml(source.text));
  const policy = readPolicy(check, parsed.value);
  return check.found.length === 0 ? ok(policy) : err({ diagnostics: check.found.toSorted(byPlace), source });
}

function readPolicy(check: Check, root: Table): PolicyFile {
  check.keys(root, [], ["require", "keys", "source", "base"]);
  const source = check.table(root, ["source"]);
  if (source !== undefined) check.keys(source, ["source"], ["uris", "refs"]);
  const base = check.table(root, ["base"]);
  if (base !== undefined) check.keys(base, ["base"], ["names"]);
  const [sources, refs, bases] = [
    namesAt(check, source, ["source", "uris"]),
    namesAt(check, source, ["source", "refs"]),
    namesAt(check, base, ["base", "names"]),
  ];
  const asked = readRequire(check, root);
  // Where an image is from only its provenance says.
  const isOrigin = [sources, refs, bases].some((each) => each.length > 0);
  const require = isOrigin && !asked.includes("provenance") ? [...asked, "provenance" as const] : asked;
  return { keys: readKeys(check, check.table(root, ["keys"])), require, sources, refs, bases };
}

function readRequire(check: Check, root: Table): readonly RequiredKind[] {
  const asked = check.texts(root, ["require"]);
  if (valueAt(root, "require") === undefined) return ["signature"];
  if (asked.length === 0) check.fail(["require"], 'Correct "require": it asks for nothing');
  return asked.flatMap(({ name, span }) => {
    const kind = KINDS.find((each) => each === name);
    if (kind !== undefined) return [kind];
    check.failAt(
      span,
      `Correct "require": expected one of ${KINDS.join(", ")}, found ${JSON.stringify(name)}`,
    );
    return [];
  });
}

function readKeys(check: Check, keys: Table | undefined): readonly PolicyFileKey[] {
  return Object.keys(keys ?? {}).flatMap((name) => {
    const path = ["keys", name];
    const table = check.table(keys, path);
    if (table === undefined) return [];
    check.keys(table, path, ["file", "name", "builders"]);
    const file = check.text(table, [...path, "file"], LINE_REGEXP, "the path of a file");
    const named = check.text(table, [...path, "name"], LINE_REGEXP, "the name of a key");
    if ((file === undefined) === (named === undefined)) {
      check.fail(path, `Correct "[keys.${name}]": it has either "file" or "name"`);
    }
    const place = file === undefined ? named : /[/]/.test(file) ? file : `./${file}`;
    return place === undefined ? [] : [{ place, builders: namesAt(check, table, [...path, "builders"]) }];
  });
}

function namesAt(check: Check, table: Table | undefined, path: readonly string[]): readonly string[] {
  return check.texts(table, path).map(({ name }) => name);
}
