import { typeAt } from "./binding.ts";
import type { PlanInput } from "./make_plan.ts";
import { objectOutput, outputNames } from "./object_output.ts";
import type { LiveFacts, PlannedResource } from "./plan.ts";
import { err, ok, type Result } from "./result.ts";
import type { StoredObject } from "./resource_state.ts";
import { fieldAt, type FieldPath, parseFieldPath, type ResourceSchema } from "./schema.ts";
import { compareText } from "./text_order.ts";
import {
  equalValues,
  isRecord,
  mapValue,
  SealedSecret,
  Secret,
  someValue,
  Unknown,
  type Value,
  type ValueRecord,
} from "./value.ts";
import { decodeRecord } from "./value_codec.ts";
import { type BindingSource, getField, type MissingOutput, type SourceLookup } from "./wanted.ts";

/**
 * What sources give while a plan is made: what is known, or an `Unknown` where only the apply will tell. A field that
 * somebody wants is known before the apply, like an output that echoes it; of what an update leaves alone, the same.
 */
export function planLookup(input: PlanInput, planned: ReadonlyMap<string, PlannedResource>): SourceLookup {
  return (source) => {
    const target = planned.get(source.address);
    const schema = target === undefined ? undefined : input.schemas(target.type);
    if (target === undefined || schema === undefined) return missing(source, []);
    const live = liveView(input, source.address);
    const isNew = live === undefined || target.action === "create" || target.action === "replace";
    if (!isNew && target.action !== "update") return told(source, live);
    return isOutput(schema, source.output)
      ? futureOutput(source, schema, isNew ? undefined : live)
      : futureField(source, { schema, target, live: isNew ? undefined : live });
  };
}

/** The object of an address as it lives: as stored, with what the last read found. `undefined` when there is none. */
export interface LiveView extends LiveFacts {
  readonly stored: StoredObject;
  /** As it was sent last. */
  readonly inputs: ValueRecord;
}

/** Decodes the object that lives under `address`. */
export function liveView(input: PlanInput, address: string): LiveView | undefined {
  const stored = input.state.resources.get(address)?.object;
  const read = input.reads.get(address);
  if (stored === undefined || read?.kind === "gone") return undefined;
  if (read?.kind === "found") return { ...read.facts, stored, inputs: decodeRecord(stored.inputs) };
  const { id, precondition } = stored;
  const fields = decodeRecord(stored.fields);
  // A checkpoint gives one and the same for both where the provider told what it was sent.
  const inputs = stored.inputs === stored.fields ? fields : decodeRecord(stored.inputs);
  return new StoredView(stored, { id, precondition, fields, inputs });
}

/** An object as it is stored. Its outputs are decoded when somebody takes one: of most nobody does. */
class StoredView implements LiveView {
  readonly stored: StoredObject;
  readonly id: string;
  readonly precondition: string | undefined;
  readonly fields: ValueRecord;
  readonly inputs: ValueRecord;

  constructor(stored: StoredObject, decoded: Omit<LiveView, "outputs" | "stored">) {
    this.stored = stored;
    this.id = decoded.id;
    this.precondition = decoded.precondition;
    this.fields = decoded.fields;
    this.inputs = decoded.inputs;
  }

  get outputs(): ValueRecord {
    return decodeRecord(this.stored.outputs);
  }
}

/** What the log says of an object, decoded. */
export function storedFacts(stored: StoredObject): LiveFacts {
  const { id, fields, outputs, precondition } = stored;
  return { id, fields: decodeRecord(fields), outputs: decodeRecord(outputs), precondition };
}

/** What an object that the plan leaves alone gives. */
function told(source: BindingSource, live: LiveView): Result<Value, MissingOutput> {
  const value = objectOutput(live, source.output);
  return value === undefined ? missing(source, outputNames(live)) : ok(value);
}

/** An output of an object that is made, or updated where `live` is given: one that is immutable outlives updates. */
function futureOutput(
  source: BindingSource,
  schema: ResourceSchema,
  live: LiveView | undefined,
): Result<Value, MissingOutput> {
  const output = schema.outputs.find((each) => each.name === source.output);
  const isLasting = source.output === "id" || output?.immutable === true;
  if (live !== undefined && isLasting) return told(source, live);
  const isSensitive = output?.sensitive === true || isSecret(live?.outputs[source.output]);
  return ok(awaited(source, isSensitive));
}

interface FieldTarget {
  readonly schema: ResourceSchema;
  readonly target: PlannedResource;
  /** The object that an update changes. */
  readonly live: LiveView | undefined;
}

/** A field, or an output that echoes one, of an object that is made or updated. */
function futureField(
  source: BindingSource,
  { schema, target, live }: FieldTarget,
): Result<Value, MissingOutput> {
  if (target.bound === undefined) return ok(awaited(source));
  const path = fieldPlace(schema, target.bound, source.output);
  const field = path === undefined ? undefined : fieldAt(schema, path);
  if (path === undefined || field?.writeOnly) return missing(source, futureNames(schema, target.bound));
  const wanted = getField(target.bound, path);
  if (wanted !== undefined && (wanted !== null || field === undefined)) {
    const isSent = live !== undefined && equalValues(wanted, getField(live.fields, path) ?? null);
    return isSent ? told(source, live) : ok(field?.sensitive === true ? awaitedAsSecret(wanted) : wanted);
  }
  if (field === undefined) return ok(awaited(source));
  if (!field.computed) return missing(source, futureNames(schema, target.bound));
  return live !== undefined && field.immutable ? told(source, live) : ok(awaited(source, field.sensitive));
}

function awaited({ address, output }: BindingSource, isSensitive = false): Unknown {
  return new Unknown(address, { output, isSensitive });
}

/** What a field that is sensitive passes on is a secret, whatever gives it. */
function awaitedAsSecret(value: Value): Value {
  return mapValue(
    value,
    (leaf) =>
      leaf instanceof Unknown && leaf.awaited !== undefined
        ? new Unknown(leaf.address, { ...leaf.awaited, isSensitive: true })
        : leaf,
  );
}

function isSecret(value: Value | undefined): boolean {
  return value !== undefined &&
    someValue(value, (part) => part instanceof Secret || part instanceof SealedSecret);
}

/** The field that a name takes; `undefined` when the type has none. */
function fieldPlace(schema: ResourceSchema, bound: ValueRecord, name: string): FieldPath | undefined {
  const echoed = schema.echoes === undefined ? undefined : bound[schema.echoes];
  if (schema.echoes !== undefined && isRecord(echoed) && echoed[name] !== undefined) {
    return { section: schema.echoes, field: name };
  }
  const path = parseFieldPath(name);
  return typeAt(schema, path) === undefined ? undefined : path;
}

function missing(source: BindingSource, available: readonly string[]): Result<Value, MissingOutput> {
  return err({ kind: "MissingOutput", source, available });
}

function isOutput(schema: ResourceSchema, name: string): boolean {
  return name === "id" || schema.outputs.some((each) => each.name === name);
}

/** The outputs that an object will have, `id` first. */
function futureNames(schema: ResourceSchema, bound: ValueRecord): readonly string[] {
  const echoed = schema.echoes === undefined ? undefined : bound[schema.echoes];
  const names = [...schema.outputs.map((each) => each.name), ...Object.keys(isRecord(echoed) ? echoed : {})];
  return ["id", ...new Set(names.sort(compareText))];
}
