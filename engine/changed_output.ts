import { fieldAt, type FieldPath, type FieldSchema, parseFieldPath, type ResourceSchema } from "./schema.ts";

/** What becomes of an object whose outputs others have. */
export type SourceChange = "update" | "replace";

/**
 * Whether an output may have another value once its object has been updated, or replaced by a new one. An id and what is
 * immutable outlive updates; of a new object anything may differ, since it may be new for a change of any field.
 */
export function mayChange(
  schema: ResourceSchema | undefined,
  output: string,
  change: SourceChange,
): boolean {
  if (change === "replace") return true;
  if (output === "id") return false;
  if (schema === undefined) return true;
  const given = schema.outputs.find((each) => each.name === output) ?? fieldOf(schema, output);
  return given?.immutable !== true;
}

/** Whether a change of what stands at `path` needs a new object. */
export function isFixed(schema: ResourceSchema | undefined, path: FieldPath): boolean {
  if (schema === undefined) return false;
  return (fieldAt(schema, path) ?? containerOf(schema, path))?.immutable === true;
}

/** The field that an output gives back, by the section that is echoed or by its path. */
function fieldOf(schema: ResourceSchema, output: string): FieldSchema | undefined {
  const { echoes } = schema;
  const echoed = echoes === undefined ? undefined : fieldAt(schema, { section: echoes, field: output });
  const path = parseFieldPath(output);
  return echoed ?? fieldAt(schema, path) ?? containerOf(schema, path);
}

/** The field of the body of which `path` names a part. */
function containerOf(schema: ResourceSchema, path: FieldPath): FieldSchema | undefined {
  return path.section === "" ? undefined : fieldAt(schema, { section: "", field: path.section });
}
