import type { Binding } from "./resource_event.ts";
import type { StoredObject } from "./resource_state.ts";
import { compareText } from "./text_order.ts";
import { triggerKey } from "./trigger_value.ts";
import { storedBindings, type Wanted } from "./wanted.ts";

/** What the log has of the relations of an object: its bindings without those of fields that are ignored by now. */
export type StoredRelations = Pick<StoredObject, "dependencies" | "bindings" | "triggers">;

/**
 * What an object will rely on otherwise than it does, each with its name: what gives its fields, what it is replaced with,
 * and what it needs besides. The values of fields do not tell that, least of all those that are not known yet.
 */
export function relationReasons(stored: StoredRelations, wanted: Wanted): readonly string[] {
  const sources = setsOf(sourcesByPath(stored.bindings), sourcesByPath(storedBindings(wanted)));
  const triggers = differenceOf(Object.keys(stored.triggers), wanted.triggers.map(triggerKey));
  return [
    ...sources.flatMap(({ path, before, after }) => bindingReason(path, before, after)),
    ...triggers.come.map((key) => `it will be replaced with ${key}`),
    ...triggers.gone.map((key) => `it will be replaced with ${key} no more`),
    ...needReasons(stored, wanted),
  ];
}

/** Needs that no binding or trigger tells of. */
function needReasons(stored: StoredRelations, wanted: Wanted): readonly string[] {
  const { come, gone } = differenceOf(stored.dependencies.map((each) => each.address), wanted.dependencies);
  const used = [...wanted.bindings.flatMap((each) => each.sources), ...wanted.triggers];
  const usedNow = new Set(used.map((each) => each.address));
  const usedBefore = new Set(stored.bindings.flatMap((each) => each.from));
  const free = come.filter((address) => !usedNow.has(address));
  const left = gone.filter((address) => !usedBefore.has(address));
  return [
    ...(free.length === 0 ? [] : [`it will need ${free.join(", ")}`]),
    ...(left.length === 0 ? [] : [`it will need ${left.join(", ")} no more`]),
  ];
}

function bindingReason(path: string, before: readonly string[], after: readonly string[]): readonly string[] {
  const [old, now] = [before.join(", "), after.join(", ")];
  if (old === now) return [];
  if (after.length === 0) return [`${path} will come from ${old} no more`];
  return [`${path} will come from ${now}${before.length === 0 ? "" : `, no more from ${old}`}`];
}

/** `address.output` of all that gives a field, by the path of the field, in the order of the files. */
function sourcesByPath(bindings: readonly Binding[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { path, from, source } of bindings) {
    const known = found.get(path) ?? [];
    found.set(path, [...known, ...from.map((address) => triggerKey({ address, output: source }))]);
  }
  return found;
}

interface SourcesOfPath {
  readonly path: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function setsOf(
  before: ReadonlyMap<string, readonly string[]>,
  after: ReadonlyMap<string, readonly string[]>,
): readonly SourcesOfPath[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  return paths.map((path) => ({ path, before: before.get(path) ?? [], after: after.get(path) ?? [] }));
}

function differenceOf(
  before: readonly string[],
  after: readonly string[],
): { readonly come: readonly string[]; readonly gone: readonly string[] } {
  const [old, now] = [new Set(before), new Set(after)];
  return {
    come: [...now.difference(old)].sort(compareText),
    gone: [...old.difference(now)].sort(compareText),
  };
}
