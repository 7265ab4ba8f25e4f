import type { FieldSchema, FieldType, ResourceSchema, SectionSchema } from "../engine/schema.ts";
import type { BodyField, Given, OpenFields, SectionsOf } from "./field_types.ts";
import { type DeclaredTarget, type Id, Output } from "./output.ts";
import type { SchemaOf, TypeName } from "./resource_types.ts";
import type { Sensitive } from "./secret.ts";

/** Under it a handle keeps the resource that it stands for, out of the way of outputs. */
export const DECLARED: unique symbol = Symbol("declared resource");

/** A resource of any type, as `dependsOn` takes it. */
export interface AnyResource {
  readonly [DECLARED]: DeclaredTarget;
}

/**
 * A declared resource: a typed reference to each thing that it gives. These are `id`, its outputs, and its own fields, those of
 * a section below the section's name; what is never read back is not among them.
 */
export type Resource<Type extends TypeName> =
  & AnyResource
  & { readonly id: Id<Type> }
  & OutputRecord<SchemaOf<Type>["outputs"][number]>
  & OutputRecord<UnlessOutput<Type, BodyField<Type>>>
  & SectionOutputs<Exclude<SectionsOf<Type>, { readonly name: "" }>>;

/** What comes back of a section whose fields are outputs too. */
export type Echoed<Written extends OpenFields> = {
  readonly [Name in keyof Written]-?: Written[Name] extends Output<infer T> ? Output<T>
    : Written[Name] extends Sensitive<infer T> ? Output<T>
    : Output<Exclude<Written[Name], undefined>>;
};

/** An output hides a field of its name. */
type UnlessOutput<Type extends TypeName, Of extends FieldSchema> = Exclude<
  Of,
  { readonly name: SchemaOf<Type>["outputs"][number]["name"] }
>;

type SectionOutputs<Of extends SectionSchema> = {
  readonly [Each in Of as Each["open"] extends true ? never : Each["name"]]: OutputRecord<
    Each["fields"][number]
  >;
};

type OutputRecord<Of extends FieldSchema> = {
  readonly [Each in Of as Each["writeOnly"] extends true ? never : Each["name"]]: OutputOf<Each["type"]>;
};

type OutputOf<Type extends FieldType> = Type extends
  { readonly kind: "ref"; readonly target: infer Target extends string } ? Id<Target>
  : Output<Given<Type>>;

/** What of a schema says what a resource gives. */
export type OutputSchema = Pick<ResourceSchema, "sections" | "outputs" | "echoes">;

/** Makes the handle of `target`; `echoed` are the names that its echoing section was given. */
export function resourceHandle(
  target: DeclaredTarget,
  schema: OutputSchema,
  echoed: readonly string[],
): AnyResource {
  const body = schema.sections.filter((each) => each.name === "").flatMap((each) => each.fields);
  const sections = schema.sections.filter((each) => each.name !== "" && !each.open);
  const names = [...echoed, ...schema.outputs.map((each) => each.name), "id"];
  return Object.freeze({
    ...outputsOf(target, body),
    ...Object.fromEntries(
      sections.map((each) => [each.name, Object.freeze(outputsOf(target, each.fields, `${each.name}.`))]),
    ),
    ...Object.fromEntries(names.map((name) => [name, new Output(target, name)])),
    [DECLARED]: target,
  });
}

function outputsOf(
  target: DeclaredTarget,
  fields: readonly FieldSchema[],
  prefix = "",
): Readonly<Record<string, Output<unknown>>> {
  return Object.fromEntries(
    fields.filter((each) => !each.writeOnly).map(({ name }) => [name, new Output(target, prefix + name)]),
  );
}
