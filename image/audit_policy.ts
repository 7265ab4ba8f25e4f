import { TomlDate } from "smol-toml";
import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { isTable, readTable, type Table } from "./toml_table.ts";

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

/** Reads the file of rules; the error says what is wrong with it first, as the end of a sentence. */
export function parseAuditRules(text: string): Result<AuditRules, string> {
  const document = readTable(text);
  if (!document.ok) return document;
  const reading = new RuleReading();
  const rules = reading.rules(document.value);
  const [fault] = reading.faults;
  return fault === undefined ? ok(rules) : err(fault);
}

/** Reads rules and collects what is wrong with them; what is wrong counts as not written. */
class RuleReading {
  readonly faults: string[] = [];

  rules(root: Table): AuditRules {
    this.#keys(root, KEYS, "");
    return {
      policy: this.#policy(root["policy"] ?? DEFAULT_AUDIT_RULES.policy, "policy"),
      database: this.#database(root["database"]),
      maxAgeDays: this.#age(root["max_age_days"] ?? DEFAULT_AUDIT_RULES.maxAgeDays),
      classes: this.#classes(root["classes"] ?? {}),
      ignores: this.#ignores(root["ignore"] ?? []),
    };
  }

  #database(value: unknown): string | undefined {
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    this.faults.push(`"database" is no path of a folder`);
    return undefined;
  }

  #age(value: unknown): number {
    const isDays = typeof value === "number" && Number.isInteger(value) && value >= 1 &&
      value <= LONGEST_AGE_DAYS;
    if (isDays) return value;
    this.faults.push(`"max_age_days" is no whole number from 1 to ${LONGEST_AGE_DAYS}`);
    return DEFAULT_AUDIT_RULES.maxAgeDays;
  }

  #classes(value: unknown): AuditRules["classes"] {
    const own = isTable(value) ? value : {};
    if (!isTable(value)) this.faults.push(`"classes" is no table`);
    this.#keys(own, [...DEFAULT_AUDIT_RULES.classes.keys()], "classes.");
    const read = Object.entries(own).map(([name, each]) =>
      [name, this.#policy(each, `classes.${name}`)] as const
    );
    return new Map([...DEFAULT_AUDIT_RULES.classes, ...read]);
  }

  #policy(value: unknown, name: string): AuditPolicy {
    const policy = AUDIT_POLICIES.find((each) => each === value);
    if (policy === undefined) this.faults.push(`"${name}" is none of ${AUDIT_POLICIES.join(", ")}`);
    return policy ?? DEFAULT_AUDIT_RULES.policy;
  }

  #ignores(value: unknown): readonly AuditIgnore[] {
    if (!Array.isArray(value)) this.faults.push(`"ignore" is no list of tables: write [[ignore]]`);
    const ignores = (Array.isArray(value) ? value : []).flatMap((each, index) =>
      this.#ignore(each, index) ?? []
    );
    const twice = ignores.find(({ id }, index) => ignores.findIndex((each) => each.id === id) < index);
    if (twice !== undefined) this.faults.push(`"ignore" names ${twice.id} twice`);
    return ignores;
  }

  #ignore(value: unknown, index: number): AuditIgnore | undefined {
    const place = `ignore number ${index + 1}`;
    if (!isTable(value)) return this.#fault(`${place} is no table: write [[ignore]]`);
    this.#keys(value, IGNORE_KEYS, "ignore.");
    const { id, reason } = value;
    const until = value["until"] instanceof TomlDate ? value["until"].toISOString() : value["until"];
    if (typeof id !== "string" || id === "") return this.#fault(`${place} has no "id" of an advisory`);
    if (typeof reason !== "string" || reason.trim() === "") {
      return this.#fault(`${place}, ${id}, has no "reason": say why it does not reach the program`);
    }
    if (typeof until !== "string" || !DATE_REGEXP.test(until)) {
      return this.#fault(`${place}, ${id}, has no day "until" which it holds, such as 2027-01-31`);
    }
    return { id, until, reason };
  }

  #keys(table: Table, known: readonly string[], prefix: string): void {
    for (const key of Object.keys(table).filter((each) => !known.includes(each))) {
      const near = nearName(key, known);
      const meant = near === undefined ? `there are ${known.join(", ")}` : `did you mean "${prefix}${near}"?`;
      this.faults.push(`it has an unknown key "${prefix}${key}"; ${meant}`);
    }
  }

  #fault(text: string): undefined {
    this.faults.push(text);
    return undefined;
  }
}
