import { compareText } from "../engine/text_order.ts";
import type { Advisory } from "./advisory.ts";
import type { AuditIgnore, AuditRules } from "./audit_policy.ts";
import type { PackageOrigin } from "./cargo_lock.ts";
import { parseVersion, type Version, versionText } from "./version.ts";
import { rangeOf } from "./version_req.ts";

/** A package that a program is made of. */
export interface AuditedPackage {
  readonly name: string;
  readonly version: string;
  readonly origin: PackageOrigin;
}

/** What is looked at: packages, and for which systems and processors, by Rust's names, they are built. */
export interface AuditSubject {
  readonly packages: readonly AuditedPackage[];
  /** Any where there are none. */
  readonly targets: readonly { readonly system: string; readonly processor: string }[];
  /** The version of the compiler and its library, where it is known. */
  readonly rust: string | undefined;
}

/** The advisories of a database, read whole. */
export interface AdvisoryDatabase {
  /** About packages of the public registry. */
  readonly packages: readonly Advisory[];
  /** About Rust itself. */
  readonly rust: readonly Advisory[];
  /** SHA-256 of all that was read, by which an auditor finds the same. */
  readonly digest: string;
}

/** What an advisory that is met leads to. */
export type AuditEffect = "refused" | "warned" | "ignored";

/** An advisory that affects a package. */
export interface AuditFinding {
  readonly id: string;
  readonly package: string;
  readonly version: string;
  /** `vulnerability`, or what else the advisory warns of. */
  readonly class: string;
  readonly title: string;
  readonly date: string;
  readonly cvss: string | undefined;
  /** The first version behind this one that it does not affect; `undefined` where there is none. */
  readonly fixed: string | undefined;
  readonly effect: AuditEffect;
  /** Why it is ignored. */
  readonly reason: string | undefined;
}

/** What is wrong with an audit itself, by its code of docs/images.md. */
export interface AuditFault {
  readonly code: string;
  readonly message: string;
  readonly effect: "refused" | "warned";
}

/** What was looked up where, and what was found. */
export interface AuditReport {
  readonly outcome: "passed" | "refused";
  readonly policy: AuditRules["policy"];
  /** `undefined`: none was read. */
  readonly database: DatabaseFacts | undefined;
  /** How many packages were held against the database. */
  readonly checkedCount: number;
  /** Packages that it says nothing about, such as those from git. */
  readonly unchecked: readonly AuditedPackage[];
  readonly findings: readonly AuditFinding[];
  readonly faults: readonly AuditFault[];
}

/** Which advisories there were. */
export interface DatabaseFacts {
  readonly digest: string;
  readonly advisoryCount: number;
  /** The newest day of one, today at the latest. */
  readonly date: string | undefined;
  readonly ageDays: number | undefined;
}

const DAY_MS = 86_400_000;
const VULNERABILITY = "vulnerability";

/** Holds packages against all advisories; `today` is `YYYY-MM-DD`. */
export function auditPackages(
  database: AdvisoryDatabase,
  subject: AuditSubject,
  { rules, today }: { readonly rules: AuditRules; readonly today: string },
): AuditReport {
  const facts = databaseFacts(database, today);
  const standing = rules.ignores.filter(({ until }) => today <= until);
  const found = findingsOf(database, subject, { ...rules, ignores: standing });
  const faults = [...ageFaults(facts, rules), ...ignoreFaults(rules, found, today)];
  return auditReport(rules, { ...partsOf(subject), database: facts, findings: found, faults });
}

/** A report in which nothing was looked up. `fault`: why; a failure where the policy says so. */
export function auditWithout(
  rules: AuditRules,
  subject: AuditSubject,
  fault: Omit<AuditFault, "effect"> | undefined,
): AuditReport {
  const faults = fault === undefined ? [] : [{ ...fault, effect: faultEffect(rules) }];
  const unchecked = subject.packages;
  return auditReport(rules, { database: undefined, checkedCount: 0, unchecked, findings: [], faults });
}

/** Whether there is anything that advisories could be about. */
export function isAuditable({ packages }: AuditSubject): boolean {
  return packages.some(({ origin }) => origin === "crates.io");
}

function auditReport(
  { policy }: AuditRules,
  parts: Omit<AuditReport, "outcome" | "policy">,
): AuditReport {
  const isRefused = [...parts.findings, ...parts.faults].some(({ effect }) => effect === "refused");
  return { outcome: isRefused ? "refused" : "passed", policy, ...parts };
}

function partsOf({ packages }: AuditSubject): Pick<AuditReport, "checkedCount" | "unchecked"> {
  const unchecked = packages.filter(({ origin }) => origin !== "crates.io");
  return { checkedCount: packages.length - unchecked.length, unchecked };
}

function databaseFacts({ digest, packages, rust }: AdvisoryDatabase, today: string): DatabaseFacts {
  // A day that has not come yet must not make an old database look new.
  const dates = [...packages, ...rust].map(({ date }) => date).filter((date) => date <= today);
  const date = dates.toSorted(compareText).at(-1);
  const ageDays = date === undefined
    ? undefined
    : Math.round((Date.parse(today) - Date.parse(date)) / DAY_MS);
  return { digest, advisoryCount: packages.length + rust.length, date, ageDays };
}

function ageFaults({ ageDays, date }: DatabaseFacts, rules: AuditRules): readonly AuditFault[] {
  if (ageDays !== undefined && ageDays <= rules.maxAgeDays) return [];
  const message = ageDays === undefined
    ? "the database of advisories holds none of today or before: it is empty, or the clock of this machine is wrong"
    : `the newest advisory of the database is of ${date}, ${ageDays} days ago, and ${rules.maxAgeDays} are allowed`;
  return [{ code: "IMG042", message, effect: faultEffect(rules) }];
}

function ignoreFaults(
  rules: AuditRules,
  findings: readonly AuditFinding[],
  today: string,
): readonly AuditFault[] {
  const effect = faultEffect(rules);
  const met = new Set(findings.map(({ id }) => id));
  return rules.ignores.flatMap(({ id, reason, until }) => {
    if (until < today) {
      return [{ code: "IMG044", message: `${id} was ignored until ${until}, because "${reason}"`, effect }];
    }
    return met.has(id)
      ? []
      : [{ code: "IMG045", message: `${id} is ignored, and affects nothing here: take it out`, effect }];
  });
}

function findingsOf(
  { packages: advisories, rust }: AdvisoryDatabase,
  subject: AuditSubject,
  rules: AuditRules,
): readonly AuditFinding[] {
  const byName = Map.groupBy(advisories, (each) => each.package);
  const found = subject.packages.filter(({ origin }) => origin === "crates.io").flatMap((each) =>
    (byName.get(each.name) ?? []).flatMap((advisory) => findingOf(advisory, each, { rules, subject }) ?? [])
  );
  // A tool that is old says nothing of the program that is sure, so it is told and keeps nobody from anything.
  const tools = rust.flatMap((advisory) => {
    const tool = { name: advisory.package, version: subject.rust ?? "", origin: "crates.io" } as const;
    const finding = findingOf(advisory, tool, { rules, subject });
    return finding?.effect === "refused" ? [{ ...finding, effect: "warned" as const }] : finding ?? [];
  });
  return [...found, ...tools].toSorted((one, other) =>
    compareText(
      `${one.package}\n${one.id}\n${one.version}`,
      `${other.package}\n${other.id}\n${other.version}`,
    )
  );
}

function findingOf(
  advisory: Advisory,
  { name, version: text }: AuditedPackage,
  { rules, subject }: { readonly rules: AuditRules; readonly subject: AuditSubject },
): AuditFinding | undefined {
  const version = parseVersion(text);
  if (version === undefined || advisory.state === "withdrawn" || !isForTargets(advisory, subject)) {
    return undefined;
  }
  const range = rangeOf(version, advisory.affected);
  if (range === undefined) return undefined;
  const kind = advisory.informational ?? VULNERABILITY;
  const policy = classPolicy(rules, kind);
  if (policy === "off") return undefined;
  const ignore = rules.ignores.find(({ id }) => id === advisory.id);
  return {
    id: advisory.id,
    package: name,
    version: text,
    class: kind,
    title: advisory.title,
    date: advisory.date,
    cvss: advisory.cvss,
    fixed: fixedText(range.to),
    effect: effectOf(rules, policy, ignore),
    reason: ignore?.reason,
  };
}

function effectOf(
  rules: AuditRules,
  policy: AuditRules["policy"],
  ignore: AuditIgnore | undefined,
): AuditEffect {
  if (ignore !== undefined) return "ignored";
  return policy === "deny" ? faultEffect(rules) : "warned";
}

/** A class that nobody knew when the rules were made counts in full. */
function classPolicy({ classes }: AuditRules, kind: string): AuditRules["policy"] {
  return kind === VULNERABILITY ? "deny" : classes.get(kind) ?? "deny";
}

function faultEffect({ policy }: AuditRules): AuditFault["effect"] {
  return policy === "deny" ? "refused" : "warned";
}

function isForTargets({ processors, systems }: Advisory, { targets }: AuditSubject): boolean {
  return targets.length === 0 ||
    targets.some(({ processor, system }) =>
      (systems.length === 0 || systems.includes(system)) &&
      (processors.length === 0 || processors.includes(processor))
    );
}

/** What begins with the first pre-release of a version holds that version too, which is what people look for. */
function fixedText(to: Version | undefined): string | undefined {
  if (to === undefined) return undefined;
  return versionText(to.pre.length === 1 && to.pre[0] === "0" ? { ...to, pre: [] } : to);
}
