import { invariant } from "./invariant.ts";
import { nearName } from "./near_name.ts";
import { nameHint, type Problem, problem } from "./problem.ts";
import type { Need } from "./resource_config.ts";
import { err, ok, type Result } from "./result.ts";
import {
  type FieldPath,
  type FieldSchema,
  type FieldType,
  formatFieldPath,
  type ResourceSchema,
} from "./schema.ts";

/**
 * Where the value of `need` goes in a resource of the type of `schema`; the one rule for validation and planning.
 *
 * A bare name means the one field of that name; among several, the one that takes ids. In a type with one open section,
 * a name that the schema lacks goes there. A path names section and field, or a field of the body that takes a map or a
 * record and one of its keys, which is laid out alike. A need without a binding has no place: asking for it is a bug.
 */
export function bindingPlace(need: Need, schema: ResourceSchema): Result<FieldPath, Problem> {
  const { binding } = need;
  invariant(binding !== undefined, "A need without a binding has no place");
  return binding.kind === "path"
    ? placeOfPath(binding.path, need, schema)
    : placeOfName(binding.field, need, schema);
}

/** What of a schema says which places there are. */
export type SchemaPlaces = Pick<ResourceSchema, "sections">;

/** The kind of value that a place takes: `any` in an open section. `undefined` when the type has no such place. */
export function typeAt(schema: SchemaPlaces, path: FieldPath): FieldType | undefined {
  const section = schema.sections.find((each) => each.name === path.section);
  const field = section?.fields.find((each) => each.name === path.field);
  if (field !== undefined) return field.type;
  if (section !== undefined) return section.open ? { kind: "any" } : undefined;
  const container = bodyField(schema, path.section);
  return container === undefined ? undefined : partType(container.type, path.field);
}

function placeOfName(name: string, need: Need, schema: ResourceSchema): Result<FieldPath, Problem> {
  const places = placesOf(name, schema);
  const idPlaces = places.filter((place) => takesIds(place.schema.type));
  const candidates = idPlaces.length > 0 ? idPlaces : places;
  const [first] = candidates;
  if (candidates.length > 1) return err(ambiguous(name, candidates.map((each) => each.path), need));
  if (first !== undefined) return ok(first.path);
  return placeInOpenSection(name, need, schema);
}

function placeInOpenSection(name: string, need: Need, schema: ResourceSchema): Result<FieldPath, Problem> {
  const open = schema.sections.filter((each) => each.open);
  const [only] = open;
  if (open.length > 1) {
    return err(ambiguous(name, open.map((each) => ({ section: each.name, field: name })), need));
  }
  if (only !== undefined) return ok({ section: only.name, field: name });
  const names = schema.sections.flatMap((each) => each.fields.map((field) => field.name));
  return err(problem(
    "E-BINDING",
    `Cannot bind to "${name}": ${schema.type} has no field of that name`,
    need.origin,
    nameHint(nearName(name, names), [...new Set(names)]),
  ));
}

function placeOfPath(path: FieldPath, need: Need, schema: ResourceSchema): Result<FieldPath, Problem> {
  if (typeAt(schema, path) !== undefined) return ok(path);
  const section = schema.sections.find((each) => each.name === path.section);
  const names = section === undefined
    ? schema.sections.map((each) => each.name).filter((name) => name !== "")
    : section.fields.map((each) => each.name);
  const near = nearName(section === undefined ? path.section : path.field, names);
  const missing = section === undefined ? `no section "${path.section}"` : `no field "${path.field}" there`;
  return err(problem(
    "E-BINDING",
    `Cannot bind to "${formatFieldPath(path)}": ${schema.type} has ${missing}`,
    need.origin,
    nameHint(near, names),
  ));
}

function placesOf(
  name: string,
  schema: ResourceSchema,
): readonly { readonly path: FieldPath; readonly schema: FieldSchema }[] {
  return schema.sections.flatMap((section) =>
    section.fields.filter((each) => each.name === name).map((each) => ({
      path: { section: section.name, field: name },
      schema: each,
    }))
  );
}

function ambiguous(name: string, places: readonly FieldPath[], need: Need): Problem {
  const written = places.map((place) => `"${formatFieldPath(place)}"`).join(" and ");
  return problem(
    "E-BINDING-AMBIGUOUS",
    `Cannot bind to "${name}": it could mean ${written}`,
    need.origin,
    `Write the section too, for example: -> ${
      places.map(formatFieldPath).find((path) => path.includes(".")) ?? name
    }`,
  );
}

function bodyField(schema: SchemaPlaces, name: string): FieldSchema | undefined {
  return schema.sections.find((each) => each.name === "")?.fields.find((each) => each.name === name);
}

function partType(type: FieldType, key: string): FieldType | undefined {
  if (type.kind === "map") return type.element;
  if (type.kind === "record") return type.fields.find((each) => each.name === key)?.type;
  return undefined;
}

function takesIds(type: FieldType): boolean {
  return type.kind === "ref" || (type.kind === "list" && type.element.kind === "ref");
}
