import { parse, TomlDate, TomlError } from "smol-toml";
import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";

/** Whether what is found keeps an image from being built, is told, or is not looked for. */
export type AuditPolicy = "deny" | "warn" | "off";

/** An advisory that somebody has looked at, and that does not count until a day. */
export interface AuditIgnore {
  readonly id: string;
  /** The last day on which it does not count, `YYYY-MM-DD`. */
  readonly until: string;
  readonly reason: string;
}

/** What holds for the audit of a program's packages. */
export interface AuditRules {
  readonly policy: AuditPolicy;
  /** The folder of the advisories, as it was written; `undefined` where none is named. */
  readonly database: string | undefined;
  /** How old the newest advisory may be before the database counts as stale. */
  readonly maxAgeDays: number;
  /** What counts of advisories that are no vulnerabilities, by their class; one that is not named here counts like those. */
  readonly classes: ReadonlyMap<string, AuditPolicy>;
  readonly ignores: readonly AuditIgnore[];
}

/** What holds where nothing else is said. */
export const DEFAULT_AUDIT_RULES: AuditRules = {
  policy: "deny",
  database: undefined,
  maxAgeDays: 90,
  classes: new Map([["notice", "warn"], ["unmaintained", "warn"], ["unsound", "deny"]]),
  ignores: [],
};

/** Policies, as they are written. */
export const AUDIT_POLICIES: readonly AuditPolicy[] = ["deny", "warn", "off"];

const KEYS = ["classes", "database", "ignore", "max_age_days", "policy"];
const IGNORE_KEYS = ["id", "reason", "until"];
const LONGEST_AGE_DAYS = 365;
const DATE_REGEXP = /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$/;

/** Reads the file of rules; the error says what is wrong with it, as the end of a sentence. */
export function parseAuditRules(text: string): Result<AuditRules, string> {
  try {
    return ok(readRules(parse(text)));
  } catch (error) {
    if (error instanceof RuleError) return err(error.message);
    if (!(error instanceof TomlError)) throw error;
    const [reason = ""] = error.message.replace("Invalid TOML document: ", "").split("\n");
    return err(`${reason}, in line ${error.line}`);
  }
}

/** What is wrong with a rule; never leaves this file. */
class RuleError extends Error {}

type Table = Readonly<Record<string, unknown>>;

function readRules(root: Table): AuditRules {
  checkKeys(root, KEYS, "");
  const { database, ignore = [], max_age_days: age = DEFAULT_AUDIT_RULES.maxAgeDays } = root;
  if (database !== undefined && (typeof database !== "string" || database === "")) {
    throw new RuleError(`"database" is no path of a folder`);
  }
  if (typeof age !== "number" || !Number.isInteger(age) || age < 1 || age > LONGEST_AGE_DAYS) {
    throw new RuleError(`"max_age_days" is no whole number from 1 to ${LONGEST_AGE_DAYS}`);
  }
  if (!Array.isArray(ignore)) throw new RuleError(`"ignore" is no list of tables: write [[ignore]]`);
  const ignores = ignore.map(readIgnore);
  const twice = ignores.find(({ id }, index) => ignores.findIndex((each) => each.id === id) < index);
  if (twice !== undefined) throw new RuleError(`"ignore" names ${twice.id} twice`);
  return {
    policy: readPolicy(root["policy"] ?? DEFAULT_AUDIT_RULES.policy, "policy"),
    database,
    maxAgeDays: age,
    classes: readClasses(root["classes"] ?? {}),
    ignores,
  };
}

function readClasses(value: unknown): AuditRules["classes"] {
  if (!isTable(value)) throw new RuleError(`"classes" is no table`);
  checkKeys(value, [...DEFAULT_AUDIT_RULES.classes.keys()], "classes.");
  const own = Object.entries(value).map(([name, each]) =>
    [name, readPolicy(each, `classes.${name}`)] as const
  );
  return new Map([...DEFAULT_AUDIT_RULES.classes, ...own]);
}

function readPolicy(value: unknown, name: string): AuditPolicy {
  const policy = AUDIT_POLICIES.find((each) => each === value);
  if (policy === undefined) throw new RuleError(`"${name}" is none of ${AUDIT_POLICIES.join(", ")}`);
  return policy;
}

function readIgnore(value: unknown, index: number): AuditIgnore {
  const place = `ignore number ${index + 1}`;
  if (!isTable(value)) throw new RuleError(`${place} is no table: write [[ignore]]`);
  checkKeys(value, IGNORE_KEYS, "ignore.");
  const { id, reason } = value;
  const until = value["until"] instanceof TomlDate ? value["until"].toISOString() : value["until"];
  if (typeof id !== "string" || id === "") throw new RuleError(`${place} has no "id" of an advisory`);
  if (typeof reason !== "string" || reason.trim() === "") {
    throw new RuleError(`${place}, ${id}, has no "reason": say why it does not reach the program`);
  }
  if (typeof until !== "string" || !DATE_REGEXP.test(until)) {
    throw new RuleError(`${place}, ${id}, has no day "until" which it holds, such as 2027-01-31`);
  }
  return { id, until, reason };
}

function checkKeys(table: Table, known: readonly string[], prefix: string): void {
  const unknown = Object.keys(table).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const near = nearName(unknown, known);
  const meant = near === undefined ? `there are ${known.join(", ")}` : `did you mean "${prefix}${near}"?`;
  throw new RuleError(`it has an unknown key "${prefix}${unknown}"; ${meant}`);
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
