import { SETTING_NAMES } from "../lang/expand_reference.ts";
import type { Witnesses } from "../audit/open_checkpoint.ts";
import { readPin, type RecordPin } from "./smelt_toml_pin.ts";
import { type KeyPlaces, LOCAL_KEYS, readSigningKey } from "./smelt_toml_keys.ts";
import { type CheckpointPin, readCheckpointPin } from "./smelt_toml_witnesses.ts";
import type { Check, PlacedText } from "./smelt_toml_check.ts";
import type { Table } from "./smelt_toml_table.ts";

/** One `[environments.E]`. */
export interface EnvironmentConfig {
  /** Hash of record 1 of the environment's log, 64 hex digits: the pin. Absent until `smelt init`. */
  readonly firstRecord: string | undefined;
  /** A later record that the log must hold too, as `smelt pin` writes it. */
  readonly pin: RecordPin | undefined;
  /** A signed checkpoint in a file, which the log must hold too. */
  readonly checkpoint: CheckpointPin | undefined;
  /** Whether commands that change it ask for its name. */
  readonly isProtected: boolean;
  /** How many other keys must have approved a plan; `undefined`: it says nothing. */
  readonly approvals: number | undefined;
  /** The names of its layers, the first of lowest priority, and where each stands in `smelt.toml`. */
  readonly layers: readonly PlacedText[];
  /** What `var.NAME` stands for in its files: its `vars`, `region` and `project_id`, and its name as `environment`. */
  readonly variables: ReadonlyMap<string, string>;
  /** Where its keys are. */
  readonly keys: KeyPlaces;
}

/** An environment of which nothing is written down. */
export function bareEnvironment(name: string, keys: KeyPlaces = LOCAL_KEYS): EnvironmentConfig {
  return {
    firstRecord: undefined,
    pin: undefined,
    checkpoint: undefined,
    isProtected: false,
    approvals: undefined,
    layers: [],
    variables: new Map([["environment", name]]),
    keys,
  };
}

/** Whether `text` can name an environment: it also names a file, and stands in signed statements. */
export function isEnvironmentName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text);
}

/** Which of `names` differs from `name` in the case of letters only: some file systems would give both one log. */
export function caseTwin(name: string, names: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  return [...names].find((each) => each !== name && each.toLowerCase() === lower);
}

const ENVIRONMENT_KEYS = [
  "first_record",
  "pin",
  "checkpoint",
  "protected",
  "approvals",
  "layers",
  "region",
  "project_id",
  "signing_key",
  "vars",
];

/** More approvers than this no environment has. */
export const MOST_APPROVALS = 99;
/** What holds for each environment that says nothing else. */
export interface ForAllEnvironments {
  readonly witnesses: Witnesses;
  readonly keys: KeyPlaces;
}

/** Reads all environments of the table `[environments]`. */
export function readEnvironments(
  check: Check,
  table: Table | undefined,
  all: ForAllEnvironments,
): Map<string, EnvironmentConfig> {
  const environments = new Map<string, EnvironmentConfig>();
  for (const name of Object.keys(table ?? {})) {
    const path = ["environments", name];
    if (!isEnvironmentName(name)) check.fail(path, badEnvironmentName(name));
    const twin = caseTwin(name, environments.keys());
    if (twin !== undefined) check.fail(path, sameButForCase(name, twin));
    const environment = check.table(table, path);
    if (environment === undefined) continue;
    environments.set(name, readEnvironment(check, environment, name, all));
  }
  return environments;
}

function readEnvironment(
  check: Check,
  table: Table,
  name: string,
  { witnesses, keys }: ForAllEnvironments,
): EnvironmentConfig {
  const path = ["environments", name];
  check.keys(table, path, ENVIRONMENT_KEYS);
  return {
    firstRecord: check.text(table, [...path, "first_record"], /^[0-9a-f]{64}$/, "64 lower-case hex digits"),
    pin: readPin(check, table, path),
    checkpoint: readCheckpointPin(check, table, path, witnesses),
    isProtected: check.flag(table, [...path, "protected"]),
    approvals: check.wholeNumber(table, [...path, "approvals"], MOST_APPROVALS),
    layers: check.texts(table, [...path, "layers"]),
    variables: readVariables(check, table, name),
    keys: { ...keys, signing: readSigningKey(check, table, [...path, "signing_key"]) ?? keys.signing },
  };
}

const SETTING_REGEXP = /^[^\p{Cc}\p{Cs}]{1,200}$/u;
const WORD_REGEXP = /^[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*$/u;

function readVariables(check: Check, table: Table, name: string): ReadonlyMap<string, string> {
  const path = ["environments", name];
  const variables = new Map([["environment", name]]);
  for (const setting of SETTING_NAMES) {
    const value = check.text(
      table,
      [...path, setting],
      SETTING_REGEXP,
      "1 to 200 characters without control characters",
    );
    if (value !== undefined) variables.set(setting, value);
  }
  const vars = check.table(table, [...path, "vars"]);
  for (const key of Object.keys(vars ?? {})) {
    const place = [...path, "vars", key];
    const fault = variableNameFault(key);
    if (fault !== undefined) check.fail(place, fault);
    const value = check.text(vars, place, /^/, "a text");
    if (value !== undefined && fault === undefined) variables.set(key, value);
  }
  return variables;
}

function variableNameFault(key: string): string | undefined {
  if (key === "environment" || SETTING_NAMES.includes(key)) {
    return `Rename the variable "${key}": "var.${key}" is ${
      key === "environment" ? "the name of the environment" : `the "${key}" of the environment`
    }`;
  }
  if (WORD_REGEXP.test(key)) return undefined;
  return `Rename the variable ${JSON.stringify(key)}: expected letters, digits and "_", no digit first`;
}

/** Why a text names no environment. */
export function badEnvironmentName(name: string): string {
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
