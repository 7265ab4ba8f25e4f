import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type Advisory, parseAdvisory } from "./advisory.ts";
import { auditPackages, type AuditReport, type AuditSubject } from "./audit_packages.ts";
import { type AuditRules, DEFAULT_AUDIT_RULES, parseAuditRules } from "./audit_policy.ts";

const TODAY = "2026-11-29";

function advisory(name: string, lines = "", more = ""): Advisory {
  const number = String([...name].reduce((sum, each) => sum + each.charCodeAt(0), 0)).padStart(4, "0");
  const read = parseAdvisory(
    `\`\`\`toml\n[advisory]\nid = "RUSTSEC-2026-${number}"\npackage = "${name}"\ndate = "2026-11-01"\n${lines}\n` +
      `[versions]\npatched = [">= 1.2.0"]\n${more}\n\`\`\`\n# Bad ${name}\n`,
  );
  ok(read.ok, read.ok ? "" : read.error);
  return read.value;
}

function subject(
  packages: Readonly<Record<string, string>>,
  changes: Partial<AuditSubject> = {},
): AuditSubject {
  const all = Object.entries(packages).map(([name, version]) => ({
    name,
    version,
    origin: "crates.io" as const,
  }));
  return { packages: all, targets: [{ system: "linux", processor: "x86_64" }], rust: undefined, ...changes };
}

function audited(
  advisories: readonly Advisory[],
  about: AuditSubject,
  rules: Partial<AuditRules> = {},
): AuditReport {
  const database = { packages: advisories, rust: [], digest: "sha256:0" };
  return auditPackages(database, about, { rules: { ...DEFAULT_AUDIT_RULES, ...rules }, today: TODAY });
}

function effects({ findings }: AuditReport): readonly string[] {
  return findings.map((each) => `${each.package} ${each.version} ${each.class} ${each.effect}`);
}

function codes({ faults }: AuditReport): readonly string[] {
  return faults.map(({ code, effect }) => `${code} ${effect}`);
}

Deno.test("auditPackages() refuses a vulnerable version and says which one is without it", () => {
  const report = audited([advisory("a")], subject({ a: "1.1.9", b: "1.0.0" }));
  strictEqual(report.outcome, "refused");
  deepStrictEqual(effects(report), ["a 1.1.9 vulnerability refused"]);
  strictEqual(report.findings[0]?.fixed, "1.2.0");
  strictEqual(audited([advisory("a")], subject({ a: "1.2.0" })).outcome, "passed");
  strictEqual(audited([advisory("a")], subject({ a: "1.2.0-rc.1" })).outcome, "refused");
});

Deno.test("auditPackages() warns of what is unmaintained, refuses what is unsound and what it does not know the class of", () => {
  const classes = ["unmaintained", "notice", "unsound", "malicious"];
  const report = audited(
    classes.map((each) => advisory(each, `informational = "${each}"`)),
    subject(Object.fromEntries(classes.map((each) => [each, "1.0.0"]))),
  );
  deepStrictEqual(effects(report), [
    "malicious 1.0.0 malicious refused",
    "notice 1.0.0 notice warned",
    "unmaintained 1.0.0 unmaintained warned",
    "unsound 1.0.0 unsound refused",
  ]);
  const rules = { classes: new Map([["unsound", "off"], ["unmaintained", "deny"]] as const) };
  const other = audited(
    [advisory("unsound", 'informational = "unsound"'), advisory("old", 'informational = "unmaintained"')],
    subject({ unsound: "1.0.0", old: "1.0.0" }),
    rules,
  );
  deepStrictEqual(effects(other), ["old 1.0.0 unmaintained refused"]);
});

Deno.test("auditPackages() passes over what was withdrawn, and what is about other systems and processors", () => {
  const about = subject({ a: "1.0.0", b: "1.0.0", c: "1.0.0", d: "1.0.0" });
  const report = audited([
    advisory("a", 'withdrawn = "2026-11-02"'),
    advisory("b", "", '[affected]\nos = ["windows"]'),
    advisory("c", "", '[affected]\narch = ["aarch64"]'),
    advisory("d", "", '[affected]\nos = ["linux", "macos"]\narch = ["x86_64"]'),
  ], about);
  deepStrictEqual(effects(report), ["d 1.0.0 vulnerability refused"]);
  const anywhere = audited([advisory("b", "", '[affected]\nos = ["windows"]')], { ...about, targets: [] });
  deepStrictEqual(effects(anywhere), ["b 1.0.0 vulnerability refused"]);
});

Deno.test("auditPackages() tells of packages that no advisory can be about, and of none of them a finding", () => {
  const packages = [{ name: "a", version: "1.0.0", origin: "git" }, {
    name: "a",
    version: "1.0.0",
    origin: "path",
  }] as const;
  const report = audited([advisory("a")], subject({}, { packages }));
  strictEqual(report.outcome, "passed");
  strictEqual(report.checkedCount, 0);
  deepStrictEqual(report.unchecked.map(({ origin }) => origin), ["git", "path"]);
});

Deno.test("auditPackages() warns of the compiler and refuses nobody for it", () => {
  const std = advisory("std");
  const database = { packages: [advisory("a")], rust: [std], digest: "sha256:0" };
  const at = { rules: DEFAULT_AUDIT_RULES, today: TODAY };
  const report = auditPackages(database, subject({}, { rust: "1.1.0" }), at);
  deepStrictEqual([report.outcome, ...effects(report)], ["passed", "std 1.1.0 vulnerability warned"]);
  deepStrictEqual(effects(auditPackages(database, subject({}), at)), []);
});

Deno.test("6.4 no. 9: IMG042: a database whose newest advisory is too old is stale, and one of the future does not make it new", () => {
  const dated = (date: string) => ({ ...advisory("a"), date });
  deepStrictEqual(codes(audited([dated("2026-08-31")], subject({}))), []);
  const stale = audited([dated("2026-08-30"), dated("2099-01-01")], subject({}));
  deepStrictEqual([stale.outcome, ...codes(stale)], ["refused", "IMG042 refused"]);
  match(stale.faults[0]?.message ?? "", /is of 2026-08-30, 91 days ago, and 90 are allowed$/);
  strictEqual(stale.database?.ageDays, 91);
  deepStrictEqual(codes(audited([dated("2099-01-01")], subject({}))), ["IMG042 refused"]);
  const warned = audited([dated("2026-08-30")], subject({}), { policy: "warn" });
  deepStrictEqual([warned.outcome, ...codes(warned)], ["passed", "IMG042 warned"]);
  strictEqual(audited([dated("2026-11-20")], subject({}), { maxAgeDays: 8 }).outcome, "refused");
});

Deno.test("6.4 no. 9: IMG044, IMG045: an ignore holds through its last day, and counts as a fault after it and where it meets nothing", () => {
  const found = advisory("a");
  const ignoring = (until: string, id = found.id) =>
    audited([found], subject({ a: "1.0.0" }), { ignores: [{ id, until, reason: "not reached" }] });
  const held = ignoring(TODAY);
  deepStrictEqual([held.outcome, ...effects(held), ...codes(held)], [
    "passed",
    "a 1.0.0 vulnerability ignored",
  ]);
  strictEqual(held.findings[0]?.reason, "not reached");
  const expired = ignoring("2026-11-28");
  deepStrictEqual([expired.outcome, ...effects(expired), ...codes(expired)], [
    "refused",
    "a 1.0.0 vulnerability refused",
    "IMG044 refused",
  ]);
  const unused = audited([found], subject({ b: "1.0.0" }), {
    ignores: [{ id: found.id, until: "2027-01-01", reason: "x" }],
  });
  deepStrictEqual([unused.outcome, ...codes(unused)], ["refused", "IMG045 refused"]);
});

Deno.test("auditPackages() under warn refuses nothing and hides nothing", () => {
  const report = audited([advisory("a")], subject({ a: "1.0.0" }), { policy: "warn" });
  deepStrictEqual([report.outcome, ...effects(report)], ["passed", "a 1.0.0 vulnerability warned"]);
});

Deno.test("parseAuditRules() reads rules, days as dates or as texts", () => {
  const rules = parseAuditRules(
    'policy = "warn"\ndatabase = "db"\nmax_age_days = 7\n[classes]\nunmaintained = "deny"\n' +
      '[[ignore]]\nid = "RUSTSEC-2026-0001"\nuntil = 2027-01-31\nreason = "r"\n' +
      '[[ignore]]\nid = "RUSTSEC-2026-0002"\nuntil = "2027-01-31"\nreason = "s"\n',
  );
  deepStrictEqual(rules.ok && { ...rules.value, classes: [...rules.value.classes] }, {
    policy: "warn",
    database: "db",
    maxAgeDays: 7,
    classes: [["notice", "warn"], ["unmaintained", "deny"], ["unsound", "deny"]],
    ignores: [
      { id: "RUSTSEC-2026-0001", until: "2027-01-31", reason: "r" },
      { id: "RUSTSEC-2026-0002", until: "2027-01-31", reason: "s" },
    ],
  });
  deepStrictEqual(parseAuditRules(""), { ok: true, value: DEFAULT_AUDIT_RULES });
});

Deno.test("parseAuditRules() refuses what nobody would notice", () => {
  const told = (text: string) => {
    const rules = parseAuditRules(text);
    return rules.ok ? "" : rules.error;
  };
  const ignore = '[[ignore]]\nid = "RUSTSEC-2026-0001"\nuntil = 2027-01-31\nreason = "r"\n';
  match(told("polcy = 1"), /unknown key "polcy"; did you mean "policy"\?/);
  match(
    told('[classes]\nunsund = "warn"'),
    /unknown key "classes\.unsund"; did you mean "classes\.unsound"\?/,
  );
  match(told('policy = "maybe"'), /"policy" is none of deny, warn, off/);
  match(told("max_age_days = 0"), /"max_age_days" is no whole number from 1 to 365/);
  match(told("max_age_days = 1.5"), /"max_age_days" is no whole number/);
  match(told('database = ""'), /"database" is no path/);
  match(told("ignore = 3"), /"ignore" is no list of tables/);
  match(told(ignore.replace('reason = "r"', 'reason = " "')), /has no "reason"/);
  match(told(ignore.replace("until = 2027-01-31", "")), /has no day "until"/);
  match(told(ignore.replace("2027-01-31", '"soon"')), /has no day "until"/);
  match(told(ignore.replace("until", "untl")), /unknown key "ignore\.untl"; did you mean "ignore\.until"\?/);
  match(told(ignore + ignore), /names RUSTSEC-2026-0001 twice/);
  match(told("x = "), /in line 1$/);
});
