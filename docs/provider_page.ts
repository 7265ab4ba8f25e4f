import type { FieldSchema, FieldType, ResourceSchema, SectionSchema, WorldSchema } from "../engine/schema.ts";
import { isRecord, type Value } from "../engine/value.ts";
import { markdownTable } from "./markdown_table.ts";

/** The reference page of a provider in Markdown, made of its schemas alone. */
export function providerPage(name: string, schemas: readonly ResourceSchema[]): string {
  return [
    `# The provider \`${name}\``,
    "This page is made from the schemas by `docs/provider_reference.ts`. Edit those, not this.",
    markdownTable(
      ["type", "what it is"],
      schemas.map(({ type, summary }) => [`[\`${type}\`](#${anchor(type)})`, summary]),
    ),
    ...schemas.flatMap(typeParts),
  ].join("\n\n") + "\n";
}

function typeParts(schema: ResourceSchema): readonly string[] {
  return [
    `## \`${schema.type}\``,
    `${schema.summary}.`,
    ...schema.sections.flatMap(sectionParts),
    ...outputParts(schema),
    behaviour(schema).map((line) => `- ${line}`).join("\n"),
  ];
}

function sectionParts({ name, summary, open, fields }: SectionSchema): readonly string[] {
  if (fields.length === 0 && !open) return [];
  const title = name === ""
    ? `### Fields: ${lowerFirst(summary)}`
    : `### Section \`${name}\`: ${lowerFirst(summary)}`;
  const rows = fields.flatMap((field) => fieldRows(field, ""));
  return [
    title,
    ...(rows.length === 0 ? [] : [markdownTable(["field", "kind", "rules", "meaning"], rows)]),
    ...(open ? ["This section takes any field."] : []),
  ];
}

/** A field, and those of the records in it below. */
function fieldRows(field: FieldSchema, prefix: string): readonly (readonly string[])[] {
  const path = `${prefix}${field.name}`;
  return [
    [`\`${path}\``, kindText(field.type), rulesText(field), field.summary],
    ...recordFields(field.type).flatMap((inner) => fieldRows(inner, `${path}.`)),
  ];
}

function outputParts({ outputs, echoes }: ResourceSchema): readonly string[] {
  const rows = outputs.map((each) => [
    `\`${each.name}\``,
    kindText(each.type),
    each.sensitive ? "secret" : "",
    each.summary,
  ]);
  return [
    "### Outputs",
    ...(rows.length === 0 ? [] : [markdownTable(["output", "kind", "rules", "meaning"], rows)]),
    echoes === undefined
      ? "The id and every field can be bound too."
      : `Each field of the section \`${echoes}\` is an output of its name. The id can be bound too.`,
  ];
}

function behaviour(
  { world, timeoutsMs, importId, sbomKind, sections, surveyed }: ResourceSchema,
): readonly string[] {
  const unique = world?.uniqueName;
  const name = unique && (unique.section === "" ? unique.field : `${unique.section}.${unique.field}`);
  const isChangeable = sections.some((each) => each.open || each.fields.some((field) => !field.immutable));
  return [
    world === undefined
      ? "It exists in the log only: nothing is read, and nothing can be changed by hand."
      : doubtText(world),
    ...(surveyed === undefined
      ? []
      : [`The section \`${surveyed}\` is filled in before each plan, from files and tools of this machine.`]),
    ...(isChangeable ? [] : ["Any change makes a new object in the place of the old one."]),
    ...(name === undefined
      ? []
      : [`No two objects have one \`${name}\`: a replacement that keeps it deletes first.`]),
    ...(world?.preconditions === true
      ? ["Update and delete stop when it was changed since it was read."]
      : []),
    `Time limits: create ${secondsText(timeoutsMs.create)}, update ${
      secondsText(timeoutsMs.update)
    }, delete ` +
    `${secondsText(timeoutsMs.delete)}, read ${secondsText(timeoutsMs.read)}.`,
    importId === undefined ? "It cannot be imported." : `To import it, give ${importId}.`,
    `In an inventory it is of the type \`${sbomKind}\`.`,
  ];
}

function doubtText({ marker, tokenLifetimeMs }: WorldSchema): string {
  return marker === "none" && tokenLifetimeMs > 0
    ? "After a crash it is looked for by its id, and what is not there is sent again: that makes no second one."
    : DOUBTS[marker];
}

const DOUBTS = {
  token: "After a crash it is found by the mark that smelt put on it.",
  name: "After a crash it is found by its name.",
  none:
    "After a crash nobody can find out what was done: the outcome stays unknown until somebody settles it.",
} as const;

function kindText(type: FieldType): string {
  switch (type.kind) {
    case "enum":
      return type.members.map((member) => `\`"${member}"\``).join(" or ");
    case "ref":
      return `id of a \`${type.target}\``;
    case "list":
      return `list of ${kindText(type.element)}`;
    case "map":
      return `map of ${kindText(type.element)}`;
    case "string":
      return "text";
    default:
      return type.kind;
  }
}

function rulesText(field: FieldSchema): string {
  const { range, pattern, reserved, defaultValue } = field;
  return [
    field.required ? "required" : undefined,
    defaultValue === undefined ? undefined : `default \`${valueText(defaultValue)}\``,
    field.immutable ? "replaces" : undefined,
    field.sensitive ? "secret" : undefined,
    field.writeOnly ? "never read back" : undefined,
    field.computed ? "set by the provider when not given" : undefined,
    field.setLike ? "order means nothing" : undefined,
    range === undefined ? undefined : rangeText(range, field.type),
    pattern === undefined ? undefined : `like \`${pattern}\``,
    reserved?.why,
  ].filter((each) => each !== undefined).join(", ");
}

function rangeText({ min, max }: { readonly min?: number; readonly max?: number }, type: FieldType): string {
  const unit = type.kind === "integer" || type.kind === "number" ? "" : " characters";
  if (max === undefined) return `at least ${min ?? 0}${unit}`;
  return min === undefined ? `at most ${max}${unit}` : `${min} to ${max}${unit}`;
}

function recordFields(type: FieldType): readonly FieldSchema[] {
  if (type.kind === "record") return type.fields;
  return type.kind === "list" || type.kind === "map" ? recordFields(type.element) : [];
}

function valueText(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (isRecord(value)) {
    return `{ ${Object.entries(value).map(([key, part]) => `${key} = ${valueText(part)}`).join(", ")} }`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function secondsText(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}

function anchor(type: string): string {
  return type.toLowerCase().replace(/[^a-z0-9_-]/g, "");
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
