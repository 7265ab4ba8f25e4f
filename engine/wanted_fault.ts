import { parseAddress, storedAddress } from "./address.ts";
import { typeAt } from "./binding.ts";
import { outputType } from "./given_output.ts";
import { markSensitiveFields } from "./mark_sensitive.ts";
import { isWithin } from "./rebind_reasons.ts";
import { type FieldType, formatFieldPath, parseFieldPath, type ResourceSchema } from "./schema.ts";
import { unfitType } from "./unfit_type.ts";
import { boundNames, validateGiven } from "./validate.ts";
import { equalValues, isRecord, type ValueRecord } from "./value.ts";
import { type BindingSource, hasUnknown, type Wanted, type WantedBinding, withoutField } from "./wanted.ts";

/** The longest time that a call may be given, in milliseconds. */
export const LONGEST_DEADLINE_MS = 24 * 3_600_000;

/** What a saved plan wants under an address. */
export interface Wish {
  readonly address: string;
  readonly wanted: Wanted;
  readonly schema: ResourceSchema;
  /** Paths that are wanted as they live. */
  readonly kept: readonly string[];
}

/** The schema of what stands, or is to stand, under an address; `undefined` when nothing does. */
type SchemaOf = (address: string) => ResourceSchema | undefined;

/** What no files can want, in words that follow the name of the file; `undefined` where some files would want just this. */
export function wantedFault(wish: Wish, schemaOf: SchemaOf): string | undefined {
  const { address } = wish;
  if (parseAddress(address)?.address !== address) return `"${address}" is no address`;
  return relianceFault(wish, schemaOf) ?? deadlineFault(wish) ?? bindingsFault(wish, schemaOf) ??
    fieldsFault(wish) ?? clearFault(wish);
}

function relianceFault({ address, wanted }: Wish, schemaOf: SchemaOf): string | undefined {
  const { bindings, triggers, dependencies } = wanted;
  if (new Set(dependencies).size < dependencies.length) return `${address} relies twice on one other`;
  const absent = dependencies.find((each) => schemaOf(each) === undefined);
  if (absent !== undefined) return `${address} relies on ${absent}, which is not there`;
  const free = [...bindings.flatMap((each) => each.sources), ...triggers]
    .find((each) => !dependencies.includes(each.address));
  if (free !== undefined) return `${address} takes of ${free.address}, on which it does not rely`;
  const vain = triggers.find((each) => !isGiven(each, schemaOf(each.address)));
  return vain && `the trigger ${vain.address}.${vain.output} of ${address} gives nothing`;
}

function isGiven({ output }: BindingSource, schema: ResourceSchema | undefined): boolean {
  if (output === "id" || schema === undefined) return true;
  return schema.echoes !== undefined || outputType(schema, output) !== undefined;
}

function deadlineFault({ address, wanted, schema }: Wish): string | undefined {
  for (const operation of ["create", "update", "delete"] as const) {
    const deadlineMs = wanted.deadlinesMs[operation];
    const isInRange = deadlineMs >= 1 && deadlineMs <= LONGEST_DEADLINE_MS;
    if (isInRange || deadlineMs === schema.timeoutsMs[operation]) continue;
    return `${address} has ${deadlineMs} ms for ${operation}, expected 1 to ${LONGEST_DEADLINE_MS}`;
  }
  return undefined;
}

function bindingsFault({ address, wanted, schema }: Wish, schemaOf: SchemaOf): string | undefined {
  const taken = new Set<string>();
  for (const binding of wanted.bindings) {
    const place = formatFieldPath(binding.path);
    const type = typeAt(schema, binding.path);
    if (type === undefined) return `${address} binds to "${place}", which ${schema.type} does not have`;
    if (taken.has(place)) return `${address} binds to "${place}" twice`;
    taken.add(place);
    const fault = shapeFault(binding, type) ?? sourceFault(binding, type, schemaOf);
    if (fault !== undefined) return `${address} binds to "${place}": ${fault}`;
  }
  return undefined;
}

/** A list collects what is bound to it, anything else takes one value. */
function shapeFault({ shape, sources }: WantedBinding, type: FieldType): string | undefined {
  if (shape === "single" && sources.length !== 1) return "it takes one value, and others are given";
  const takesMany = type.kind === "any" || type.kind === "list";
  if (shape !== "single" && !takesMany) return "it takes one value, and a list is given";
  return shape === "single" && type.kind === "list" ? "it takes a list, and one value is given" : undefined;
}

function sourceFault(
  { sources }: WantedBinding,
  type: FieldType,
  schemaOf: SchemaOf,
): string | undefined {
  for (const source of sources) {
    const fault = unfitType(type, givenType(source, schemaOf), `${source.address}.${source.output}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function givenType({ address, output }: BindingSource, schemaOf: SchemaOf): FieldType | undefined {
  const schema = schemaOf(address);
  if (schema === undefined) return undefined;
  return output === "id" ? { kind: "ref", target: schema.type } : outputType(schema, output);
}

/** The first thing that validation would say of the same fields in a file. */
function fieldsFault({ address, wanted, schema, kept }: Wish): string | undefined {
  if (hasUnknown(wanted.fields)) return `${address} wants what nobody knows`;
  const fields = ownFields(wanted, kept);
  const names = schema.sections.map((each) => each.name);
  const sections = Object.keys(fields).filter((name) => names.includes(name));
  const flat = sections.find((name) => !isRecord(fields[name]));
  if (flat !== undefined) return `the section "${flat}" of ${address} is none`;
  const config = {
    address: storedAddress(address),
    type: wanted.type,
    fields,
    sections,
    origin: NOWHERE,
    fieldOrigins: new Map(),
  };
  const bound = boundNames(wanted.bindings.map((each) => each.path));
  const problem = validateGiven(config, schema, bound.union(keptNames(kept, schema)))[0];
  return problem && `it wants what no files can: ${problem.message}`;
}

/** Nothing that its type calls sensitive would be sealed later: the file is to hold it as the log will. */
function clearFault({ address, wanted, schema, kept }: Wish): string | undefined {
  const fields = ownFields(wanted, kept);
  const isSealed = equalValues(markSensitiveFields(fields, schema.sections), fields);
  return isSealed ? undefined : `a sensitive field of ${address} stands in clear`;
}

/** What the files say, without what is wanted as it lives. */
function ownFields({ fields }: Wanted, kept: readonly string[]): ValueRecord {
  return kept.reduce((left, path) => withoutField(left, parseFieldPath(path)), fields);
}

const NOWHERE = { file: "", line: 0, column: 0 };

function keptNames(kept: readonly string[], { sections }: ResourceSchema): ReadonlySet<string> {
  return new Set(
    sections.flatMap(({ name: section, fields }) =>
      fields.map(({ name: field }) => ({ section, field })).filter((path) => isWithin(path, kept)).map(
        formatFieldPath,
      )
    ),
  );
}
