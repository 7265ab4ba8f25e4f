import { type DriftedField, driftedFields, driftedOutputs, type DriftedPart } from "./drift_sides.ts";
import type { PlanInput } from "./make_plan.ts";
import type { LiveFacts } from "./plan.ts";
import { blockedReason } from "./plan_wanted.ts";
import type { StoredObject } from "./resource_state.ts";
import { compareText } from "./text_order.ts";
import type { ValueRecord } from "./value.ts";
import { decodeRecord } from "./value_codec.ts";

/** What was found of every object that the log holds. */
export interface DriftReport {
  /** In code-point order of their addresses. */
  readonly drifted: readonly DriftedResource[];
  /** Of which nothing can be told, and why. */
  readonly unread: readonly { readonly address: string; readonly type: string; readonly why: string }[];
  /** Objects that were read and are as recorded. */
  readonly sameCount: number;
}

/** An object that is not as the log has it. */
export type DriftedResource =
  & { readonly address: string; readonly type: string; readonly id: string }
  & (
    | { readonly kind: "gone" }
    | {
      readonly kind: "changed";
      readonly live: LiveFacts;
      readonly fields: readonly DriftedField[];
      readonly outputs: readonly DriftedPart[];
    }
  );

/** What drift is looked for in. */
export interface DriftInput extends Pick<PlanInput, "state" | "reads" | "schemas" | "deadRuns"> {
  /** The fields that the files want of each address that they name. */
  readonly wanted: (address: string) => ValueRecord | undefined;
}

/** Compares every object that was read with what the log has of it. Objects without a world are what the log says. */
export function findDrift(input: DriftInput): DriftReport {
  const held = [...input.state.resources.values()].sort((a, b) => compareText(a.address, b.address));
  const drifted: DriftedResource[] = [];
  const unread: DriftReport["unread"][number][] = [];
  let sameCount = 0;
  for (const state of held) {
    const { object, address } = state;
    if (object === undefined) continue;
    const why = blockedReason(input, state, input.schemas(object.type));
    if (why !== undefined) {
      unread.push({ address, type: object.type, why });
      continue;
    }
    const found = driftOfObject(input, address, object);
    if (found === "same") sameCount++;
    else if (found !== undefined) drifted.push(found);
  }
  return { drifted, unread, sameCount };
}

/** `undefined`: it was not read, as it has no world. */
function driftOfObject(
  input: DriftInput,
  address: string,
  object: StoredObject,
): DriftedResource | "same" | undefined {
  const read = input.reads.get(address);
  const schema = input.schemas(object.type);
  if (read === undefined || read.kind === "unread" || schema === undefined) return undefined;
  const { type, id } = object;
  if (read.kind === "gone") return { address, type, id, kind: "gone" };
  const live = read.facts;
  const fields = driftedFields(schema, object, live, input.wanted(address));
  const outputs = driftedOutputs(decodeRecord(object.outputs), live.outputs);
  return fields.length === 0 && outputs.length === 0
    ? "same"
    : { address, type, id, kind: "changed", live, fields, outputs };
}
