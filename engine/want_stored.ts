import { typeAt } from "./binding.ts";
import { withDefaults } from "./defaults.ts";
import type { EnvironmentView } from "./environment.ts";
import { orderGraph } from "./graph.ts";
import type { Binding, Dependency, Triggers } from "./resource_event.ts";
import type { StoredObject } from "./resource_state.ts";
import { durableLookup } from "./run_logic_binding.ts";
import { type FieldPath, parseFieldPath, type ResourceSchema } from "./schema.ts";
import { compareText } from "./text_order.ts";
import { equalValues, record, type Value, type ValueRecord } from "./value.ts";
import { decodeRecord } from "./value_codec.ts";
import {
  bindFields,
  type BindingSource,
  getField,
  type Wanted,
  type WantedBinding,
  withoutField,
} from "./wanted.ts";

/** What wanting a stored object again is decided on. */
export interface StoredBasis {
  /** The state that the object is of: what sources gave in it tells how a bound field was made of them. */
  readonly state: EnvironmentView;
  /** Addresses that are wanted too; what relies on another keeps the value that it had. */
  readonly isWanted: (address: string) => boolean;
  readonly isProtected: boolean;
}

/** Wants an object as it was sent last: its inputs, bindings, dependencies, triggers and description, from the log alone. */
export function wantStored(object: StoredObject, schema: ResourceSchema, basis: StoredBasis): Wanted {
  const inputs = withDefaults(decodeRecord(object.inputs), schema);
  const dependencies = object.dependencies.map(({ address }) => address).filter(basis.isWanted);
  const places = Map.groupBy(object.bindings, ({ path }) => path);
  const { create, update, delete: goes } = schema.timeoutsMs;
  const bindings = [...places].flatMap(([path, stored]) =>
    wantedBinding(path, stored, { inputs, schema, basis })
  );
  return {
    type: object.type,
    schemaVersion: schema.version,
    fields: bindings.reduce((fields, { path }) => withoutField(fields, path), inputs),
    bindings,
    triggers: wantedTriggers(object.triggers, object.dependencies).filter(({ address }) =>
      basis.isWanted(address)
    ),
    dependencies: [...new Set(dependencies)].sort(compareText),
    description: object.description,
    isProtected: basis.isProtected,
    deadlinesMs: { create, update, delete: goes },
  };
}

/** Addresses of which each relies on the next, and the last on the first, which is named once more. */
export interface DependencyCycle {
  readonly kind: "DependencyCycle";
  readonly path: readonly string[];
}

/** Stored resources may rely on each other in a circle, after a failure in the midst of changes: that cannot be wanted. */
export function cycleAmong(wanted: ReadonlyMap<string, Wanted>): DependencyCycle | undefined {
  const { cycle } = orderGraph(new Map([...wanted].map(([address, each]) => [address, each.dependencies])));
  return cycle === undefined ? undefined : { kind: "DependencyCycle", path: cycle };
}

interface BoundField {
  readonly inputs: ValueRecord;
  readonly schema: ResourceSchema;
  readonly basis: StoredBasis;
}

/** The log tells which outputs a field took, not how they were put together: that is told by what was sent. */
function wantedBinding(
  text: string,
  stored: readonly Binding[],
  { inputs, schema, basis }: BoundField,
): readonly WantedBinding[] {
  const sources = stored.flatMap(({ from, source }) =>
    from.map((address): BindingSource => ({ address, output: source }))
  );
  if (!sources.every(({ address }) => basis.isWanted(address))) return [];
  const path = parseFieldPath(text);
  const sent = getField(inputs, path);
  const shapes = likelyShapes(schema, path, sources.length);
  const isSent = (shape: WantedBinding["shape"]) =>
    sent !== undefined && equalBound({ path, sources, shape }, sent, basis);
  const [likely = "single"] = shapes;
  return [{ path, sources, shape: shapes.find(isSent) ?? likely }];
}

function likelyShapes(
  schema: ResourceSchema,
  path: FieldPath,
  sourceCount: number,
): readonly WantedBinding["shape"][] {
  const type = typeAt(schema, path);
  if (type?.kind === "list") return type.element.kind === "list" ? ["list", "joined"] : ["joined", "list"];
  return sourceCount === 1 ? ["single", "list", "joined"] : ["list", "joined"];
}

function equalBound(binding: WantedBinding, sent: Value, { state }: StoredBasis): boolean {
  const bound = bindFields({ fields: record(), bindings: [binding] }, durableLookup(state));
  const value = bound.ok ? getField(bound.value, binding.path) : undefined;
  return value !== undefined && equalValues(value, sent);
}

/** Triggers are stored as `address.output`; their addresses are among the dependencies. */
function wantedTriggers(triggers: Triggers, dependencies: readonly Dependency[]): readonly BindingSource[] {
  return Object.keys(triggers).sort(compareText).flatMap((key) => {
    const [address] = dependencies.map((each) => each.address).filter((each) => key.startsWith(`${each}.`))
      .sort((a, b) => b.length - a.length);
    return address === undefined ? [] : [{ address, output: key.slice(address.length + 1) }];
  });
}
