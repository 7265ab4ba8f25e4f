import type { FieldSchema, FieldType, SectionSchema } from "../engine/schema.ts";
import type { Output, Ref } from "./output.ts";
import type { SchemaOf, TypeName } from "./resource_types.ts";
import type { Sensitive } from "./secret.ts";

/** Any value that can be written down: JSON, whole numbers of any size, and secrets. */
export type Json =
  | null
  | boolean
  | number
  | bigint
  | string
  | Sensitive<unknown>
  | readonly Json[]
  | { readonly [key: string]: Json };

/** What an open section takes: anything. */
export interface OpenFields {
  readonly [name: string]: Json | Output<unknown> | undefined;
}

/** What a resource of the type `Type` takes: the fields of its body, and a record for each section. */
export type Fields<Type extends TypeName> =
  & RequiredFields<Type, "">
  & OptionalFields<Type, "">
  & Sections<Type>;

/** The fields that stand directly in the body of a type. */
export type BodyField<Type extends TypeName> = SectionField<Type, "">;

/** The sections of a type that are written, its body among them: what a survey fills in is not. */
export type SectionsOf<Type extends TypeName> = Exclude<
  SchemaOf<Type>["sections"][number],
  { readonly name: SurveyedName<Type> }
>;

type SurveyedName<Type extends TypeName> = SchemaOf<Type> extends
  { readonly surveyed: infer Name extends string } ? Name : never;

/** The fields of one section of a type. */
type SectionField<Type extends TypeName, Name extends string> = Extract<
  SectionsOf<Type>,
  { readonly name: Name }
>["fields"][number];

type Sections<Type extends TypeName> =
  & {
    readonly [Each in SectionsOf<Type> as IsNeeded<Each> extends true ? Each["name"] : never]: TakenSection<
      Type,
      Each
    >;
  }
  & {
    readonly [Each in SectionsOf<Type> as IsNeeded<Each> extends true ? never : Exclude<Each["name"], "">]?:
      | TakenSection<Type, Each>
      | undefined;
  };

type IsNeeded<Of extends SectionSchema> = Of["name"] extends "" ? false
  : true extends Of["fields"][number]["required"] ? true
  : false;

type TakenSection<Type extends TypeName, Of extends SectionSchema> = Of["open"] extends true ? OpenFields
  : SectionFields<Type, Of["name"]>;

/** What one section of a type takes. */
export type SectionFields<Type extends TypeName, Name extends string> =
  & RequiredFields<Type, Name>
  & OptionalFields<Type, Name>;

/** Where a field stands: an entry of a map or record of the body can be bound by itself, one of a section cannot. */
type Place = "body" | "section";

type PlaceOf<Section extends string> = Section extends "" ? "body" : "section";

type RequiredFields<Type extends TypeName, Section extends string> = {
  readonly [Each in SectionField<Type, Section> as NameWhere<Each, true>]: Taken<
    Each["type"],
    PlaceOf<Section>
  >;
};

type OptionalFields<Type extends TypeName, Section extends string> = {
  readonly [Each in SectionField<Type, Section> as NameWhere<Each, false>]?:
    | Taken<Each["type"], PlaceOf<Section>>
    | undefined;
};

type NameWhere<Of extends FieldSchema, Required extends boolean> = Of["required"] extends Required
  ? Of["name"]
  : never;

/** What one field takes: a value, or what another resource gives. */
type Taken<Type extends FieldType, At extends Place> = Type extends
  { readonly kind: "list"; readonly element: infer Element extends FieldType }
  ? readonly (Plain<Element> | ElementOf<Element>)[] | Bound<Type>
  : Type extends { readonly kind: "map"; readonly element: infer Element extends FieldType }
    ? { readonly [key: string]: Plain<Element> | EntryOf<Element, At> } | Bound<Type>
  : Type extends { readonly kind: "record"; readonly fields: infer Of extends readonly FieldSchema[] }
    ? (At extends "body" ? TakenRecord<Of[number]> : PlainRecord<Of[number]>) | Bound<Type>
  : Plain<Type> | Bound<Type>;

/**
 * What of another resource an element of a list may be, where elements are neither lists nor records. A list that mixes these
 * with written elements is refused when it is planned: as types, the two would spoil the messages about either.
 */
type ElementOf<Element extends FieldType> = Element["kind"] extends "list" | "map" | "record" ? never
  : Bound<Element>;

type EntryOf<Element extends FieldType, At extends Place> = At extends "body" ? Bound<Element> : never;

/** What is written down for a field of the type. */
type Plain<Type extends FieldType> = Type extends { readonly kind: "any" } ? Json
  : Type extends { readonly kind: "list"; readonly element: infer Element extends FieldType }
    ? readonly Plain<Element>[]
  : Type extends { readonly kind: "map"; readonly element: infer Element extends FieldType }
    ? { readonly [key: string]: Plain<Element> }
  : Type extends { readonly kind: "record"; readonly fields: infer Of extends readonly FieldSchema[] }
    ? PlainRecord<Of[number]>
  : Scalar<Type> | Sensitive<Scalar<Type>>;

type TakenRecord<Of extends FieldSchema> = Shown<
  & { readonly [Each in Of as NameWhere<Each, true>]: Plain<Each["type"]> | Bound<Each["type"]> }
  & {
    readonly [Each in Of as NameWhere<Each, false>]?: Plain<Each["type"]> | Bound<Each["type"]> | undefined;
  }
>;

/** Written so that messages show its fields, not its name. */
type PlainRecord<Of extends FieldSchema> = Shown<
  & { readonly [Each in Of as NameWhere<Each, true>]: Plain<Each["type"]> }
  & { readonly [Each in Of as NameWhere<Each, false>]?: Plain<Each["type"]> | undefined }
>;

type Shown<Of> = Of extends infer Each ? { readonly [Name in keyof Each]: Each[Name] } : never;

type Scalar<Type extends FieldType> = Type extends { readonly kind: "enum"; readonly members: infer Members }
  ? Members extends readonly (infer Member)[] ? Member : never
  : Type extends { readonly kind: "integer" | "number" } ? number | bigint
  : Type extends { readonly kind: "boolean" } ? boolean
  : string;

/** What of another resource fits: of which a text is, one of the members, nobody can tell before the apply. */
type Bound<Type extends FieldType> = Type extends { readonly kind: "any" } ? Output<unknown>
  : Type extends { readonly kind: "ref"; readonly target: infer Target extends string } ? Ref<Target>
  : Type extends { readonly kind: "enum" } ? Output<string>
  : Output<Given<Type>>;

/** The kind of value that a field or an output of the type gives. */
export type Given<Type extends FieldType> = Type extends { readonly kind: "any" } ? unknown
  : Type extends { readonly kind: "list"; readonly element: infer Element extends FieldType }
    ? readonly Given<Element>[]
  : Type extends { readonly kind: "map"; readonly element: infer Element extends FieldType }
    ? { readonly [key: string]: Given<Element> }
  : Type extends { readonly kind: "record"; readonly fields: infer Of extends readonly FieldSchema[] }
    ? { readonly [Each in Of[number] as Each["name"]]?: Given<Each["type"]> }
  : Scalar<Type>;
