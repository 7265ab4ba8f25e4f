import type { auditImage } from "../../project/work_on_images.ts";
import type { Printable } from "./json_text.ts";

/** What an audit found. */
export type ShownAudit = Extract<Awaited<ReturnType<typeof auditImage>>, { readonly ok: true }>["value"];

/** An audit for scripts. */
export function auditJson(audit: ShownAudit): Readonly<Record<string, Printable>> {
  const { checkedCount, database, faults, findings, outcome, policy, unchecked } = audit;
  return {
    outcome,
    policy,
    database: database === undefined ? null : {
      digest: database.digest,
      advisories: database.advisoryCount,
      date: database.date ?? null,
      age_days: database.ageDays ?? null,
    },
    checked: checkedCount,
    unchecked: unchecked.map(({ name, origin, version }) => ({ name, version, origin })),
    findings: findings.map((each) => ({
      id: each.id,
      package: each.package,
      version: each.version,
      class: each.class,
      title: each.title,
      date: each.date,
      cvss: each.cvss ?? null,
      fixed: each.fixed ?? null,
      effect: each.effect,
      reason: each.reason ?? null,
    })),
    faults: faults.map(({ code, effect, message }) => ({ code, message, effect })),
  };
}
