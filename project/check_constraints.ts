import type { DesiredConfig, Origin, ResourceConfig } from "../engine/resource_config.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import type { Registry } from "../providers/registry.ts";
import { loadConstraintCheck, type Verdict } from "./constraints/constraint_check.ts";
import { desiredFields } from "./constraints/constraint_fields.ts";
import { refusalText } from "./constraints/describe_verdict.ts";

/** What is wrong with a constraint, or with the resource that it is about. */
export interface ConstraintFinding {
  readonly code: "E-CONSTRAINT" | "W-CONSTRAINT";
  readonly message: string;
  /** Where the annotation stands. */
  readonly origin: Origin;
  readonly hint?: string | undefined;
}

/** A resource with constraints, and the schema of its type. */
export interface Constrained {
  readonly config: ResourceConfig;
  readonly schema: ResourceSchema;
}

/**
 * Everything that the constraints of `desired` say against it, as far as the files alone tell; and, as warnings, those that
 * look as if they should be checked and cannot be. What a template makes of one annotation is warned of once.
 */
export async function checkConstraints(
  desired: DesiredConfig,
  registry: Registry,
): Promise<readonly ConstraintFinding[]> {
  const all = constrainedOf(desired, registry);
  const check = await loadConstraintCheck(all.flatMap(({ config }) => config.annotations.constraints));
  const warned = new Set<string>();
  return all.flatMap((each) => {
    const verdicts = check(
      each.config.annotations.constraints,
      each.schema,
      desiredFields(each.config, each.schema),
    );
    return verdicts.flatMap((verdict, index) => [
      ...refusals(each, index, verdict),
      ...warnings(each, index, verdict).filter((found) => isNew(warned, found)),
    ]);
  });
}

/** The resources that have constraints, whose types are known. */
export function constrainedOf({ resources }: DesiredConfig, registry: Registry): readonly Constrained[] {
  return resources.flatMap((config) => {
    const found = config.annotations.constraints.length === 0 ? undefined : registry.lookUp(config.type);
    return found?.ok ? [{ config, schema: found.value.schema }] : [];
  });
}

/** The error of a constraint that does not hold, or has no value; none while it is unknown. */
export function refusals(
  { config }: Constrained,
  index: number,
  verdict: Verdict,
): readonly ConstraintFinding[] {
  if (verdict.kind !== "false" && verdict.kind !== "faulty") return [];
  const message = refusalText(
    { text: textAt(config, index), address: config.address, type: config.type },
    verdict,
  );
  if (message === undefined) return [];
  const hint = verdict.kind === "faulty" ? verdict.hint : undefined;
  return [{ code: "E-CONSTRAINT", message, origin: originAt(config, index), hint }];
}

function warnings({ config }: Constrained, index: number, verdict: Verdict): readonly ConstraintFinding[] {
  if (verdict.kind !== "doubtful") return [];
  const message = `Cannot check the constraint ${JSON.stringify(textAt(config, index))}: ${verdict.why}`;
  return [{ code: "W-CONSTRAINT", message, origin: originAt(config, index), hint: verdict.hint }];
}

function isNew(warned: Set<string>, { message, origin }: ConstraintFinding): boolean {
  const key = `${origin.file}:${origin.line}:${origin.column} ${message}`;
  if (warned.has(key)) return false;
  warned.add(key);
  return true;
}

function textAt({ annotations }: ResourceConfig, index: number): string {
  return annotations.constraints[index] ?? "";
}

function originAt(config: ResourceConfig, index: number): Origin {
  return config.fieldOrigins.get(`@constraint ${index}`) ?? config.origin;
}
