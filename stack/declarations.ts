import type { Fields, OpenFields, SectionsOf } from "./field_types.ts";
import type { Echoed, Resource } from "./resource_handle.ts";
import type { AnyResourceOptions } from "./resource_options.ts";
import type { SchemaOf, TypeName } from "./resource_types.ts";

/** What may be said of a resource of the type `Type` beside its fields. */
export interface ResourceOptions<Type extends TypeName> extends AnyResourceOptions {
  /** Fields and sections whose differences are no reason to change anything. */
  readonly ignoreChanges?: readonly PlaceName<SectionsOf<Type>>[];
}

/** The fields of a type as they are written in paths: `field`, `section`, `section.field`. */
type PlaceName<Section> = Section extends
  { readonly name: infer Name extends string; readonly open: infer Open; readonly fields: infer Of }
  ? Of extends readonly { readonly name: infer Field extends string }[]
    ? Name extends "" ? Field : Name | `${Name}.${Open extends true ? string : Field}`
  : never
  : never;

/** Declares one resource of the type `Type` under a name of its own. */
export type Declare<Type extends TypeName> = SchemaOf<Type> extends
  { readonly echoes: infer Section extends string } ? DeclareEchoing<Type, Section>
  : (name: string, fields: Fields<Type>, options?: ResourceOptions<Type>) => Resource<Type>;

/** The same for a type that gives back what a section of it is given. */
type DeclareEchoing<Type extends TypeName, Section extends string> = <
  Written extends OpenFields = Record<never, never>,
>(
  name: string,
  fields: Omit<Fields<Type>, Section> & { readonly [Each in Section]?: Written },
  options?: ResourceOptions<Type>,
) => Resource<Type> & Echoed<Written>;

type ProviderName = TypeName extends infer Type
  ? Type extends `${infer Provider}.${string}` ? Provider : never
  : never;

/** A function for each resource type, by provider and name: `sim.Network` is declared by `s.sim.Network(…)`. */
export type Declarations = {
  readonly [Provider in ProviderName]: {
    readonly [Type in TypeName as Type extends `${Provider}.${infer Name}` ? Name : never]: Declare<Type>;
  };
};
