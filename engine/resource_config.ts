import type { Address, AddressParts } from "./address.ts";
import type { FieldPath } from "./schema.ts";
import type { ValueRecord } from "./value.ts";

/** A place in a source file, for messages and editors. Lines and columns count from 1, columns in UTF-16 units. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * One concrete resource as the files want it: components, `for_each`, `count` and includes are expanded, values are
 * values. What other resources give it stands in `needs` and is put in place during planning and apply.
 */
export interface ResourceConfig {
  readonly address: Address;
  readonly parts: AddressParts;
  /** The full type as written, for example `sim.Network`. */
  readonly type: string;
  /** Fields that stand directly in the body, and a record a section. */
  readonly fields: ValueRecord;
  /** Names of `fields` that are sections, since a section and a field holding a record look alike. */
  readonly sections: readonly string[];
  readonly needs: readonly Need[];
  /** What `@replace_triggered_by` names, instances told apart; each target stands in `needs` too. */
  readonly triggers: readonly Trigger[];
  readonly annotations: Annotations;
  readonly origin: Origin;
  /**
   * Where each field was written, by `field` or `section.field`, as far as it was written; and where each of
   * `annotations.ignoreChanges` and `annotations.constraints` was, by `@ignore_changes N` and `@constraint N`, 0 the first.
   */
  readonly fieldOrigins: ReadonlyMap<string, Origin>;
}

/** One `needs`: an edge, and what of the target goes where. */
export interface Need {
  /** The addresses that it means, in order: one, or all instances of a template. Each exists among the resources. */
  readonly targets: readonly Address[];
  /** Whether the value bound is a list with an element a target, as a template gives, even of one instance. */
  readonly many: boolean;
  readonly source: NeedSource;
  readonly binding: NeedBinding | undefined;
  readonly origin: Origin;
}

/** An output of another resource, whose change replaces this one. */
export interface Trigger {
  readonly address: Address;
  readonly output: string;
  readonly origin: Origin;
}

/** What of the target is taken: nothing but the order, its provider id, or a named output. */
export type NeedSource =
  | { readonly kind: "order" }
  | { readonly kind: "id" }
  | { readonly kind: "output"; readonly name: string };

/** Where the value goes: a bare field name, whose section the schema finds, or a section and a field. */
export type NeedBinding =
  | { readonly kind: "name"; readonly field: string }
  | { readonly kind: "path"; readonly path: FieldPath };

/** What the annotations of a resource say. */
export interface Annotations {
  readonly intent: string | undefined;
  readonly owner: string | undefined;
  readonly constraints: readonly string[];
  /** All texts of `@lifecycle` in order, those without meaning too. */
  readonly lifecycle: readonly string[];
  /** `prevent_destroy`: neither deleted nor replaced. */
  readonly isProtected: boolean;
  /** `retain`: forgotten instead of deleted. */
  readonly isRetained: boolean;
  /** `field` or `section.field`, whose differences are no reason to change anything. */
  readonly ignoreChanges: readonly string[];
  /** `kind.name.output` as written, whose change replaces this resource. */
  readonly replaceTriggeredBy: readonly string[];
  /** Milliseconds by operation, where they differ from the schema's. */
  readonly timeoutsMs: { readonly create?: number; readonly update?: number; readonly delete?: number };
}

/** Everything that the files of a project want of one environment. */
export interface DesiredConfig {
  /** In the order of the files, templates expanded in place; addresses are unique. */
  readonly resources: readonly ResourceConfig[];
  readonly moved: readonly { readonly from: Address; readonly to: Address; readonly origin: Origin }[];
  readonly removed: readonly { readonly address: Address; readonly origin: Origin }[];
  readonly imports: readonly { readonly id: string; readonly address: Address; readonly origin: Origin }[];
  readonly outputs: readonly DesiredOutput[];
}

/** One `output NAME = kind.name.field`. */
export interface DesiredOutput {
  readonly name: string;
  readonly target: Address;
  /** A field, `section.field` or an output of the target; `id` is its provider id. */
  readonly path: string;
  readonly origin: Origin;
}
