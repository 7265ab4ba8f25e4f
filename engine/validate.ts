import { bindingPlace, typeAt } from "./binding.ts";
import { checkValue } from "./check_value.ts";
import { nearName } from "./near_name.ts";
import { nameHint, type Problem, problem } from "./problem.ts";
import type { Need, Origin, ResourceConfig } from "./resource_config.ts";
import {
  type FieldPath,
  type FieldSchema,
  type FieldType,
  formatFieldPath,
  type ResourceSchema,
  type SectionSchema,
} from "./schema.ts";
import { isRecord, record, type ValueRecord } from "./value.ts";

/**
 * Everything wrong with a resource in the eyes of its schema: sections and fields that the type lacks, values of another
 * kind or outside their limits, required fields that are neither written nor bound, and bindings without a place.
 */
export function validateFields(config: ResourceConfig, schema: ResourceSchema): readonly Problem[] {
  const bindings = checkBindings(config, schema);
  return [
    ...surveyedSection(config, schema),
    ...validateGiven(config, schema, boundNames(bindings.places)),
    ...bindings.problems,
  ];
}

/** The names by which fields are known to be bound: a map that is bound key by key is there too, and its places name it as their section. */
export function boundNames(places: readonly FieldPath[]): ReadonlySet<string> {
  return new Set(places.flatMap((place) => [formatFieldPath(place), place.section]));
}

/** What of a resource gives it values of its own. */
export type GivenConfig = Pick<
  ResourceConfig,
  "address" | "type" | "fields" | "sections" | "origin" | "fieldOrigins"
>;

/** The same of the fields that a resource gives by itself; those of `bound` come from elsewhere. */
export function validateGiven(
  config: GivenConfig,
  schema: ResourceSchema,
  bound: ReadonlySet<string>,
): readonly Problem[] {
  return [
    ...unknownSections(config, schema),
    ...schema.sections.flatMap((section) => checkSection(config, section, schema)),
    ...schema.sections.flatMap((section) => missingFields(config, section, bound)),
  ];
}

/** What a survey finds is nobody's to write. */
function surveyedSection(config: ResourceConfig, { surveyed }: ResourceSchema): readonly Problem[] {
  if (surveyed === undefined || !config.sections.includes(surveyed)) return [];
  return [problem(
    "E-UNKNOWN-SECTION",
    `Cannot write the section "${surveyed}" of ${describe(config)}: smelt fills it in before each plan`,
    originOf(config, { section: "", field: surveyed }),
    "Take it out",
  )];
}

function unknownSections(config: GivenConfig, schema: ResourceSchema): readonly Problem[] {
  const names = sectionNames(schema);
  const unknown = config.sections.filter((name) => !names.includes(name) && name !== schema.surveyed);
  return unknown.map((name) => {
    const isField = bodyOf(schema).some((each) => each.name === name);
    const hint = isField
      ? `"${name}" is a field: write ${name} = { … }`
      : nameHint(nearName(name, names), names);
    return problem(
      "E-UNKNOWN-SECTION",
      `Unknown section "${name}" in ${describe(config)}`,
      originOf(config, { section: "", field: name }),
      hint,
    );
  });
}

function checkSection(
  config: GivenConfig,
  section: SectionSchema,
  schema: ResourceSchema,
): readonly Problem[] {
  return Object.entries(fieldsOf(config, section.name)).flatMap(([name, value]) => {
    const path = { section: section.name, field: name };
    const field = section.fields.find((each) => each.name === name);
    if (field === undefined) return section.open ? [] : [unknownField(config, path, schema)];
    if (value === null) return [];
    return checkValue(value, field).map((fault) =>
      problem(
        fault.code,
        `Cannot set "${formatFieldPath(path)}${fault.part}" of ${describe(config)}: ${fault.message}`,
        originOf(config, path),
        fault.hint,
      )
    );
  });
}

function unknownField(config: GivenConfig, path: FieldPath, schema: ResourceSchema): Problem {
  return problem(
    "E-UNKNOWN-FIELD",
    `Unknown field "${formatFieldPath(path)}" in ${describe(config)}`,
    originOf(config, path),
    unknownFieldHint(path, schema),
  );
}

function unknownFieldHint(path: FieldPath, schema: ResourceSchema): string | undefined {
  if (path.section === "" && sectionNames(schema).includes(path.field)) {
    return `"${path.field}" is a section: write ${path.field} { … }`;
  }
  const elsewhere = schema.sections.find((each) => each.fields.some((field) => field.name === path.field));
  if (elsewhere !== undefined) {
    return `Did you mean "${formatFieldPath({ section: elsewhere.name, field: path.field })}"?`;
  }
  const section = schema.sections.find((each) => each.name === path.section);
  const names = (section?.fields ?? []).map((each) => each.name);
  return nameHint(nearName(path.field, names), names);
}

function missingFields(
  config: GivenConfig,
  section: SectionSchema,
  bound: ReadonlySet<string>,
): readonly Problem[] {
  const fields = fieldsOf(config, section.name);
  return section.fields
    .filter((each) =>
      each.required && each.defaultValue === undefined && (fields[each.name] ?? null) === null
    )
    .map((each) => ({ section: section.name, field: each.name }))
    .filter((path) => !bound.has(formatFieldPath(path)))
    .map((path) =>
      problem(
        "E-REQUIRED",
        `Missing field "${formatFieldPath(path)}" in ${describe(config)}`,
        config.fieldOrigins.get(section.name) ?? config.origin,
        `Write it, or bind it: needs kind.name.output -> ${formatFieldPath(path)}`,
      )
    );
}

interface CheckedBindings {
  readonly places: readonly FieldPath[];
  readonly problems: readonly Problem[];
}

function checkBindings(config: ResourceConfig, schema: ResourceSchema): CheckedBindings {
  const places = new Map<string, FieldPath>();
  const problems: Problem[] = [];
  for (const need of config.needs) {
    if (need.binding === undefined) continue;
    const found = bindingPlace(need, schema);
    if (!found.ok) {
      problems.push(found.error);
      continue;
    }
    const type = typeAt(schema, found.value) ?? { kind: "any" };
    const { section } = found.value;
    if (section !== "" && section === schema.surveyed) {
      problems.push(surveyedPlace(config, need, found.value));
      continue;
    }
    problems.push(...checkPlace(config, need, { path: found.value, type, taken: places }));
    places.set(formatFieldPath(found.value), found.value);
  }
  return { places: [...places.values()], problems };
}

function surveyedPlace(config: ResourceConfig, need: Need, path: FieldPath): Problem {
  return problem(
    "E-BINDING",
    `Cannot bind to "${formatFieldPath(path)}" of ${describe(config)}: smelt fills it in before each plan`,
    need.origin,
  );
}

function checkPlace(
  config: ResourceConfig,
  need: Need,
  place: {
    readonly path: FieldPath;
    readonly type: FieldType;
    readonly taken: ReadonlyMap<string, FieldPath>;
  },
): readonly Problem[] {
  const name = formatFieldPath(place.path);
  const refuse = (why: string, hint?: string): readonly Problem[] => [
    problem("E-BINDING", `Cannot bind to "${name}" of ${describe(config)}: ${why}`, need.origin, hint),
  ];
  const written = isWritten(config, place.path);
  if (place.type.kind === "list") {
    const hint = "Take out what is written, and bind all elements, or none";
    return written ? refuse("it is written too, and what is bound would stand in its place", hint) : [];
  }
  if (place.taken.has(name)) return refuse("another needs already goes there, and it takes one value");
  if (written) return refuse("it is written too, and it takes one value");
  if (place.type.kind === "any") return [];
  if (need.many) {
    return refuse("it takes one value, found the list of all instances", "Name one instance by its key");
  }
  if (need.source.kind === "id" && !takesText(place.type)) {
    return refuse("it takes no text, and an id is one", "Bind an output: needs kind.name.output -> …");
  }
  return [];
}

function takesText(type: FieldType): boolean {
  return type.kind === "string" || type.kind === "ref" || type.kind === "enum";
}

function isWritten(config: ResourceConfig, { section, field }: FieldPath): boolean {
  const container = section === "" ? config.fields : config.fields[section];
  return isRecord(container) && (container[field] ?? null) !== null;
}

function fieldsOf(config: GivenConfig, section: string): ValueRecord {
  if (section !== "") {
    const value = config.sections.includes(section) ? config.fields[section] : undefined;
    return isRecord(value) ? value : record();
  }
  const names = Object.keys(config.fields);
  if (names.every((name) => config.sections.includes(name))) return record();
  return record(Object.entries(config.fields).filter(([name]) => !config.sections.includes(name)));
}

function sectionNames(schema: ResourceSchema): readonly string[] {
  return schema.sections.map((each) => each.name).filter((name) => name !== "" && name !== schema.surveyed);
}

function bodyOf(schema: ResourceSchema): readonly FieldSchema[] {
  return schema.sections.find((each) => each.name === "")?.fields ?? [];
}

function originOf(config: GivenConfig, path: FieldPath): Origin {
  return config.fieldOrigins.get(formatFieldPath(path)) ?? config.fieldOrigins.get(path.section) ??
    config.origin;
}

function describe(config: GivenConfig): string {
  return `"${config.address}" (${config.type})`;
}
