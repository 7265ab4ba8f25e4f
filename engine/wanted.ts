import type { Binding, Dependency, Description } from "./resource_event.ts";
import { err, ok, type Result } from "./result.ts";
import { type FieldPath, formatFieldPath } from "./schema.ts";
import { isList, isRecord, record, someValue, Unknown, type Value, type ValueRecord } from "./value.ts";

/** What a plan wants of one resource: everything that an intent will hold, but for what only the run can know. */
export interface Wanted {
  readonly type: string;
  readonly schemaVersion: number;
  /** Fields with defaults in place and without the bound ones. Secrets are sealed, or open where they are new. */
  readonly fields: ValueRecord;
  readonly bindings: readonly WantedBinding[];
  /** Outputs of others whose change replaces it. */
  readonly triggers: readonly BindingSource[];
  /** All addresses that it needs, bound or not, each once, in code-point order. */
  readonly dependencies: readonly string[];
  readonly description: Description;
  /** Whether the files say `prevent_destroy`. */
  readonly isProtected: boolean;
  /**
   * Milliseconds that a call of each kind may take. Not kept in the log: what the files name no more, and what a destroy
   * deletes, goes within the time of its type.
   */
  readonly deadlinesMs: { readonly create: number; readonly update: number; readonly delete: number };
}

/** One field that other resources give. */
export interface WantedBinding {
  readonly path: FieldPath;
  /** In the order of the files. */
  readonly sources: readonly BindingSource[];
  /**
   * `single`: the value of the only source. `list`: a list with an element a source. `joined`: a list too, in which a source
   * that gives a list stands with all its elements.
   */
  readonly shape: "single" | "list" | "joined";
}

/** What of which resource. */
export interface BindingSource {
  readonly address: string;
  /** `id`, or the name of an output. */
  readonly output: string;
}

/** A source that gives nothing. */
export interface MissingOutput {
  readonly kind: "MissingOutput";
  readonly source: BindingSource;
  /** Outputs that there are, `id` among them; empty when the resource itself is missing. */
  readonly available: readonly string[];
}

/** Looks up what a source gives now: its value, an `Unknown` before its apply, or what there is instead. */
export type SourceLookup = (source: BindingSource) => Result<Value, MissingOutput>;

/** The fields of `wanted` with each bound value in its place. Plan and run both use it, so they cannot differ. */
export function bindFields(
  wanted: Pick<Wanted, "fields" | "bindings">,
  lookup: SourceLookup,
): Result<ValueRecord, MissingOutput> {
  let fields = wanted.fields;
  for (const binding of wanted.bindings) {
    const values: Value[] = [];
    for (const source of binding.sources) {
      const found = lookup(source);
      if (!found.ok) return err(found.error);
      values.push(found.value);
    }
    fields = setField(fields, binding.path, shaped(binding.shape, values));
  }
  return ok(fields);
}

function shaped(shape: WantedBinding["shape"], values: readonly Value[]): Value {
  switch (shape) {
    case "single":
      return values[0] ?? null;
    case "list":
      return values;
    case "joined":
      return values.flatMap((value) => isList(value) ? value : [value]);
  }
}

/** The bindings as events hold them: one for each output that a path takes, in the order of the files. */
export function storedBindings(wanted: Wanted): readonly Binding[] {
  return wanted.bindings.flatMap(({ path, sources }) =>
    [...Map.groupBy(sources, (source) => source.output)].map(([source, same]) => ({
      path: formatFieldPath(path),
      from: same.map((each) => each.address),
      source,
    }))
  );
}

/** The dependencies as events hold them, with the incarnations that live now. */
export function storedDependencies(
  wanted: Wanted,
  incarnationOf: (address: string) => number,
): readonly Dependency[] {
  return wanted.dependencies.map((address) => ({ address, incarnation: incarnationOf(address) }));
}

/** What gives the field at `path`, or the field that `path` leads into; empty where the files write it. */
export function sourcesAt({ bindings }: Pick<Wanted, "bindings">, path: string): readonly BindingSource[] {
  const bound = bindings.find((each) => {
    const own = formatFieldPath(each.path);
    return path === own || path.startsWith(`${own}.`) || path.startsWith(`${own}[`);
  });
  return bound?.sources ?? [];
}

/** Whether any part of a value is known only after an apply. */
export function hasUnknown(value: Value): boolean {
  return someValue(value, (part) => part instanceof Unknown);
}

/** The value at `path`, or `undefined`. */
export function getField(fields: ValueRecord, path: FieldPath): Value | undefined {
  if (path.section === "") return fields[path.field];
  const section = fields[path.section];
  return isRecord(section) ? section[path.field] : undefined;
}

/** The same fields with the one at `path` set. */
export function setField(fields: ValueRecord, path: FieldPath, value: Value): ValueRecord {
  if (path.section === "") return record([...Object.entries(fields), [path.field, value]]);
  const section = fields[path.section];
  const inner = isRecord(section) ? Object.entries(section) : [];
  return record([...Object.entries(fields), [path.section, record([...inner, [path.field, value]])]]);
}

/** The same fields without the one at `path`. */
export function withoutField(fields: ValueRecord, path: FieldPath): ValueRecord {
  if (path.section === "") return record(Object.entries(fields).filter(([name]) => name !== path.field));
  const section = fields[path.section];
  if (!isRecord(section)) return fields;
  return setField(
    fields,
    { section: "", field: path.section },
    withoutField(section, { ...path, section: "" }),
  );
}
