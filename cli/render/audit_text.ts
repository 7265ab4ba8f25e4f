import { type Line, line, span, type Style } from "../text.ts";
import type { ShownAudit } from "./audit_json.ts";

type Effect = ShownAudit["findings"][number]["effect"];

const COLORS: Readonly<Record<Effect, Style>> = { refused: "red", warned: "yellow", ignored: "dim" };

/** An audit for people: what was found, what is wrong with the audit itself, and what was looked up where. */
export function auditLines(audit: ShownAudit): readonly Line[] {
  const { faults, findings, policy } = audit;
  if (policy === "off") return [line("The audit is off: no advisory was looked up")];
  return [
    ...findings.flatMap(findingLines),
    ...faults.map(({ code, effect, message }) =>
      line(span(`${code} ${effect}`, COLORS[effect]), `: ${message}`)
    ),
    ...sumLines(audit),
  ];
}

function findingLines(finding: ShownAudit["findings"][number]): readonly Line[] {
  const { cvss, effect, fixed, id, package: name, reason, title, version } = finding;
  return [
    line(span(`${id} ${effect}`, COLORS[effect]), `: ${name} ${version}: ${finding.class}`),
    line("  ", title),
    line("  ", fixed === undefined ? "no version is known without it" : `${fixed} is without it`),
    ...(cvss === undefined ? [] : [line("  ", span(cvss, "dim"))]),
    ...(reason === undefined ? [] : [line(`  ignored: ${reason}`)]),
  ];
}

function sumLines({ checkedCount, database, findings, unchecked }: ShownAudit): readonly Line[] {
  if (database === undefined) return [line(notLookedUp(unchecked))];
  const count = (effect: Effect) => findings.filter((each) => each.effect === effect).length;
  const found = `${count("refused")} refused, ${count("warned")} warned, ${count("ignored")} ignored`;
  const against = `${advisoriesText(database.advisoryCount)} up to ${database.date ?? "no day"}`;
  const names = unchecked.map(({ name, version }) => `${name} ${version}`);
  return [
    line(`${packagesText(checkedCount)} of crates.io, held against ${against}: ${found}`),
    ...(names.length === 0 ? [] : [line(`Not of crates.io, so not looked up: ${names.join(", ")}`)]),
  ];
}

function notLookedUp(unchecked: ShownAudit["unchecked"]): string {
  const count = unchecked.filter(({ origin }) => origin === "crates.io").length;
  return count === 0
    ? "No package is of crates.io, so there is no advisory to look up"
    : `${packagesText(count)} of crates.io, held against no advisory`;
}

function packagesText(count: number): string {
  return count === 1 ? "1 package" : `${count} packages`;
}

function advisoriesText(count: number): string {
  return count === 1 ? "1 advisory" : `${count} advisories`;
}
