import { fieldsOf } from "./diff_resource.ts";
import { diffValues } from "./diff_values.ts";
import type { LiveFacts } from "./plan.ts";
import { recordedFields } from "./recorded_fields.ts";
import type { StoredObject } from "./resource_state.ts";
import { type Comparison, isBlank, partComparison, sameValues } from "./same_values.ts";
import { type FieldPath, formatFieldPath, type ResourceSchema } from "./schema.ts";
import { compareText } from "./text_order.ts";
import { isRecord, record, type Value, type ValueRecord } from "./value.ts";
import { decodeRecord } from "./value_codec.ts";
import { getField } from "./wanted.ts";

/** What the files say of a part: `open` where they leave it to the provider, or do not name the resource. */
export type WantedSide =
  | { readonly kind: "open" }
  | { readonly kind: "value"; readonly value: Value | undefined };

/** A part of an object that lives otherwise than the log has it, from its three sides. */
export interface DriftedPart {
  /** `field`, `section.field`, with `.key` for what is inside; `output name` for an output. */
  readonly path: string;
  /** As the files want it. */
  readonly wanted: WantedSide;
  /** As the log has it: sent last, or seen last where the provider decides. */
  readonly recorded: Value | undefined;
  /** As it was read now. */
  readonly live: Value | undefined;
}

/** A field that drifted, whole. */
export interface DriftedField {
  readonly path: FieldPath;
  readonly parts: readonly DriftedPart[];
}

/** The fields of an object that live otherwise than the log has them. `wanted`: its fields as the files want them, if they name it. */
export function driftedFields(
  schema: ResourceSchema,
  object: Pick<StoredObject, "inputs" | "fields">,
  live: Pick<LiveFacts, "fields">,
  wanted: ValueRecord | undefined,
): readonly DriftedField[] {
  const recorded = recordedFields(schema, decodeRecord(object.inputs), decodeRecord(object.fields));
  return schema.sections.flatMap((section) =>
    fieldsOf(section, [recorded, live.fields]).flatMap((field) => {
      if (field.writeOnly) return [];
      const path = { section: section.name, field: field.name };
      const sides = {
        wanted: sideOf(wanted, getField(wanted ?? record(), path), field.computed),
        recorded: getField(recorded, path),
        live: getField(live.fields, path),
      };
      // What the provider decided and the log has never seen cannot have drifted.
      if (field.computed && isBlank(sides.recorded)) return [];
      const parts = partsOf(formatFieldPath(path), sides, field);
      return parts.length === 0 ? [] : [{ path, parts }];
    })
  );
}

/** Outputs that are otherwise than the log has them. No file says anything of them. */
export function driftedOutputs(stored: ValueRecord, live: ValueRecord): readonly DriftedPart[] {
  const names = [...new Set([...Object.keys(stored), ...Object.keys(live)])].sort(compareText);
  return names.filter((name) => diffValues("", stored[name], live[name], ANY).length > 0).map((name) => ({
    path: `output ${name}`,
    wanted: { kind: "open" },
    recorded: stored[name],
    live: live[name],
  }));
}

const ANY = { type: { kind: "any" }, setLike: false, immutable: false } as const;

type Sides = Omit<DriftedPart, "path">;

/** Goes as deep as both sides are records; a list is told whole, since its elements have no names to tell them by. */
function partsOf(path: string, sides: Sides, comparison: Comparison): readonly DriftedPart[] {
  const { wanted, recorded, live } = sides;
  if (sameValues(live, recorded, comparison)) return [];
  if (!isRecord(recorded) || !isRecord(live)) return [{ path, ...sides }];
  const keys = [...new Set([...Object.keys(recorded), ...Object.keys(live)])].sort(compareText);
  return keys.flatMap((key) => {
    const part = partComparison(comparison, key);
    if (part.computed && isBlank(recorded[key])) return [];
    const inner = wanted.kind === "value" && isRecord(wanted.value) ? wanted.value[key] : undefined;
    const side = sideOf(wanted.kind === "open" ? undefined : record(), inner, part.computed);
    return partsOf(`${path}.${key}`, { wanted: side, recorded: recorded[key], live: live[key] }, part);
  });
}

function sideOf(named: ValueRecord | undefined, value: Value | undefined, computed: boolean): WantedSide {
  return named === undefined || (computed && isBlank(value)) ? { kind: "open" } : { kind: "value", value };
}
