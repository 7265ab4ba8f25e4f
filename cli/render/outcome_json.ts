import { EXIT_CODES, type ExitKind } from "../exit_code.ts";
import { countResults, type Repair, type RunReport, type StepResult } from "../run_report.ts";
import type { Printable } from "./json_text.ts";
import { outcomeFactsJson } from "./outcome_facts_json.ts";
import { operationWord } from "./progress_json.ts";

/** The end of an apply for scripts, of one with nothing to do too: each step, the counts of the summary, and the exit code. */
export function outcomeJson(report: RunReport, exit: ExitKind): Printable {
  const { inDoubt, ...counts } = countResults(report.results);
  return {
    command: commandWord(report),
    environment: report.environment,
    rollback: rollbackJson(report.purpose),
    run: report.run ?? null,
    end: report.end,
    results: report.results.map(resultJson),
    ...counts,
    in_doubt: inDoubt,
    kept: [...report.kept],
    undecided: report.undecided.map(({ address, why, isInDoubt }) => ({ address, why, in_doubt: isInDoubt })),
    deposed: report.deposed.map(({ address, id }) => ({ address, id })),
    unsaved_at: report.unsavedAt,
    repairs: report.repairs.map(repairJson),
    exit: { code: EXIT_CODES[exit], kind: exit },
  };
}

function commandWord({ command, purpose }: RunReport): string {
  switch (purpose?.kind) {
    case "accept":
    case "revert":
      return `drift ${purpose.kind}`;
    case "rollback":
      return "rollback";
    default:
      return command;
  }
}

function rollbackJson(purpose: RunReport["purpose"]): Printable {
  if (purpose?.kind !== "rollback") return undefined;
  const { seq, irreversible } = purpose;
  return {
    to: seq,
    cannot_be_undone: irreversible.map(({ address, kind, id, what }) => ({
      address,
      kind,
      object_id: id,
      what,
    })),
  };
}

/** What was mended at the end of the log. */
export function repairJson({ kind, sizeBytes, keptAt }: Repair): Printable {
  return { kind, size_bytes: sizeBytes, kept_at: keptAt ?? null };
}

function resultJson({ step, outcome, id }: StepResult): Printable {
  return {
    address: step.address,
    operation: operationWord(step.operation),
    id,
    ...outcomeFactsJson(outcome),
  };
}
