import type { ResourceConfig } from "../engine/resource_config.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import type { ValueRecord } from "../engine/value.ts";
import { loadConstraintCheck, type Verdict } from "./constraints/constraint_check.ts";
import { desiredFields } from "./constraints/constraint_fields.ts";

/** What is to be said of one constraint. */
export interface ExplainedConstraint {
  readonly text: string;
  readonly status: "holds" | "fails" | "unknown" | "unchecked";
  /** Why it is not `holds`; prose needs none. */
  readonly reason?: string;
}

/** Tells of each constraint of a resource, in order, what comes of it. `fields` are those of a plan, where one was made. */
export async function explainConstraints(
  config: ResourceConfig,
  schema: ResourceSchema,
  fields: ValueRecord = desiredFields(config, schema),
): Promise<readonly ExplainedConstraint[]> {
  const { constraints } = config.annotations;
  const check = await loadConstraintCheck(constraints);
  return check(constraints, schema, fields).map((verdict, index) => ({
    text: constraints[index] ?? "",
    ...explained(verdict),
  }));
}

function explained(verdict: Verdict): Omit<ExplainedConstraint, "text"> {
  switch (verdict.kind) {
    case "holds":
      return { status: "holds" };
    case "false":
      return verdict.found === ""
        ? { status: "fails" }
        : { status: "fails", reason: `found ${verdict.found}` };
    case "faulty":
      return { status: "fails", reason: verdict.why };
    case "unknown":
      return { status: "unknown", reason: `what ${verdict.address} gives is not known yet` };
    case "prose":
      return { status: "unchecked" };
    case "doubtful":
      return { status: "unchecked", reason: verdict.why };
  }
}
