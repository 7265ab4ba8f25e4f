import type { AcceptedLoss } from "../engine/accepted_loss.ts";
import type { EnvironmentFacts } from "../engine/environment.ts";
import { type Pin, standingPins } from "../store/pin.ts";
import { type AuditCheck, counted, passed } from "./audit_report.ts";

/**
 * What is known to have been in the log is still there, but for what was accepted as lost. That is told for ever; while a person
 * has still to say that all is found which the lost part had done, somebody should look.
 */
export function reachCheck(
  pins: readonly Pin[],
  lastSeq: number,
  facts: EnvironmentFacts | undefined,
): AuditCheck {
  const check = passed("V11", coverageText(standingPins(pins, facts), lastSeq));
  const findings = (facts?.losses ?? []).map(lossText);
  if (facts?.isLossOpen !== true) return { ...check, findings };
  const open = "What the lost part of the log had done is not settled";
  return { ...check, status: "warning", findings: [...findings, open] };
}

function coverageText(pins: readonly Pin[], lastSeq: number): string {
  const [pin] = [...pins].sort((one, other) => other.seq - one.seq);
  if (pin === undefined) return "No pin covers any record: a rollback could not be seen";
  const beyond = pin.seq === lastSeq
    ? ""
    : `; a rollback of the ${counted(lastSeq - pin.seq, "record")} after it could not be seen`;
  return `${pin.source} covers the log up to record ${pin.seq}${beyond}`;
}

function lossText({ lostSeq, restoredSeq, who, at, seq, why }: AcceptedLoss): string {
  return `Restored to record ${restoredSeq}: ${who} accepted the loss of record ${lostSeq} at ${at}, in record ${seq}` +
    (why === undefined ? "" : `: ${why}`);
}
