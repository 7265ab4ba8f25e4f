import type { InputRule } from "../actors/step_message.ts";
import type { Plan } from "../engine/plan.ts";
import type { DesiredConfig } from "../engine/resource_config.ts";
import type { Registry } from "../providers/registry.ts";
import { type Constrained, constrainedOf, type ConstraintFinding, refusals } from "./check_constraints.ts";
import { loadConstraintCheck } from "./constraints/constraint_check.ts";
import { openLists } from "./constraints/constraint_fields.ts";
import { refusalText } from "./constraints/describe_verdict.ts";

/** What the constraints say of a plan, and of its steps once they know what the plan could not. */
export interface PlannedConstraints {
  /** Errors: the plan is not to be carried out. */
  readonly findings: readonly ConstraintFinding[];
  /** Asked before each call; answers for the constraints that the plan could not tell. */
  readonly inputRule: InputRule;
}

/** A resource of whose constraints some are left for its step. */
interface Postponed extends Constrained {
  readonly texts: readonly string[];
}

/** Checks the constraints once more, with all that a plan knows of what resources give each other. */
export async function checkPlannedConstraints(
  plan: Plan,
  desired: DesiredConfig,
  registry: Registry,
): Promise<PlannedConstraints> {
  const all = constrainedOf(desired, registry);
  const check = await loadConstraintCheck(all.flatMap(({ config }) => config.annotations.constraints));
  const planned = new Map(plan.resources.map((each) => [each.address, each]));
  const findings: ConstraintFinding[] = [];
  const postponed = new Map<string, Postponed>();
  for (const each of all) {
    const { address, annotations: { constraints } } = each.config;
    const { wanted, bound } = planned.get(address) ?? {};
    if (wanted === undefined || bound === undefined) continue;
    const verdicts = check(constraints, each.schema, openLists(wanted, bound));
    findings.push(...verdicts.flatMap((verdict, index) => refusals(each, index, verdict)));
    const texts = constraints.filter((_, index) => verdicts[index]?.kind === "unknown");
    if (texts.length > 0) postponed.set(address, { ...each, texts });
  }
  const inputRule: InputRule = (address, fields) => {
    const found = postponed.get(address);
    if (found === undefined) return undefined;
    const verdicts = check(found.texts, found.schema, fields);
    return verdicts.map((verdict, index) =>
      refusalText({ text: found.texts[index] ?? "", address, type: found.schema.type }, verdict)
    ).find((text) => text !== undefined);
  };
  return { findings, inputRule };
}
