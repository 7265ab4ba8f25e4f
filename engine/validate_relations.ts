import { bindingPlace, typeAt } from "./binding.ts";
import { outputFault, outputType, type TypedConfig, typedConfig } from "./given_output.ts";
import { nearName } from "./near_name.ts";
import { nameHint, type Problem, problem } from "./problem.ts";
import type { DesiredConfig, Need, ResourceConfig } from "./resource_config.ts";
import { type FieldType, formatFieldPath, parseFieldPath, type ResourceSchema } from "./schema.ts";
import { unfitType } from "./unfit_type.ts";

/**
 * Everything wrong with what resources and outputs take of each other, and with what resources ignore of themselves. Each
 * resource has passed `validateFields` on its own before. What all instances of a template need is looked at once.
 */
export function validateRelations(
  desired: DesiredConfig,
  schemas: (type: string) => ResourceSchema | undefined,
): readonly Problem[] {
  const typed = new Map<string, TypedConfig>();
  for (const config of desired.resources) {
    const schema = schemas(config.type);
    if (schema !== undefined) typed.set(config.address, typedConfig(config, schema));
  }
  const seen = new Set<Need>();
  const problems: Problem[] = [];
  for (const own of typed.values()) {
    for (const need of own.config.needs) {
      if (seen.has(need)) continue;
      seen.add(need);
      problems.push(...checkNeed(own, need, typed));
    }
    problems.push(...checkIgnored(own), ...checkTriggers(own, typed));
  }
  return [...problems, ...desired.outputs.flatMap((output) => checkOutput(output, typed))];
}

/** The first of the targets that cannot give what is needed; the others are of its kind. */
function checkNeed(
  own: TypedConfig,
  need: Need,
  typed: ReadonlyMap<string, TypedConfig>,
): readonly Problem[] {
  if (need.binding === undefined) return [];
  const place = bindingPlace(need, own.schema);
  if (!place.ok) return [];
  const name = need.source.kind === "output" ? need.source.name : "id";
  for (const address of need.targets) {
    const target = typed.get(address);
    if (target === undefined) continue;
    const fault = outputFault(target, name);
    if (fault !== undefined) {
      const message = `Cannot bind "${address}.${name}" (${target.schema.type}): ${fault.why}`;
      return [problem("E-UNKNOWN-OUTPUT", message, need.origin, fault.hint)];
    }
    const type = typeAt(own.schema, place.value);
    const given = name === "id" ? idOf(target) : outputType(target.schema, name);
    const why = type === undefined ? undefined : unfitType(type, given, `${address}.${name}`);
    if (why !== undefined) {
      const message = `Cannot bind to "${formatFieldPath(place.value)}" of ${describe(own)}: ${why}`;
      return [problem("E-BINDING", message, need.origin)];
    }
  }
  return [];
}

function idOf({ schema }: TypedConfig): FieldType {
  return { kind: "ref", target: schema.type };
}

function checkOutput(
  { name, target: address, path, origin }: DesiredConfig["outputs"][number],
  typed: ReadonlyMap<string, TypedConfig>,
): readonly Problem[] {
  const target = typed.get(address);
  const fault = target === undefined ? undefined : outputFault(target, path);
  if (target === undefined || fault === undefined) return [];
  const message =
    `Cannot show "${address}.${path}" (${target.schema.type}) as output "${name}": ${fault.why}`;
  return [problem("E-UNKNOWN-OUTPUT", message, origin, fault.hint)];
}

function checkTriggers(
  own: TypedConfig,
  typed: ReadonlyMap<string, TypedConfig>,
): readonly Problem[] {
  return own.config.triggers.flatMap(({ address, output, origin }) => {
    const target = typed.get(address);
    const fault = target === undefined ? undefined : outputFault(target, output);
    if (target === undefined || fault === undefined) return [];
    const message = `Cannot replace ${
      describe(own)
    } with "${address}.${output}" (${target.schema.type}): ${fault.why}`;
    return [problem("E-UNKNOWN-OUTPUT", message, origin, fault.hint)];
  });
}

function checkIgnored(own: TypedConfig): readonly Problem[] {
  const { config, schema } = own;
  return config.annotations.ignoreChanges.flatMap((text, index) => {
    const { surveyed } = schema;
    if (surveyed !== undefined && (text === surveyed || text.startsWith(`${surveyed}.`))) {
      const message = `Cannot ignore "${text}" in @ignore_changes of ${
        describe(own)
      }: what smelt fills in before each plan is what it builds`;
      return [problem("E-UNKNOWN-FIELD", message, ignoredOrigin(config, index))];
    }
    const isSection = schema.sections.some((each) => each.name === text);
    if (isSection || typeAt(schema, parseFieldPath(text)) !== undefined) return [];
    const names = placeNames(schema);
    const near = names.find((name) => name.endsWith(`.${text}`)) ?? nearName(text, names);
    return [problem(
      "E-UNKNOWN-FIELD",
      `Unknown field "${text}" in @ignore_changes of ${describe(own)}`,
      ignoredOrigin(config, index),
      nameHint(near, names),
    )];
  });
}

function ignoredOrigin(config: ResourceConfig, index: number): Problem["origin"] {
  return config.fieldOrigins.get(`@ignore_changes ${index}`) ?? config.origin;
}

/** Sections, and fields as they are written in paths. */
function placeNames({ sections }: ResourceSchema): readonly string[] {
  return sections.flatMap(({ name: section, fields }) => [
    ...(section === "" ? [] : [section]),
    ...fields.map((field) => formatFieldPath({ section, field: field.name })),
  ]);
}

function describe({ config }: TypedConfig): string {
  return `"${config.address}" (${config.type})`;
}
