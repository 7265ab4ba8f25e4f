import { resolve } from "node:path";
import { type Clock, formatInstant } from "../../engine/clock.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import {
  type AdvisoryDatabase,
  auditPackages,
  type AuditReport,
  type AuditSubject,
  auditWithout,
  type DatabaseFacts,
  isAuditable,
} from "../../image/audit_packages.ts";
import { type AuditRules, DEFAULT_AUDIT_RULES, parseAuditRules } from "../../image/audit_policy.ts";
import { originOf } from "../../image/cargo_lock.ts";
import { rustArchitecture } from "../../image/cargo_target.ts";
import { parsePlatform } from "../../image/platform.ts";
import type { AuditFacts, AuditFound, AuditRequest } from "../image_contents.ts";
import { type DatabaseFault, readAdvisories } from "./advisory_folder.ts";
import type { CargoLock } from "./cargo_lock_file.ts";
import type { CargoSource } from "./cargo_source.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";

/** The file of rules that is read where none is named. It belongs in version control. */
export const RULES_FILE = "image-audit.toml";

/** What an audit works with. */
export interface AuditParts {
  readonly clock: Clock;
  /** The working folder, absolute. */
  readonly folder: string;
}

const DATABASE_SOURCE = "https://github.com/rustsec/advisory-db";
const DATE_LENGTH = 10;

/** Holds what a program is made of against the advisories, as the rules say. Only what keeps it from being done is a fault. */
export async function audit(
  parts: AuditParts,
  request: AuditRequest,
  subject: AuditSubject,
): Promise<Result<AuditReport, ImageFault>> {
  const rules = await readRules(parts, request);
  if (!rules.ok) return rules;
  const { database, policy } = rules.value;
  if (policy === "off" || (database === undefined && !isAuditable(subject))) {
    return ok(auditWithout(rules.value, subject, undefined));
  }
  const found = await openDatabase(parts, database);
  if (!found.ok) return ok(auditWithout(rules.value, subject, found.error));
  const today = formatInstant(parts.clock.wallMs()).slice(0, DATE_LENGTH);
  return ok(auditPackages(found.value, subject, { rules: rules.value, today }));
}

/** What the lock of a source says that its program is made of. */
export function auditSubject({ lock, rust }: CargoSource, platforms: readonly string[]): AuditSubject {
  return { ...lockSubject(lock), targets: targetsOf(platforms), rust: rust.version };
}

/** What a lock says, of whatever will be built of it. */
export function lockSubject({ packages }: CargoLock): AuditSubject {
  const audited = packages.map(({ name, source, version }) => ({ name, version, origin: originOf(source) }));
  return { packages: audited, targets: [], rust: undefined };
}

function targetsOf(platforms: readonly string[]): AuditSubject["targets"] {
  return platforms.flatMap((text) => {
    const platform = parsePlatform(text);
    return platform === undefined ? [] : [{ system: platform.os, processor: rustArchitecture(platform) }];
  });
}

/** Options on the command line go before what the file says. */
async function readRules(
  { folder }: AuditParts,
  request: AuditRequest,
): Promise<Result<AuditRules, ImageFault>> {
  const shown = request.rules ?? RULES_FILE;
  const text = await answering(`Cannot read "${shown}"`, async () => {
    try {
      return await Deno.readTextFile(resolve(folder, shown));
    } catch (error) {
      if (isAbsent(error) && request.rules === undefined) return undefined;
      throw error;
    }
  });
  if (!text.ok) return text;
  const rules = text.value === undefined ? ok(DEFAULT_AUDIT_RULES) : parseAuditRules(text.value);
  if (!rules.ok) return err(imageFault(`Cannot use "${shown}": ${rules.error}`));
  return ok({
    ...rules.value,
    policy: request.policy ?? rules.value.policy,
    database: request.database ?? rules.value.database,
  });
}

async function openDatabase(
  { folder }: AuditParts,
  shown: string | undefined,
): Promise<Result<AdvisoryDatabase, DatabaseFault>> {
  if (shown !== undefined) return await readAdvisories(resolve(folder, shown), shown);
  return err({
    code: "IMG041",
    message: `no database of advisories is named; clone ${DATABASE_SOURCE}, and name it with --advisory-db`,
  });
}

/** What an audit that refuses says: the first thing that is wrong, by its code, and all that was found. */
export function refusal(
  action: string,
  { faults, findings }: Pick<AuditFacts, "faults" | "findings">,
): ImageFault {
  const met = findings.filter(({ effect }) => effect === "refused");
  const wrong = faults.filter(({ effect }) => effect === "refused");
  const [first] = wrong;
  const details = [
    ...wrong.slice(met.length > 0 ? 0 : 1).map(({ code, message }) => `${code}: ${message}`),
    ...met.map(findingText),
  ];
  if (met.length === 0 && first !== undefined) {
    return {
      ...imageFault(`${first.code}: ${action}: ${first.message}`, FAULT_HINTS.get(first.code)),
      details,
    };
  }
  const ids = new Set(met.map(({ id }) => id));
  const count = ids.size === 1 ? "1 advisory affects" : `${ids.size} advisories affect`;
  const hint =
    `Take versions that they do not affect, or ignore one in ${RULES_FILE} until a day, with a reason`;
  return { ...imageFault(`IMG040: ${action}: ${count} what it is made of`, hint), details };
}

/** An audit in lines: what was found, what is wrong with it, and what was looked up where. */
export function reportLines(
  { checkedCount, database, faults, findings }: AuditReport,
): readonly string[] {
  return [
    ...findings.map((each) => `${each.effect}: ${findingText(each)}`),
    ...faults.map(({ code, effect, message }) => `${effect}: ${code}: ${message}`),
    database === undefined ? "no advisory was looked up" : lookedUp(checkedCount, database),
  ];
}

function lookedUp(checkedCount: number, { advisoryCount, date = "no day" }: DatabaseFacts): string {
  const packages = checkedCount === 1 ? "1 package" : `${checkedCount} packages`;
  const advisories = advisoryCount === 1 ? "1 advisory" : `${advisoryCount} advisories`;
  return `${packages}, held against ${advisories} up to ${date}`;
}

const FAULT_HINTS: ReadonlyMap<string, string> = new Map([
  ["IMG041", "--audit off builds without looking"],
  ["IMG042", "Bring the database up to date, for example: git -C FOLDER pull"],
  ["IMG043", `Fetch it anew: a clone of ${DATABASE_SOURCE}, or of its branch osv`],
  ["IMG044", `Look at it again, and say in ${RULES_FILE} until when it may stay`],
  ["IMG045", `Take it out of ${RULES_FILE}`],
]);

function findingText({ class: kind, fixed, id, package: name, title, version }: AuditFound): string {
  const mended = fixed === undefined ? "no version is known without it" : `${fixed} is without it`;
  return `${id}: ${name} ${version}: ${kind}: ${title}; ${mended}`;
}
