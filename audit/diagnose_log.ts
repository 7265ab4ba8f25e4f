import { IntegrityError } from "../engine/integrity_error.ts";
import { type OpenedRecord, openRecord } from "../store/record_codec.ts";
import type { AuditCheckId } from "./audit_report.ts";
import type { AuditSubject } from "./audit_subject.ts";

/** What is wrong at one place of a damaged log. */
export interface Finding {
  readonly check: AuditCheckId;
  readonly message: string;
}

/** What walking a damaged log from end to end brought. */
export interface Diagnosis {
  /** Not empty. */
  readonly findings: readonly Finding[];
  /** How many records were met. */
  readonly recordCount: number;
  /** Whether all of them could be read, up to the end of the log; where not, what rests on the others could not be checked. */
  readonly isReadable: boolean;
  /** Whether record 1 could be read. */
  readonly hasFirst: boolean;
}

/** How far the walk has come. An unreadable record has no hash: what rests on it cannot be told. */
interface Walk {
  seq: number;
  stream: string | undefined;
  hash: string | undefined;
}

/**
 * Walks a log that has refused to verify with `error` from end to end, and tells all that is wrong with its form, chain
 * and pins, where verification stops at the first. Signatures are those of `error` only: beyond it no key is trusted.
 */
export async function diagnoseLog(subject: AuditSubject, error: IntegrityError): Promise<Diagnosis> {
  const findings: Finding[] = [];
  const walk: Walk = { seq: 0, stream: "", hash: "" };
  try {
    for await (const stored of subject.log.read(subject.environment, 1)) {
      walk.seq++;
      findings.push(...step(subject, walk, stored.bytes));
    }
    findings.push(...unreached(subject, walk.seq));
  } catch (broken) {
    if (!(broken instanceof IntegrityError)) throw broken;
    findings.push({ check: checkOf(broken), message: broken.message });
  }
  const named = findings.some((finding) => tells(finding, error));
  return {
    findings: named ? findings : [...findings, { check: checkOf(error), message: error.message }],
    recordCount: walk.seq,
    isReadable: !findings.some(({ check }) => check === "V3"),
    hasFirst: walk.seq > 0 && walk.stream !== undefined,
  };
}

/** Whether a finding of the walk tells of what verification stopped at, maybe in other words. */
function tells({ check, message }: Finding, error: IntegrityError): boolean {
  if (message === error.message || check === checkOf(error)) return true;
  return (error.kind === "pin" && check === "V1") ||
    (error.kind === "chain" && (check === "V2" || check === "V4"));
}

function step(subject: AuditSubject, walk: Walk, bytes: Uint8Array): readonly Finding[] {
  const where = `${subject.environment} record ${walk.seq}`;
  const opened = tryOpen(bytes, where);
  if (opened instanceof IntegrityError) {
    walk.hash = undefined;
    if (walk.seq === 1) walk.stream = undefined;
    return [{ check: "V3", message: opened.message }];
  }
  const findings = chainFindings(walk, opened, where);
  walk.hash = subject.checks.hash(opened.canonicalBytes);
  if (walk.seq === 1) walk.stream = walk.hash;
  return [...findings, ...pinFindings(subject, walk.seq, walk.hash)];
}

function tryOpen(bytes: Uint8Array, where: string): OpenedRecord | IntegrityError {
  try {
    return openRecord(bytes, where);
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    return error;
  }
}

function chainFindings(walk: Walk, opened: OpenedRecord, where: string): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (check: AuditCheckId, name: string, found: string, wanted: string | undefined): void => {
    if (wanted === undefined || found === wanted) return;
    findings.push({ check, message: `${where}: found ${name} "${found}", wanted "${wanted}"` });
  };
  add("V2", "seq", `${opened.seq}`, `${walk.seq}`);
  add("V4", "prev", opened.prev, walk.hash);
  add("V6", "stream", opened.stream, walk.stream);
  return findings;
}

function pinFindings(subject: AuditSubject, seq: number, hash: string): readonly Finding[] {
  return subject.pins.filter((pin) => pin.seq === seq && pin.hash !== hash).map((pin) => ({
    check: seq === 1 ? "V1" : "V11",
    message: `${subject.environment} record ${seq}: found hash "${hash}", ${pin.source} wants "${pin.hash}"`,
  }));
}

function unreached(subject: AuditSubject, lastSeq: number): readonly Finding[] {
  return subject.pins.filter((pin) => pin.seq > lastSeq).map((pin) => ({
    check: pin.seq === 1 ? "V1" : "V11",
    message: lastSeq === 0
      ? `${subject.environment}: there is no log, and ${pin.source} names record ${pin.seq} of it`
      : `${subject.environment}: the log ends with record ${lastSeq}, ${pin.source} names record ${pin.seq}`,
  }));
}

function checkOf(error: IntegrityError): AuditCheckId {
  switch (error.kind) {
    case "signature":
    case "key":
      return "V5";
    case "chain":
      return "V6";
    case "pin":
      return "V11";
    case "checkpoint":
      return "V10";
    case "blob":
      return "V12";
    case "malformed":
    case "version":
      return "V3";
  }
}
