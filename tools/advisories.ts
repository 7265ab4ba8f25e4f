/**
 * Holds the locked packages against what is known of their weaknesses: what `deno audit` hears from the registry, where it
 * answers, and docs/advisories.json in any case. Exits with 1 when one is affected or not covered. `advisories.ts fresh` also
 * fails when the snapshot is older than it may be for a release.
 */
import {
  advisoryBreaches,
  type AdvisorySnapshot,
  SNAPSHOT_LIFE_DAYS,
  SNAPSHOT_PATH,
  snapshotAgeDays,
} from "./advisory_snapshot.ts";
import { type Audit, auditOf } from "./deno_audit.ts";
import { lockedIds } from "./lock_file.ts";
import { complain, note, say } from "./say.ts";
import { ACCEPTED_ADVISORIES } from "./supply_policy.ts";

const AUDIT_TIMEOUT_MS = 20_000;

if (import.meta.main) {
  Deno.exit(await checkAdvisories(Deno.args[0] === "fresh" ? "release" : "gate", new Date()));
}

async function checkAdvisories(use: "gate" | "release", today: Date): Promise<number> {
  const snapshot: AdvisorySnapshot = JSON.parse(await Deno.readTextFile(SNAPSHOT_PATH));
  const locked = lockedIds(await Deno.readTextFile("deno.lock"));
  const audit = await auditOf(".", {}, AbortSignal.timeout(AUDIT_TIMEOUT_MS));
  const ageDays = snapshotAgeDays(snapshot, today);
  const breaches = [
    ...(audit.kind === "affected" ? [audit.text] : []),
    ...advisoryBreaches(snapshot, { locked, accepted: ACCEPTED_ADVISORIES, today }),
    ...(use === "release" ? ageBreaches(ageDays) : []),
  ];
  for (const breach of breaches) complain(breach);
  if (audit.kind === "silent" || ageDays > SNAPSHOT_LIFE_DAYS) {
    note(`advisories: ${standing(audit, ageDays)}`);
  }
  say(`advisories: ${locked.length} packages, ${breaches.length} breaches`);
  return breaches.length === 0 ? 0 : 1;
}

/** What a release asks beyond every day's gate. */
export function ageBreaches(ageDays: number): readonly string[] {
  return ageDays <= SNAPSHOT_LIFE_DAYS ? [] : [
    `${SNAPSHOT_PATH} is ${ageDays} days old, a release wants ${SNAPSHOT_LIFE_DAYS} at most: deno task advisories`,
  ];
}

function standing(audit: Audit, ageDays: number): string {
  const old = ageDays > SNAPSHOT_LIFE_DAYS ? `, which is older than ${SNAPSHOT_LIFE_DAYS} days` : "";
  const answer = audit.kind === "silent" ? "the registry does not answer; " : "";
  return `${answer}the snapshot is ${ageDays} days old${old}`;
}
