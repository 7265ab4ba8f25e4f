import { deepStrictEqual } from "node:assert/strict";
import type { PlanInput } from "./make_plan.ts";
import { isTouched, type Plan } from "./plan.ts";
import { planProblems } from "./plan_problems.ts";
import { seedOf } from "./plan_seed.ts";
import { stepsOf } from "./plan_steps.ts";
import { replan } from "./replan.ts";
import { summarizePlan } from "./summarize_plan.ts";

/** Checks that a plan that could be saved follows from its seed: whoever opens it makes the same plan of it, step by step. */
export function checkReplanned(input: PlanInput, plan: Plan): void {
  if (planProblems(plan, input.state).length > 0) return;
  const again = replan(seedOf(input, plan), input);
  deepStrictEqual(again, {
    ok: true,
    value: {
      plan: { ...plan, resources: plan.resources.filter(isTouched) },
      steps: stepsOf(plan, input.state),
      summary: summarizePlan(plan),
    },
  });
}
