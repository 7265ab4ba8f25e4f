import type { Head } from "../store/journal_port.ts";
import type { VoidEvent } from "../store/log_fold.ts";

/** The required checks, in the order in which they are told. */
export const AUDIT_CHECK_TITLES = {
  V1: "The first record is the one that is pinned",
  V2: "Records are numbered from 1 without a gap",
  V3: "Each stored record is whole and in canonical form",
  V4: "Each record names the hash of the one before",
  V5: "Each signature verifies under a key trusted at that record",
  V6: "Each record belongs to this log, project and environment",
  V7: "Each run wrote only while it lived, and only what it had claimed",
  V8: "Each intent has one outcome",
  V9: "Each event follows from the state before it",
  V10: "Each checkpoint equals the fold",
  V11: "The log reaches every record that was seen before",
  V12: "Each secret's stored bytes open",
  V13: "The log holds the signed checkpoint that was kept elsewhere",
} as const;

export type AuditCheckId = keyof typeof AUDIT_CHECK_TITLES;

/** What one check found. */
export interface AuditCheck {
  readonly id: AuditCheckId;
  readonly title: string;
  /**
   * `failed`: the log or a blob is damaged. `unchecked`: damage elsewhere keeps the check from being made to the end.
   * `warning`: nothing is damaged, but somebody should look.
   */
  readonly status: "ok" | "failed" | "unchecked" | "warning";
  /** One sentence. */
  readonly detail: string;
  /** One line for each thing that is not as it should be. */
  readonly findings: readonly string[];
}

/** An intent without an outcome. */
export interface OpenIntentEntry {
  readonly address: string;
  readonly token: string;
  readonly operation: "create" | "update" | "delete";
  /** The run that had it, and whether that run still lives: then the call may be under way, else it is in doubt. */
  readonly run: string;
  readonly isRunLive: boolean;
}

/** An object that no longer counts but still exists. */
export interface DeposedEntry {
  readonly address: string;
  readonly id: string;
  readonly reason: "replaced" | "late";
}

/** Everything that `audit verify` found out. */
export interface AuditReport {
  readonly environment: string;
  /** Hash of record 1; empty when it could not be verified. */
  readonly stream: string;
  /** The last verified record; `seq` 0 when there is none. */
  readonly head: Head;
  /** How many records the log holds, as far as it can be walked; those after `head` do not verify. */
  readonly recordCount: number;
  /** Events of verified records. */
  readonly eventCount: number;
  /** In order: the first twelve, and the last where there is a checkpoint to hold the log against. */
  readonly checks: readonly AuditCheck[];
  readonly openIntents: readonly OpenIntentEntry[];
  readonly deposed: readonly DeposedEntry[];
  readonly voids: readonly VoidEvent[];
}

/**
 * What the report comes down to. `damaged`: a check failed. `unsettled`: nothing is damaged, but something is open, in
 * doubt, deposed, void or could not be looked at. `sound`: nothing of all that.
 */
export function auditOutcome(report: AuditReport): "sound" | "unsettled" | "damaged" {
  if (report.checks.some((check) => check.status === "failed")) return "damaged";
  const isSettled = report.openIntents.length === 0 && report.deposed.length === 0 &&
    report.checks.every((check) => check.status === "ok");
  return isSettled ? "sound" : "unsettled";
}

/** Makes a check that passed. */
export function passed(id: AuditCheckId, detail: string): AuditCheck {
  return { id, title: AUDIT_CHECK_TITLES[id], status: "ok", detail, findings: [] };
}

/** Makes a check that could not be made, or not to the end. */
export function unchecked(id: AuditCheckId, detail: string): AuditCheck {
  return { id, title: AUDIT_CHECK_TITLES[id], status: "unchecked", detail, findings: [] };
}

/** Makes a check that found damage. */
export function failed(id: AuditCheckId, detail: string, findings: readonly string[] = []): AuditCheck {
  return { id, title: AUDIT_CHECK_TITLES[id], status: "failed", detail, findings };
}

/** Makes a check that found no damage, but something that somebody should look at. */
export function warned(id: AuditCheckId, detail: string, findings: readonly string[] = []): AuditCheck {
  return { id, title: AUDIT_CHECK_TITLES[id], status: "warning", detail, findings };
}

/** Writes a number with its noun: `1 record`, `2 records`. */
export function counted(count: number, noun: string, plural = "s"): string {
  return `${count} ${noun}${count === 1 ? "" : plural}`;
}
