import { byDigest } from "../engine/by_digest.ts";
import { diffValues, type ValueChange } from "../engine/diff_values.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import type { Binding } from "../engine/resource_event.ts";
import type { ResourceState, StoredObject } from "../engine/resource_state.ts";
import { fieldAt, type FieldPath, formatFieldPath, type ResourceSchema } from "../engine/schema.ts";
import { compareText } from "../engine/text_order.ts";
import { isRecord, SealedSecret, someValue, type Value, type ValueRecord } from "../engine/value.ts";
import { decodeRecord } from "../engine/value_codec.ts";
import { getField } from "../engine/wanted.ts";

/** How one address differs between two states. */
export type StateDifference =
  | { readonly kind: "onlyBefore" | "onlyAfter"; readonly address: string; readonly type: string }
  | {
    readonly kind: "differs";
    readonly address: string;
    readonly typeBefore: string;
    readonly typeAfter: string;
    readonly changes: readonly FieldDifference[];
  };

/** A field, or a fact of the resource such as `id`, that is not the same. */
export type FieldDifference = Pick<ValueChange, "path" | "before" | "after">;

/** All differences, and what could not be compared. */
export interface StateDiff {
  readonly differences: readonly StateDifference[];
  /** `address field` of secrets in two environments: each environment has digests of its own. */
  readonly incomparable: readonly string[];
}

/** What is held against each other. `environments`: ids differ anyway, and so does what others give; `times` of one environment. */
export type DiffSubject = "environments" | "times";

/** Compares what lives in two states: what was sent last, field by field. */
export function diffStates(
  before: EnvironmentView,
  after: EnvironmentView,
  parts: { readonly subject: DiffSubject; schemas(type: string): ResourceSchema | undefined },
): StateDiff {
  const incomparable: string[] = [];
  const addresses = [...new Set([...before.resources.keys(), ...after.resources.keys()])].sort(compareText);
  const differences = addresses.flatMap((address): readonly StateDifference[] => {
    const left = living(before.resources.get(address));
    const right = living(after.resources.get(address));
    if (left === undefined && right === undefined) return [];
    if (left === undefined || right === undefined) {
      const type = (left ?? right)?.object.type ?? "";
      return [{ kind: left === undefined ? "onlyAfter" : "onlyBefore", address, type }];
    }
    const fields = diffInputs(left.object, right.object, parts);
    incomparable.push(...fields.incomparable.map((path) => `${address} ${path}`));
    const changes = [...diffFacts(left, right, parts.subject), ...fields.changes];
    const [typeBefore, typeAfter] = [left.object.type, right.object.type];
    return changes.length === 0 ? [] : [{ kind: "differs", address, typeBefore, typeAfter, changes }];
  });
  return { differences, incomparable };
}

type Living = ResourceState & { readonly object: StoredObject };

function living(state: ResourceState | undefined): Living | undefined {
  return state?.object === undefined ? undefined : { ...state, object: state.object };
}

/** What is said of a resource beside its fields. */
function diffFacts(left: Living, right: Living, subject: DiffSubject): readonly FieldDifference[] {
  const facts = (state: Living): readonly (readonly [string, Value])[] => [
    ["type", state.object.type],
    ...subject === "times"
      ? [["id", state.object.id] as const, ["tainted", state.taint ?? null] as const]
      : [],
    ["@intent", state.object.description.intent ?? null],
    ["@owner", state.object.description.owner ?? null],
    ["protected", state.isProtected],
  ];
  const others = new Map(facts(right));
  return facts(left).flatMap(([path, before]) => {
    const after = others.get(path) ?? null;
    return before === after ? [] : [{ path, before, after }];
  });
}

function diffInputs(
  left: StoredObject,
  right: StoredObject,
  { subject, schemas }: Parameters<typeof diffStates>[2],
): { readonly changes: readonly FieldDifference[]; readonly incomparable: readonly string[] } {
  const [before, after] = [decodeRecord(left.inputs), decodeRecord(right.inputs)];
  const schema = schemas(right.type);
  const incomparable: string[] = [];
  const changes = fieldPaths(schema, before, after).flatMap((path): readonly FieldDifference[] => {
    const name = formatFieldPath(path);
    const [old, now] = [getField(before, path), getField(after, path)];
    if (subject === "environments") {
      if (isBoundAlike(left.bindings, right.bindings, name)) return [];
      if (isSealed(old) && isSealed(now)) {
        incomparable.push(name);
        return [];
      }
    }
    const compared = [old, now].map((each) => each && byDigest(each));
    return diffValues(name, compared[0], compared[1], (schema && fieldAt(schema, path)) ?? ANY_FIELD);
  });
  return { changes, incomparable };
}

const ANY_FIELD = { type: { kind: "any" }, setLike: false, immutable: false } as const;

/** Every field of either side: those of a section one by one, others whole. */
function fieldPaths(
  schema: ResourceSchema | undefined,
  before: ValueRecord,
  after: ValueRecord,
): readonly FieldPath[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText);
  return names.flatMap((name) => {
    const isSection = schema?.sections.some((each) => each.name === name) === true;
    if (!isSection) return [{ section: "", field: name }];
    const inner = [before[name], after[name]].flatMap((each) => isRecord(each) ? Object.keys(each) : []);
    return [...new Set(inner)].sort(compareText).map((field) => ({ section: name, field }));
  });
}

/** Whether both sides take the field from the same place: then it is the same, whatever the value. */
function isBoundAlike(left: readonly Binding[], right: readonly Binding[], path: string): boolean {
  const textOf = (bindings: readonly Binding[]) => {
    const found = bindings.find((each) => each.path === path);
    return found === undefined ? undefined : JSON.stringify([found.from, found.source]);
  };
  const text = textOf(left);
  return text !== undefined && text === textOf(right);
}

function isSealed(value: Value | undefined): boolean {
  return value !== undefined && someValue(value, (part) => part instanceof SealedSecret);
}
