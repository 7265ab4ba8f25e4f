import { IntegrityError } from "../engine/integrity_error.ts";
import { loadLog } from "../store/load_log.ts";
import type { LogFold } from "../store/log_fold.ts";
import {
  AUDIT_CHECK_TITLES,
  type AuditCheck,
  type AuditCheckId,
  type AuditReport,
  counted,
  failed,
  passed,
  warned,
} from "./audit_report.ts";
import type { AuditSubject } from "./audit_subject.ts";
import { checkpointCheck } from "./checkpoint_check.ts";
import { diagnoseLog, type Finding } from "./diagnose_log.ts";
import { LogSurvey } from "./log_survey.ts";
import { secretCheck } from "./secret_check.ts";
import { deposedObjects, intentCheck, openIntents, runCheck, transitionCheck } from "./state_checks.ts";

/**
 * Makes every check of the log of one environment, from its first record on, and tells what each found. Changes nothing.
 * Damage is told, not thrown, since telling it is what this is for; a store that fails rejects.
 */
export async function auditVerify(subject: AuditSubject): Promise<AuditReport> {
  const survey = new LogSurvey();
  const { checks, environment, log, pins } = subject;
  try {
    const see = survey.see.bind(survey);
    const fold = await loadLog(log, environment, { checks, pins, see });
    return fold.head.seq === 0 ? absentReport(subject) : await soundReport(subject, fold, survey);
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    return damagedReport(subject, await diagnoseLog(subject, error));
  }
}

async function soundReport(subject: AuditSubject, fold: LogFold, survey: LogSurvey): Promise<AuditReport> {
  const records = counted(fold.head.seq, "record");
  const intents = openIntents(fold);
  return {
    environment: subject.environment,
    stream: fold.stream,
    head: fold.head,
    eventCount: survey.eventCount,
    checks: [
      firstRecordCheck(subject),
      passed("V2", records),
      passed("V3", records),
      passed("V4", records),
      passed("V5", `${records}, ${counted(fold.environment.keys.durable.size, "key")}`),
      placeCheck(subject, fold),
      runCheck(survey.voids),
      intentCheck(survey.voids, intents, fold),
      transitionCheck(survey.voids),
      await checkpointCheck(subject, survey.checkpoints),
      reachCheck(subject, fold.head.seq),
      await secretCheck(subject, fold, survey),
    ],
    openIntents: intents,
    deposed: deposedObjects(fold),
    voids: survey.voids,
  };
}

function firstRecordCheck(subject: AuditSubject): AuditCheck {
  const [pin] = [...subject.pins].sort((one, other) => one.seq - other.seq);
  if (pin === undefined) {
    return warned("V1", "No pin names a record of this log: that it is the right one is taken on trust");
  }
  return pin.seq === 1
    ? passed("V1", `${pin.source} names record 1`)
    : passed("V1", `${pin.source} names record ${pin.seq}, which rests on record 1`);
}

function placeCheck(subject: AuditSubject, fold: LogFold): AuditCheck {
  const found = fold.environment.facts?.opened.project;
  if (found === subject.project) return passed("V6", `Project "${found}", environment "${fold.name}"`);
  return failed("V6", `Found a log of the project "${found}", wanted one of "${subject.project}"`);
}

function reachCheck(subject: AuditSubject, lastSeq: number): AuditCheck {
  const [pin] = [...subject.pins].sort((one, other) => other.seq - one.seq);
  if (pin === undefined) return passed("V11", "No pin covers any record: a rollback could not be seen");
  const beyond = pin.seq === lastSeq
    ? ""
    : `; a rollback of the ${counted(lastSeq - pin.seq, "record")} after it could not be seen`;
  return passed("V11", `${pin.source} covers the log up to record ${pin.seq}${beyond}`);
}

function absentReport(subject: AuditSubject): AuditReport {
  return emptyReport(subject, () => `There is no log of "${subject.environment}"`, []);
}

function damagedReport(subject: AuditSubject, findings: readonly Finding[]): AuditReport {
  return emptyReport(subject, (id) => WALKED.includes(id) ? undefined : UNCHECKED, findings);
}

const UNCHECKED = "Not checked to the end, since the log is damaged";

/** Checks that are made of a damaged log too, from end to end. */
const WALKED: readonly AuditCheckId[] = ["V1", "V2", "V3", "V4", "V6", "V11"];

/** A report in which nothing is known of the state. `unchecked` says why a check without findings was not made, if it was not. */
function emptyReport(
  subject: AuditSubject,
  unchecked: (id: AuditCheckId) => string | undefined,
  findings: readonly Finding[],
): AuditReport {
  const checks = CHECK_IDS.map((id) => {
    const messages = findings.filter((finding) => finding.check === id).map((finding) => finding.message);
    const [first] = messages;
    if (first !== undefined) return failed(id, first, messages);
    const why = unchecked(id);
    return why === undefined ? passed(id, "Nothing found") : failed(id, why);
  });
  const head = { seq: 0, hash: "" };
  const { environment } = subject;
  return { environment, stream: "", head, eventCount: 0, checks, openIntents: [], deposed: [], voids: [] };
}

const CHECK_IDS = Object.keys(AUDIT_CHECK_TITLES).filter(isCheckId);

function isCheckId(text: string): text is AuditCheckId {
  return text in AUDIT_CHECK_TITLES;
}
