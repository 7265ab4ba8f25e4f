import type { Step } from "../engine/steps.ts";
import type { ApplyListener, ApplyResult } from "../project/apply_project.ts";
import { keptBy, runVerdict } from "../project/apply_verdict.ts";
import type { PlanPurpose } from "../project/plan_purpose.ts";
import type { StepOutcome } from "../project/run_progress.ts";
import type { ExitKind } from "./exit_code.ts";

/** How a run ended, for the words and the JSON at its end. */
export interface RunReport {
  readonly command: "apply" | "destroy";
  readonly environment: string;
  /** What the plan was for, when it was not to make true what the files say. */
  readonly purpose?: PlanPurpose;
  /** `undefined` when there was nothing to do, and so no run. */
  readonly run: string | undefined;
  /** `nothing`: there was nothing to do. `lost`: others held the run for dead. `broken`: the log took no more records. */
  readonly end: "nothing" | "succeeded" | "failed" | "partial" | "stale" | "interrupted" | "lost" | "broken";
  readonly results: readonly StepResult[];
  /** Objects that were replaced and are still there, those of earlier runs too. */
  readonly deposed: readonly { readonly address: string; readonly id: string }[];
  /** What the plan could not decide and therefore left alone. */
  readonly undecided: readonly {
    readonly address: string;
    readonly why: string;
    readonly isInDoubt: boolean;
  }[];
  /** What a destroy leaves alone: what is protected, and what that relies on. */
  readonly kept: readonly string[];
  /** Where outcomes lie that could not be stored, when there are any. */
  readonly unsavedAt: string | undefined;
  /** What appends have mended at the end of the log. */
  readonly repairs: readonly Repair[];
}

/** Something that an append has mended. */
export type Repair = Parameters<ApplyListener["repaired"]>[0][number];

/** How one step ended. */
export interface StepResult {
  readonly step: Step;
  readonly outcome: StepOutcome;
  /** The object it was about, where it is known. */
  readonly id?: string | undefined;
}

/** What was done and what was not, counted by resource. */
export interface RunCounts {
  readonly created: number;
  readonly updated: number;
  readonly replaced: number;
  readonly deleted: number;
  /** Recorded without a call. */
  readonly recorded: number;
  readonly forgotten: number;
  readonly moved: number;
  readonly imported: number;
  readonly failed: number;
  readonly inDoubt: number;
  readonly skipped: number;
}

/** Counts the results. A resource that failed in one step counts as failed only, whatever else was skipped for it. */
export function countResults(results: readonly StepResult[]): RunCounts {
  const done = (operation: Step["operation"]) => addressesOf(results, operation);
  const created = done("create");
  const swapped = [...done("delete")].filter((address) => created.has(address));
  const replaced = new Set([...done("replace"), ...swapped]);
  const deposed = [...done("deleteDeposed")].filter((address) => !replaced.has(address));
  const badly = (kind: StepOutcome["kind"]) =>
    new Set(results.filter(({ outcome }) => outcome.kind === kind).map(({ step }) => step.address));
  const inDoubt = badly("inDoubt");
  const failed = badly("failed").difference(inDoubt);
  return {
    created: created.size - swapped.length,
    updated: done("update").size,
    replaced: replaced.size,
    deleted: done("delete").size - swapped.length + deposed.length,
    recorded: new Set([...done("rebind"), ...done("observe"), ...done("accept")]).size,
    forgotten: done("forget").size,
    moved: done("move").size,
    imported: done("import").size,
    failed: failed.size,
    inDoubt: inDoubt.size,
    skipped: badly("skipped").difference(failed).difference(inDoubt).size,
  };
}

/** The report of an apply that had nothing to do. */
export function emptyReport(
  { plan, purpose }: ApplyResult["prepared"],
  repairs: readonly Repair[],
): RunReport {
  const { command, environment } = plan;
  const kept = keptBy(plan);
  return {
    command,
    environment,
    ...(purpose === undefined ? {} : { purpose }),
    run: undefined,
    end: "nothing",
    results: [],
    deposed: [],
    undecided: [],
    kept,
    unsavedAt: undefined,
    repairs,
  };
}

/** The report of a run that has ended. */
export function runReport(
  { prepared, environment, run, ids, deposed, doubts }: Extract<ApplyResult, { readonly kind: "ran" }>,
  repairs: readonly Repair[],
): RunReport {
  const { plan, purpose, steps } = prepared;
  const byId = new Map(steps.map((step) => [step.id, step]));
  return {
    command: plan.command,
    environment,
    ...(purpose === undefined ? {} : { purpose }),
    run: run.run,
    end: run.end,
    results: [...run.steps].flatMap(([id, outcome]) => {
      const step = byId.get(id);
      return step === undefined ? [] : [{ step, outcome, id: objectOf(step, ids) }];
    }),
    deposed,
    undecided: plan.resources.flatMap(({ address, unrefreshed: why }) =>
      why === undefined ? [] : [{ address, why, isInDoubt: doubts.has(address) }]
    ),
    kept: keptBy(plan),
    unsavedAt: run.unsavedAt,
    repairs,
  };
}

/** The exit code of a run, or of having nothing to do. */
export function runExitKind({ results, deposed, undecided, kept, end, unsavedAt }: RunReport): ExitKind {
  if (end === "nothing") return kept.length === 0 ? "ok" : "error";
  const outcomes = results.map(({ outcome }) => outcome);
  const counts = { deposedCount: deposed.length, keptCount: kept.length };
  return VERDICT_EXITS[runVerdict({ outcomes, end, undecided, unsavedAt, ...counts })];
}

const VERDICT_EXITS = {
  done: "ok",
  partial: "partial",
  failed: "error",
  inDoubt: "inDoubt",
} as const satisfies Record<string, ExitKind>;

/** What is deleted is gone from the log; of a replacement the new object counts. */
function objectOf(step: Step, ids: ReadonlyMap<string, string>): string | undefined {
  switch (step.operation) {
    case "delete":
    case "deleteDeposed":
    case "forget":
    case "forgetDeposed":
      return step.objectId;
    default:
      return ids.get(step.address);
  }
}

function addressesOf(results: readonly StepResult[], operation: Step["operation"]): ReadonlySet<string> {
  const done = results.filter(({ step, outcome }) =>
    step.operation === operation && outcome.kind === "succeeded"
  );
  return new Set(done.map(({ step }) => step.address));
}
