import { parse, TomlError } from "smol-toml";
import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { type Diagnostic, diagnostic } from "../lang/diagnostic.ts";
import { type SourceText, sourceText } from "../lang/source_text.ts";
import { placeOfKey, scanToml, type TomlPlaces } from "./smelt_toml_scan.ts";
import { isTable, kindOfToml, type Table, valueAt } from "./smelt_toml_table.ts";

/** What `smelt.toml` says. */
export interface ProjectConfig {
  readonly name: string;
  /** Random text that tells projects of one name apart; absent until `smelt init`. */
  readonly id: string | undefined;
  /** The environment that a command uses when it is given none; one of `environments`. */
  readonly defaultEnvironment: string;
  readonly environments: ReadonlyMap<string, EnvironmentConfig>;
}

/** One `[environments.E]`. */
export interface EnvironmentConfig {
  /** Hash of record 1 of the environment's log, 64 hex digits: the pin. Absent until `smelt init`. */
  readonly firstRecord: string | undefined;
  /** Whether commands that change it ask for its name. */
  readonly isProtected: boolean;
}

/** What holds without a `smelt.toml`: one environment, `default`, never initialised. */
export const DEFAULT_PROJECT_CONFIG: ProjectConfig = {
  name: "smelt-project",
  id: undefined,
  defaultEnvironment: "default",
  environments: new Map([["default", { firstRecord: undefined, isProtected: false }]]),
};

/** Whether `text` can name an environment: it also names a file, and stands in signed statements. */
export function isEnvironmentName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text);
}

/** Which of `names` differs from `name` in the case of letters only: some file systems would give both one log. */
export function caseTwin(name: string, names: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  return [...names].find((each) => each !== name && each.toLowerCase() === lower);
}

/** Reads and checks the text of `smelt.toml`; `file` is its name in messages. All errors are collected. */
export function parseSmeltToml(file: string, text: string): Result<ProjectConfig, readonly Diagnostic[]> {
  const source = sourceText(file, text);
  const parsed = parseToml(source);
  if (!parsed.ok) return err([parsed.error]);
  const check = new Check(source, scanToml(source.text));
  const config = readConfig(check, parsed.value);
  return check.found.length === 0 ? ok(config) : err(check.found.toSorted(byPlace));
}

function byPlace(left: Diagnostic, right: Diagnostic): number {
  return left.span.start - right.span.start;
}

function parseToml(source: SourceText): Result<Table, Diagnostic> {
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
const ENVIRONMENT_KEYS = ["first_record", "protected"];

function readConfig(check: Check, root: Table): ProjectConfig {
  check.keys(root, [], ["project", "environments"]);
  const project = check.table(root, ["project"]);
  if (valueAt(root, "project") === undefined) check.fail([], `Add a table "[project]" with a "name"`);
  else if (project !== undefined) check.keys(project, ["project"], PROJECT_KEYS);
  const environments = readEnvironments(check, check.table(root, ["environments"]));
  return {
    name: readName(check, project),
    id: check.text(
      project,
      ["project", "id"],
      /^[\x21-\x7e]{1,128}$/,
      "1 to 128 ASCII characters without spaces",
    ),
    defaultEnvironment: readDefaultEnvironment(check, project, environments),
    environments,
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

function readEnvironments(check: Check, table: Table | undefined): Map<string, EnvironmentConfig> {
  const environments = new Map<string, EnvironmentConfig>();
  for (const name of Object.keys(table ?? {})) {
    const path = ["environments", name];
    if (!isEnvironmentName(name)) check.fail(path, badEnvironmentName(name));
    const twin = caseTwin(name, environments.keys());
    if (twin !== undefined) check.fail(path, sameButForCase(name, twin));
    const environment = check.table(table, path);
    if (environment === undefined) continue;
    check.keys(environment, path, ENVIRONMENT_KEYS);
    environments.set(name, {
      firstRecord: check.text(
        environment,
        [...path, "first_record"],
        /^[0-9a-f]{64}$/,
        "64 lower-case hex digits",
      ),
      isProtected: check.flag(environment, [...path, "protected"]),
    });
  }
  return environments;
}

/** Without any environment written down, the default one is implied. */
function readDefaultEnvironment(
  check: Check,
  project: Table | undefined,
  environments: Map<string, EnvironmentConfig>,
): string {
  const path = ["project", "default_environment"];
  const written = check.text(project, path, /^/, "the name of an environment");
  const name = written ?? DEFAULT_PROJECT_CONFIG.defaultEnvironment;
  if (environments.has(name) || check.found.length > 0) return name;
  if (written === undefined && environments.size === 0) {
    environments.set(name, { firstRecord: undefined, isProtected: false });
    return name;
  }
  const start = written === undefined
    ? `Set "default_environment": it is "default" when left out, which is not an environment of this project`
    : `Unknown environment "${name}" in "default_environment"`;
  check.fail(path, start, meant(name, environments.keys()) ?? knownEnvironments(environments));
  return name;
}

/** The environment that a command works on: the one that `name` says, else the default one. */
export function chooseEnvironment(
  config: ProjectConfig,
  name: string | undefined,
): Result<EnvironmentConfig & { readonly name: string }, UnknownEnvironment> {
  const chosen = name ?? config.defaultEnvironment;
  const environment = config.environments.get(chosen);
  if (environment !== undefined) return ok({ name: chosen, ...environment });
  const known = knownEnvironments(config.environments);
  if (!isEnvironmentName(chosen)) {
    return err({ code: "E-UNKNOWN-ENV", message: badEnvironmentName(chosen), hint: known });
  }
  const hint = meant(chosen, config.environments.keys()) ?? `${known}. To add it: smelt init ${chosen}`;
  return err({ code: "E-UNKNOWN-ENV", message: `Unknown environment "${chosen}"`, hint });
}

/** A command line names an environment that `smelt.toml` does not hold. */
export interface UnknownEnvironment {
  readonly code: "E-UNKNOWN-ENV";
  readonly message: string;
  readonly hint: string;
}

function badEnvironmentName(name: string): string {
  return `Rename the environment ${
    JSON.stringify(name)
  }: found a name that is not 1 to 64 letters, digits, "-" and "_", ` +
    `a letter or digit first`;
}

function sameButForCase(name: string, twin: string): string {
  return `Rename the environment ${
    JSON.stringify(name)
  }: it differs from "${twin}" in the case of letters only`;
}

function knownEnvironments(environments: ReadonlyMap<string, EnvironmentConfig>): string {
  const names = [...environments.keys()].map((name) => `"${name}"`);
  return names.length === 0 ? "smelt.toml holds no environment" : `smelt.toml holds ${names.join(", ")}`;
}

function meant(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearName(name, candidates);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}

/** Reads values of the wanted kind and collects what is wrong, with the place of the key. */
class Check {
  readonly found: Diagnostic[] = [];
  readonly #source: SourceText;
  readonly #places: TomlPlaces;

  constructor(source: SourceText, places: TomlPlaces) {
    this.#source = source;
    this.#places = places;
  }

  fail(path: readonly string[], message: string, hint?: string): void {
    const start = placeOfKey(this.#places, path);
    const span = { start, end: this.#keyEnd(start) };
    this.found.push(diagnostic(this.#source, span, { code: "E-CONFIG-KEY", message, hint }));
  }

  keys(table: Table, path: readonly string[], known: readonly string[]): void {
    for (const key of Object.keys(table)) {
      if (known.includes(key)) continue;
      const where = path.length === 0 ? "smelt.toml" : `"[${path.join(".")}]"`;
      const message = `Unknown key ${JSON.stringify(key)} in ${where}`;
      this.fail([...path, key], message, meant(key, known) ?? `Known keys: ${known.join(", ")}`);
    }
  }

  table(parent: Table | undefined, path: readonly string[]): Table | undefined {
    const value = this.#value(parent, path);
    if (value === undefined || isTable(value)) return value;
    return this.#wrongKind(path, "a table", value);
  }

  text(
    parent: Table | undefined,
    path: readonly string[],
    pattern: RegExp,
    wanted: string,
  ): string | undefined {
    const value = this.#value(parent, path);
    if (value === undefined) return undefined;
    if (typeof value !== "string") return this.#wrongKind(path, "a string", value);
    if (!pattern.test(value)) {
      this.fail(path, `Correct "${path.join(".")}": expected ${wanted}, found ${JSON.stringify(value)}`);
    }
    return value;
  }

  flag(parent: Table | undefined, path: readonly string[]): boolean {
    const value = this.#value(parent, path);
    if (value === undefined || typeof value === "boolean") return value ?? false;
    return this.#wrongKind(path, "true or false", value) ?? false;
  }

  #value(parent: Table | undefined, path: readonly string[]): unknown {
    return valueAt(parent, path.at(-1) ?? "");
  }

  #wrongKind(path: readonly string[], wanted: string, value: unknown): undefined {
    this.fail(path, `Correct "${path.join(".")}": expected ${wanted}, found ${kindOfToml(value)}`);
  }

  #keyEnd(start: number): number {
    const word = /^(?:\[+[^\]\n]*\]+|[^\s=]+)/.exec(this.#source.text.slice(start));
    return start + Math.max(1, word?.[0].length ?? 0);
  }
}
