import { bindingPlace, typeAt } from "./binding.ts";
import { withDefaults } from "./defaults.ts";
import type { Annotations, Need, ResourceConfig } from "./resource_config.ts";
import type { Description } from "./resource_event.ts";
import { type FieldType, formatFieldPath, type ResourceSchema } from "./schema.ts";
import { compareText } from "./text_order.ts";
import type { BindingSource, Wanted, WantedBinding } from "./wanted.ts";

/**
 * Turns a resource of the files into what a plan wants of it. The configuration has been validated against `schema`:
 * every binding has its place.
 */
export function wantResource(config: ResourceConfig, schema: ResourceSchema): Wanted {
  return {
    type: config.type,
    schemaVersion: schema.version,
    fields: withDefaults(config.fields, schema),
    bindings: wantBindings(config, schema),
    triggers: config.triggers.map(({ address, output }) => ({ address, output })),
    dependencies: dependenciesOf(config.needs),
    description: describeResource(config.annotations),
    isProtected: config.annotations.isProtected,
    deadlinesMs: deadlinesOf(config, schema),
  };
}

function dependenciesOf(needs: readonly Need[]): readonly string[] {
  const [only] = needs;
  if (only === undefined) return [];
  if (needs.length === 1 && only.targets.length < 2) return only.targets;
  return [...new Set(needs.flatMap((need) => need.targets))].sort(compareText);
}

function deadlinesOf({ annotations }: ResourceConfig, { timeoutsMs }: ResourceSchema): Wanted["deadlinesMs"] {
  const own = annotations.timeoutsMs;
  return {
    create: own.create ?? timeoutsMs.create,
    update: own.update ?? timeoutsMs.update,
    delete: own.delete ?? timeoutsMs.delete,
  };
}

/** Needs that share a place become one list there, in the order of the files; the order of places is no matter of theirs. */
function wantBindings(config: ResourceConfig, schema: ResourceSchema): readonly WantedBinding[] {
  if (config.needs.every((need) => need.binding === undefined)) return [];
  const places = new Map<string, WantedBinding>();
  for (const need of config.needs) {
    if (need.binding === undefined || need.source.kind === "order") continue;
    const place = bindingPlace(need, schema);
    if (!place.ok) continue;
    const key = formatFieldPath(place.value);
    const shape = shapeOf(need, typeAt(schema, place.value));
    const known = shape === "single" ? [] : places.get(key)?.sources ?? [];
    places.set(key, { path: place.value, sources: [...known, ...sourcesOf(need)], shape });
  }
  return [...places].sort(([a], [b]) => compareText(a, b)).map(([, binding]) => binding);
}

/** A place that takes a list takes the elements of a list that a source gives, unless its own elements are lists. */
function shapeOf(need: Need, type: FieldType | undefined): WantedBinding["shape"] {
  if (type?.kind === "list") return type.element.kind === "list" ? "list" : "joined";
  return need.many ? "list" : "single";
}

function sourcesOf(need: Need): readonly BindingSource[] {
  const output = need.source.kind === "output" ? need.source.name : "id";
  return need.targets.map((address) => ({ address, output }));
}

function describeResource(annotations: Annotations): Description {
  const { intent, owner, isRetained } = annotations;
  return {
    ...(intent === undefined ? {} : { intent }),
    ...(owner === undefined ? {} : { owner }),
    ...(isRetained ? { retained: true as const } : {}),
  };
}
