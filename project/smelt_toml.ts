import { parse, TomlError } from "smol-toml";
import type { Witnesses } from "../audit/open_checkpoint.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { type Diagnostic, diagnostic } from "../lang/diagnostic.ts";
import { type SourceText, sourceText } from "../lang/source_text.ts";
import { knownEnvironments } from "./choose_environment.ts";
import { Check, meant } from "./smelt_toml_check.ts";
import { bareEnvironment, type EnvironmentConfig, readEnvironments } from "./smelt_toml_environment.ts";
import { readCallsPerSecond } from "./smelt_toml_providers.ts";
import { scanToml } from "./smelt_toml_scan.ts";
import { type KeyPlaces, LOCAL_KEYS, readKeyPlaces } from "./smelt_toml_keys.ts";
import { type ImageConfig, NO_IMAGE_CONFIG, readImageConfig } from "./smelt_toml_image.ts";
import { checkState } from "./smelt_toml_state.ts";
import { type Table, valueAt } from "./smelt_toml_table.ts";
import { NO_WITNESSES, readWitnesses } from "./smelt_toml_witnesses.ts";

/** What `smelt.toml` says. */
export interface ProjectConfig {
  readonly name: string;
  /** Random text that tells projects of one name apart; absent until `smelt init`. */
  readonly id: string | undefined;
  /** The environment that a command uses when it is given none; one of `environments`. */
  readonly defaultEnvironment: string;
  readonly environments: ReadonlyMap<string, EnvironmentConfig>;
  /** Whose cosignatures signed checkpoints of all environments must bear. */
  readonly witnesses: Witnesses;
  /** How many calls a second a provider gets at most, by its name; one that is not named is not bounded. */
  readonly callsPerSecond: ReadonlyMap<string, number>;
  /** Where the keys of an environment are that says nothing else. */
  readonly keys: KeyPlaces;
  /** What is said of images that are built. */
  readonly image: ImageConfig;
}

/** What holds without a `smelt.toml`: one environment, `default`, never initialised. */
export const DEFAULT_PROJECT_CONFIG: ProjectConfig = {
  name: "smelt-project",
  id: undefined,
  defaultEnvironment: "default",
  environments: new Map([["default", bareEnvironment("default")]]),
  witnesses: NO_WITNESSES,
  callsPerSecond: new Map(),
  keys: LOCAL_KEYS,
  image: NO_IMAGE_CONFIG,
};

/** Reads and checks the text of `smelt.toml`; `file` is its name in messages. All errors are collected. */
export function parseSmeltToml(file: string, text: string): Result<ProjectConfig, readonly Diagnostic[]> {
  const source = sourceText(file, text);
  const parsed = parseToml(source);
  if (!parsed.ok) return err([parsed.error]);
  const check = new Check(source, scanToml(source.text));
  const config = readConfig(check, parsed.value);
  return check.found.length === 0 ? ok(config) : err(check.found.toSorted(byPlace));
}

/** The order of mistakes in a file. */
export function byPlace(left: Diagnostic, right: Diagnostic): number {
  return left.span.start - right.span.start;
}

/** Reads a text in TOML; the error says where it is none. */
export function parseToml(source: SourceText): Result<Table, Diagnostic> {
  try {
    return ok(parse(source.text, { integersAsBigInt: "asNeeded" }));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ""] = error.message.replace("Invalid TOML document: ", "").split("\n");
    const lineStart = source.lineStarts[error.line - 1] ?? 0;
    const start = Math.min(lineStart + error.column - 1, source.text.length);
    const message = `Cannot read "${source.file}": ${reason}`;
    return err(diagnostic(source, { start, end: start + 1 }, { code: "E-CONFIG-KEY", message }));
  }
}

const PROJECT_KEYS = ["name", "id", "default_environment"];

function readConfig(check: Check, root: Table): ProjectConfig {
  check.keys(root, [], [
    "project",
    "environments",
    "image",
    "kms",
    "providers",
    "secrets",
    "signing",
    "state",
    "witnesses",
  ]);
  checkState(check, root);
  const project = check.table(root, ["project"]);
  if (valueAt(root, "project") === undefined) check.fail([], `Add a table "[project]" with a "name"`);
  else if (project !== undefined) check.keys(project, ["project"], PROJECT_KEYS);
  const witnesses = readWitnesses(check, root);
  const keys = readKeyPlaces(check, root);
  const environments = readEnvironments(check, check.table(root, ["environments"]), { witnesses, keys });
  return {
    name: readName(check, project),
    id: check.text(
      project,
      ["project", "id"],
      /^[\x21-\x7e]{1,128}$/,
      "1 to 128 ASCII characters without spaces",
    ),
    defaultEnvironment: readDefaultEnvironment(check, project, { environments, keys }),
    environments,
    witnesses,
    keys,
    image: readImageConfig(check, root),
    callsPerSecond: readCallsPerSecond(check, check.table(root, ["providers"])),
  };
}

function readName(check: Check, project: Table | undefined): string {
  if (project !== undefined && valueAt(project, "name") === undefined) {
    check.fail(["project"], `Add "name" to "[project]"`);
  }
  return check.text(
    project,
    ["project", "name"],
    /^[^\p{Cc}\p{Cs}]{1,200}$/u,
    "1 to 200 characters without control characters",
  ) ??
    DEFAULT_PROJECT_CONFIG.name;
}

/** Without any environment written down, the default one is implied. */
function readDefaultEnvironment(
  check: Check,
  project: Table | undefined,
  { environments, keys }: { readonly environments: Map<string, EnvironmentConfig>; readonly keys: KeyPlaces },
): string {
  const path = ["project", "default_environment"];
  const written = check.text(project, path, /^/, "the name of an environment");
  const name = written ?? DEFAULT_PROJECT_CONFIG.defaultEnvironment;
  if (environments.has(name) || check.found.length > 0) return name;
  if (written === undefined && environments.size === 0) {
    environments.set(name, bareEnvironment(name, keys));
    return name;
  }
  const start = written === undefined
    ? `Set "default_environment": it is "default" when left out, which is not an environment of this project`
    : `Unknown environment "${name}" in "default_environment"`;
  check.fail(path, start, meant(name, environments.keys()) ?? knownEnvironments(environments));
  return name;
}
