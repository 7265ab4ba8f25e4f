import { EXIT_CODES, type ExitKind } from "../exit_code.ts";
import { countResults, type RunReport, type StepResult } from "../run_report.ts";
import type { Printable } from "./json_text.ts";
import { outcomeFactsJson } from "./outcome_facts_json.ts";
import { operationWord } from "./progress_json.ts";

/** The end of a run for scripts: each step, the counts of the summary, and the exit code. */
export function outcomeJson(report: RunReport, exit: ExitKind): Printable {
  const { inDoubt, ...counts } = countResults(report.results);
  return {
    command: report.command,
    environment: report.environment,
    run: report.run,
    end: report.end,
    results: report.results.map(resultJson),
    ...counts,
    in_doubt: inDoubt,
    kept: [...report.kept],
    deposed: report.deposed.map(({ address, id }) => ({ address, id })),
    unsaved_at: report.unsavedAt,
    exit: { code: EXIT_CODES[exit], kind: exit },
  };
}

function resultJson({ step, outcome, id }: StepResult): Printable {
  return {
    address: step.address,
    operation: operationWord(step.operation),
    id,
    ...outcomeFactsJson(outcome),
  };
}
