import type { Value } from "./value.ts";

/**
 * What a provider says of its resource types, as plain data: enough to validate configuration, to plan replacements and to
 * settle doubts, without asking the provider.
 */
export interface ResourceSchema {
  /** The full type, for example `sim.Network`. */
  readonly type: string;
  /** One sentence, third person: what such a resource is. */
  readonly summary: string;
  /** Grows by one with each change of the meaning of stored inputs or outputs. 1 is the first. */
  readonly version: number;
  /** In the order of the reference. The section named `""` holds the fields that stand directly in the resource's body. */
  readonly sections: readonly SectionSchema[];
  /** What can be bound by `needs kind.name.output`, beside the provider's id. One that is `immutable` outlives updates; others are unknown until they are done. */
  readonly outputs: readonly FieldSchema[];
  /** The section whose fields come back as outputs of the same names, when there is one: they are known before the apply. */
  readonly echoes?: string;
  /**
   * The section that holds what a survey found before the plan: digests of files, versions of tools. Nobody writes it; where no
   * survey was made it is left as it is.
   */
  readonly surveyed?: string;
  /** Whether objects of this type exist outside the log. One without a world is what its stored state says. */
  readonly world: WorldSchema | undefined;
  /** Whether a deletion needs the very values that were applied last, so that none of them may have been given up. */
  readonly deletesByApplied?: true;
  /** Milliseconds that one call, its retries included, may take. */
  readonly timeoutsMs: {
    readonly create: number;
    readonly update: number;
    readonly delete: number;
    readonly read: number;
  };
  /** How the id that `import` takes looks, in words, for example `net-1a2b3c4d`. `undefined`: cannot be imported. */
  readonly importId: string | undefined;
  /** What such a resource is in an inventory. */
  readonly sbomKind: SbomKind;
}

/** What an inventory calls a resource, in the words of CycloneDX 1.6 for the type of a component. */
export type SbomKind =
  | "application"
  | "container"
  | "cryptographic-asset"
  | "data"
  | "device"
  | "file"
  | "operating-system"
  | "platform";

/** What the engine may rely on when it settles what a call did. */
export interface WorldSchema {
  /** `token`: objects bear the intent's token and can be searched by it. `name`: found by a unique name only. `none`: neither. */
  readonly marker: "token" | "name" | "none";
  /** The field that must be unique among objects of this type, when there is one; its clash makes replacement delete-first. */
  readonly uniqueName: FieldPath | undefined;
  /** The field whose text is the id of an object, where nobody has to be asked for it: known from the intent on. */
  readonly idField?: FieldPath;
  /** Milliseconds for which a read or a list may still miss what was done. */
  readonly settleMs: number;
  /** Milliseconds for which the provider knows a token: sending it again within them makes no second object. 0: never. */
  readonly tokenLifetimeMs: number;
  /** Whether update and delete carry a precondition (etag, generation) that the provider checks. */
  readonly preconditions: boolean;
  /** Whether the whole world of this type ends with the process of the engine, so that nothing can arrive late. */
  readonly inProcess: boolean;
}

/** A named group of fields. */
export interface SectionSchema {
  readonly name: string;
  readonly summary: string;
  /** An open section takes any field besides those listed. */
  readonly open: boolean;
  readonly fields: readonly FieldSchema[];
}

/** One field, or one output. */
export interface FieldSchema {
  readonly name: string;
  readonly summary: string;
  readonly type: FieldType;
  readonly required: boolean;
  /** Used when the configuration gives none. `undefined`: there is none. */
  readonly defaultValue: Value | undefined;
  /** A change needs a new object. */
  readonly immutable: boolean;
  /** Set by the provider when the configuration does not: a live value without a wanted one is no difference. */
  readonly computed: boolean;
  /** Sent, never read back: compared with what was sent last. */
  readonly writeOnly: boolean;
  /** Kept as a secret wherever it stands. */
  readonly sensitive: boolean;
  /** Order and repetition of a list's elements mean nothing. */
  readonly setLike: boolean;
  /** ECMAScript source, flag `u`, that the whole text must match. */
  readonly pattern: string | undefined;
  /** Texts that no resource may have, though the pattern allows them, and why. */
  readonly reserved: ReservedTexts | undefined;
  /** Inclusive bounds of a number, or of a text's length in characters. */
  readonly range: { readonly min?: number; readonly max?: number } | undefined;
}

/** Texts that are kept for something else. */
export interface ReservedTexts {
  /** ECMAScript source, flag `u`, that matches somewhere in each of them. */
  readonly pattern: string;
  /** For people, for example `the folder .smelt is smelt's own`. */
  readonly why: string;
}

/** The kind of value that a field takes. */
export type FieldType =
  | { readonly kind: "string" }
  | { readonly kind: "integer" }
  | { readonly kind: "number" }
  | { readonly kind: "boolean" }
  | { readonly kind: "any" }
  | { readonly kind: "enum"; readonly members: readonly string[] }
  /** The id of a resource of another type; `target` is that type. */
  | { readonly kind: "ref"; readonly target: string }
  | { readonly kind: "list"; readonly element: FieldType }
  /** Keys are free, values of one type. */
  | { readonly kind: "map"; readonly element: FieldType }
  | { readonly kind: "record"; readonly fields: readonly FieldSchema[] };

/** Where a field stands: its section (`""` for the body itself) and its name. */
export interface FieldPath {
  readonly section: string;
  readonly field: string;
}

/** What may be left out when a field is written down; the rest is false or absent. */
type FieldOptions = Partial<Omit<FieldSchema, "name" | "summary" | "type">>;

/** A field whose schema the compiler knows, so that what a program declares can be checked against it. */
export interface Field<Name extends string, Type extends FieldType, Options> extends FieldSchema {
  readonly name: Name;
  readonly type: Type;
  readonly required: Options extends { readonly required: true } ? true : false;
  readonly writeOnly: Options extends { readonly writeOnly: true } ? true : false;
}

/** A closed section whose schema the compiler knows. */
export interface Section<Name extends string, Fields extends readonly FieldSchema[]> extends SectionSchema {
  readonly name: Name;
  readonly open: false;
  readonly fields: Fields;
}

/** Makes a field; all that `options` does not say is false or absent. */
export function field<
  const Name extends string,
  const Type extends FieldType,
  const Options extends FieldOptions = Record<never, never>,
>(name: Name, type: Type, summary: string, options?: Options): Field<Name, Type, Options>;
export function field(
  name: string,
  type: FieldType,
  summary: string,
  options: FieldOptions = {},
): FieldSchema {
  return {
    name,
    summary,
    type,
    required: false,
    defaultValue: undefined,
    immutable: false,
    computed: false,
    writeOnly: false,
    sensitive: false,
    setLike: false,
    pattern: undefined,
    reserved: undefined,
    range: undefined,
    ...options,
  };
}

/** Makes a closed section. */
export function section<const Name extends string, const Fields extends readonly FieldSchema[]>(
  name: Name,
  summary: string,
  fields: Fields,
): Section<Name, Fields> {
  return { name, summary, open: false, fields };
}

/** The schema of the field at `path`, or `undefined` when the type has none there. */
export function fieldAt(schema: ResourceSchema, path: FieldPath): FieldSchema | undefined {
  return schema.sections.find((each) => each.name === path.section)?.fields.find((each) =>
    each.name === path.field
  );
}

/** Renders a path as `field` or `section.field`. */
export function formatFieldPath(path: FieldPath): string {
  return path.section === "" ? path.field : `${path.section}.${path.field}`;
}

/** Reads what `formatFieldPath` writes: the section ends at the first dot. */
export function parseFieldPath(text: string): FieldPath {
  const dot = text.indexOf(".");
  return dot < 0 ? { section: "", field: text } : { section: text.slice(0, dot), field: text.slice(dot + 1) };
}
