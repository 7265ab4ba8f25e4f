import { IntegrityError } from "../engine/integrity_error.ts";
import type { SealedSecret } from "../engine/value.ts";
import type { LogFold } from "../store/log_fold.ts";
import type { Vault } from "../trust/vault_port.ts";
import { type AuditCheck, counted, failed, passed, warned } from "./audit_report.ts";
import type { AuditSubject } from "./audit_subject.ts";
import type { LogSurvey } from "./log_survey.ts";

/** How many blobs are opened at one time. */
const WINDOW = 32;

/**
 * V12. Each secret must open, and its text must have the digest that the log holds. Where the keys are not on this machine
 * nothing can be opened, which is told as a warning: unseen is not sound. Keys that were altered are damage. One that an admin has
 * given up is a warning too.
 */
export async function secretCheck(
  subject: AuditSubject,
  fold: LogFold,
  survey: LogSurvey,
): Promise<AuditCheck> {
  const { facts } = fold.environment;
  const secrets = [...survey.secrets.values()];
  if (secrets.length === 0 || facts === undefined) return passed("V12", "The log names no secrets");
  const vault = await subject.vault(fold.stream, facts);
  const secretCount = counted(secrets.length, "secret");
  if (!vault.ok) {
    const told = vault.error.kind === "damaged" ? failed : warned;
    return told("V12", `${secretCount} not opened`, [vault.error.message]);
  }
  const findings: string[] = [];
  const givenUp: string[] = [];
  for (let start = 0; start < secrets.length; start += WINDOW) {
    const window = secrets.slice(start, start + WINDOW);
    const faults = await Promise.all(window.map(({ sealed }) => faultOf(vault.value, sealed)));
    for (const [index, { sealed: { blob }, seq }] of window.entries()) {
      const fault = faults[index];
      if (fault === undefined) continue;
      const record = survey.givenUp.records.get(blob.slice(0, blob.indexOf("/")));
      const finding = `${fold.placeOf(seq)}: ${fault}`;
      if (record === undefined) findings.push(finding);
      else givenUp.push(`${finding}; record ${record} gives it up`);
    }
  }
  const all = [...findings, ...givenUp];
  if (findings.length > 0) return failed("V12", `${findings.length} of ${secretCount} cannot be opened`, all);
  if (givenUp.length > 0) return warned("V12", `${givenUp.length} of ${secretCount} given up`, all);
  return passed("V12", secretCount);
}

async function faultOf(vault: Vault, sealed: SealedSecret): Promise<string | undefined> {
  try {
    const clear = await vault.open(sealed);
    if (await vault.matches(sealed, clear)) return undefined;
    return `The secret in blob ${sealed.blob} has another digest than the log says: a key was altered, or a record lies`;
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    return error.message;
  }
}
