import type { PlanInput } from "./make_plan.ts";
import { objectOutput, outputNames } from "./object_output.ts";
import type { LiveFacts, PlannedResource } from "./plan.ts";
import { err, ok, type Result } from "./result.ts";
import type { StoredObject } from "./resource_state.ts";
import type { ResourceSchema } from "./schema.ts";
import { isRecord, Unknown, type Value, type ValueRecord } from "./value.ts";
import { decodeRecord } from "./value_codec.ts";
import type { BindingSource, MissingOutput, SourceLookup } from "./wanted.ts";

/** What sources give while a plan is made: what is known, or an `Unknown` where only the apply will tell. */
export function planLookup(input: PlanInput, planned: ReadonlyMap<string, PlannedResource>): SourceLookup {
  return (source) => {
    const target = planned.get(source.address);
    const schema = target === undefined ? undefined : input.schemas(target.type);
    if (target === undefined || schema === undefined) return missing(source, []);
    if (!mayHave(schema, target, source.output)) return missing(source, schemaOutputs(schema));
    const echoed = echo(schema, target, source.output);
    if (echoed !== undefined) return ok(echoed);
    const object = liveView(input, source.address);
    if (object === undefined || target.action === "create" || target.action === "replace") {
      return ok(new Unknown(source.address));
    }
    if (target.action === "update" && !outlivesUpdates(schema, source.output)) {
      return ok(new Unknown(source.address));
    }
    const value = objectOutput(object, source.output);
    return value === undefined ? missing(source, outputNames(object)) : ok(value);
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
  const facts = read?.kind === "found" ? read.facts : storedFacts(stored);
  return { ...facts, stored, inputs: decodeRecord(stored.inputs) };
}

/** What the log says of an object, decoded. */
export function storedFacts(stored: StoredObject): LiveFacts {
  const { id, fields, outputs, precondition } = stored;
  return { id, fields: decodeRecord(fields), outputs: decodeRecord(outputs), precondition };
}

function missing(source: BindingSource, available: readonly string[]): Result<Value, MissingOutput> {
  return err({ kind: "MissingOutput", source, available });
}

function mayHave(schema: ResourceSchema, target: PlannedResource, output: string): boolean {
  if (output === "id" || schemaOutputs(schema).includes(output)) return true;
  if (schema.echoes !== undefined) return echo(schema, target, output) !== undefined;
  return schema.sections.some((section) =>
    section.open ||
    section.fields.some((field) =>
      output === (section.name === "" ? field.name : `${section.name}.${field.name}`)
    )
  );
}

function schemaOutputs(schema: ResourceSchema): readonly string[] {
  return ["id", ...schema.outputs.map((each) => each.name)];
}

/** Fields that come back as outputs are known from what is wanted. */
function echo(schema: ResourceSchema, target: PlannedResource, output: string): Value | undefined {
  if (schema.echoes === undefined) return undefined;
  const echoed = target.bound?.[schema.echoes];
  return isRecord(echoed) ? echoed[output] : undefined;
}

function outlivesUpdates(schema: ResourceSchema, output: string): boolean {
  return output === "id" || (schema.outputs.find((each) => each.name === output)?.immutable ?? false);
}
