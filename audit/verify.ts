import type { EnvironmentFacts } from "../engine/environment.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { loadLog } from "../store/load_log.ts";
import type { StoredRecord } from "../store/log_backend.ts";
import { LogFold } from "../store/log_fold.ts";
import { standingPins } from "../store/pin.ts";
import { verifyRecords } from "../store/verify_records.ts";
import {
  AUDIT_CHECK_TITLES,
  type AuditCheck,
  type AuditCheckId,
  type AuditReport,
  counted,
  failed,
  passed,
  unchecked,
  warned,
} from "./audit_report.ts";
import type { AuditSubject } from "./audit_subject.ts";
import { checkpointCheck } from "./checkpoint_check.ts";
import { diagnoseLog, type Diagnosis } from "./diagnose_log.ts";
import { foldDigests } from "./fold_digests.ts";
import { heldCheck, heldSeq, type ReadLog } from "./held_checkpoint.ts";
import { LogSurvey } from "./log_survey.ts";
import { reachCheck } from "./reach_check.ts";
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
    const { survey, facts } = await surveyVerified(subject, error);
    const held = { ...subject, pins: standingPins(subject.pins, facts) };
    return damagedReport(held, survey, await diagnoseLog(held, error));
  }
}

async function soundReport(subject: AuditSubject, fold: LogFold, survey: LogSurvey): Promise<AuditReport> {
  const records = counted(fold.head.seq, "record");
  const intents = openIntents(fold);
  const seqs = [...survey.checkpoints.map(({ seq }) => seq), ...heldSeq(subject.held)];
  const digests = await foldDigests(subject, survey, seqs);
  return {
    environment: subject.environment,
    stream: fold.stream,
    head: fold.head,
    recordCount: fold.head.seq,
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
      checkpointCheck(survey.checkpoints, digests),
      reachCheck(subject.pins, fold.head.seq, fold.environment.durableFacts),
      await secretCheck(subject, fold, survey),
      ...await heldChecks(subject, { fold, survey, digests }),
    ],
    openIntents: intents,
    deposed: deposedObjects(fold),
    voids: survey.voids,
  };
}

async function heldChecks({ held }: AuditSubject, read: ReadLog): Promise<readonly AuditCheck[]> {
  return held === undefined ? [] : [await heldCheck(held, read)];
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

/**
 * Surveys a damaged log up to its last record that verifies: one by one, since a group fails as a whole. Where it was not a pin
 * that did not hold, each one up to there holds or was accepted as lost, which only a record after it may say.
 */
async function surveyVerified(
  { environment, log, checks, pins: all }: AuditSubject,
  { kind }: IntegrityError,
): Promise<{ readonly survey: LogSurvey; readonly facts: EnvironmentFacts | undefined }> {
  const survey = new LogSurvey();
  const pins = kind === "pin" ? all : all.filter(({ seq }) => seq === 1);
  const fold = new LogFold(environment);
  const verification = { checks, pins, see: survey.see.bind(survey) };
  try {
    for await (const stored of log.read(environment, 1)) {
      await verifyRecords(fold, alone(stored), verification);
    }
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
  }
  return { survey, facts: fold.environment.durableFacts };
}

async function* alone(stored: StoredRecord): AsyncGenerator<StoredRecord> {
  yield stored;
}

/** Nothing says that there ever was a log: no pin names one. */
function absentReport(subject: AuditSubject): AuditReport {
  const finding = { check: "V1", message: `There is no log of "${subject.environment}"` } as const;
  const diagnosis = { findings: [finding], recordCount: 0, isReadable: true, hasFirst: false };
  return damagedReport(subject, new LogSurvey(), diagnosis);
}

/** What can be said of a log that does not verify: up to where it does, and what walking the rest has found. */
function damagedReport(subject: AuditSubject, survey: LogSurvey, diagnosis: Diagnosis): AuditReport {
  const { head, stream, eventCount } = survey;
  const ids = CHECK_IDS.filter((id) => id !== "V13" || subject.held !== undefined);
  const checks = ids.map((id) => {
    const messages = diagnosis.findings.filter(({ check }) => check === id).map(({ message }) => message);
    const [first] = messages;
    return first === undefined ? unfound(subject, head.seq, id, diagnosis) : failed(id, first, messages);
  });
  const { environment } = subject;
  const { recordCount } = diagnosis;
  const nothing = { openIntents: [], deposed: [], voids: [] };
  return { environment, stream, head, recordCount, eventCount, checks, ...nothing };
}

/** A check of a damaged log that found nothing: passed where the walk could make it to the end. */
function unfound(
  subject: AuditSubject,
  verifiedSeq: number,
  id: AuditCheckId,
  { recordCount, isReadable, hasFirst }: Diagnosis,
): AuditCheck {
  if (recordCount === 0) return unchecked(id, "There is no record");
  const records = counted(recordCount, "record");
  switch (id) {
    case "V1":
      return hasFirst ? firstRecordCheck(subject) : unchecked(id, "Record 1 cannot be read");
    case "V2":
    case "V3":
    case "V4":
      return isReadable ? passed(id, records) : unchecked(id, `Not all of ${records} can be read`);
    case "V5":
      return verifiedSeq === recordCount ? passed(id, records) : unchecked(id, beyondText(verifiedSeq));
    case "V11":
      return isReadable
        ? reachCheck(subject.pins, recordCount, undefined)
        : unchecked(id, `Not all of ${records} can be read`);
    default:
      return unchecked(id, verifiedSeq === recordCount ? "Records are missing" : beyondText(verifiedSeq));
  }
}

function beyondText(verifiedSeq: number): string {
  return verifiedSeq === 0 ? "No record verifies" : `Not beyond record ${verifiedSeq}`;
}

const CHECK_IDS = Object.keys(AUDIT_CHECK_TITLES).filter(isCheckId);

function isCheckId(text: string): text is AuditCheckId {
  return text in AUDIT_CHECK_TITLES;
}
