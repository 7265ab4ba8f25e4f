import type { StepOutcome } from "../actors/step_outcome.ts";
import type { Plan } from "../engine/plan.ts";
import type { ApplyResult } from "./apply_project.ts";

/**
 * How an apply or a destroy ended, in a word. `done`: all that was planned. `partial`: a part of it; the rest failed or was skipped.
 * `inDoubt`: the outcome of a call is unknown, or a replaced object is still there, so somebody must look.
 */
export type ApplyVerdict = "unchanged" | "declined" | "done" | "partial" | "failed" | "inDoubt";

/** What the verdict on a run rests on. */
export interface RunFacts {
  readonly outcomes: readonly StepOutcome[];
  readonly end: Extract<ApplyResult, { readonly kind: "ran" }>["run"]["end"];
  /** Objects that were replaced and are still there. */
  readonly deposedCount: number;
  /** What the plan could not decide and therefore left alone. */
  readonly undecided: readonly { readonly isInDoubt: boolean }[];
  /** What a destroy leaves alone. */
  readonly keptCount: number;
  /** Where outcomes lie that could not be stored, when there are any. */
  readonly unsavedAt: string | undefined;
}

/** Says how an apply or a destroy ended. */
export function applyVerdict(result: ApplyResult): ApplyVerdict {
  if (result.kind === "empty") return keptBy(result.prepared.plan).length === 0 ? "unchanged" : "failed";
  if (result.kind === "declined") return "declined";
  const { prepared: { plan }, run, deposed, doubts } = result;
  return runVerdict({
    outcomes: [...run.steps.values()],
    end: run.end,
    deposedCount: deposed.length,
    undecided: plan.resources.filter((each) => each.unrefreshed !== undefined).map(({ address }) => ({
      isInDoubt: doubts.has(address),
    })),
    keptCount: keptBy(plan).length,
    unsavedAt: run.unsavedAt,
  });
}

/** What is unsettled outranks what failed, since somebody must look. A destroy that keeps something has not destroyed all. */
export function runVerdict(facts: RunFacts): "done" | "partial" | "failed" | "inDoubt" {
  const { outcomes, end, deposedCount, undecided, keptCount, unsavedAt } = facts;
  const has = (kind: StepOutcome["kind"]) => outcomes.some((each) => each.kind === kind);
  const isUnsettled = has("inDoubt") || undecided.some((each) => each.isInDoubt);
  if (isUnsettled || deposedCount > 0 || unsavedAt !== undefined) return "inDoubt";
  const isWhole = end === "succeeded" && keptCount === 0 && undecided.length === 0;
  if (isWhole && !has("failed") && !has("skipped")) return "done";
  return has("succeeded") ? "partial" : "failed";
}

/**
 * What a destroy was to delete and keeps, which the plan gives reasons for: what is protected, and what that relies on. What
 * it was not about is no part of it.
 */
export function keptBy({ command, resources }: Plan): readonly string[] {
  if (command === "apply") return [];
  return resources.filter(({ action, reasons, unrefreshed }) =>
    action === "none" && unrefreshed === undefined && reasons.length > 0
  ).map(({ address }) => address);
}
