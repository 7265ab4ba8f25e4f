import type { FieldSchema, FieldType, ResourceSchema, SectionSchema } from "../../engine/schema.ts";
import { findSchema, listSchemas } from "../../project/find_schema.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { exampleLines } from "../render/example_text.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { valueText } from "../render/value_text.ts";
import { reportFailure } from "../report_failure.ts";
import { alignColumns, type Line, line, type Span, span } from "../text.ts";

/** `smelt schema` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [type] = input.args;
  const format = input.flag("json") ? "json" : "text";
  if (type === undefined) {
    const all = await listSchemas(context.ports);
    if (format === "json") {
      context.printer.machine(jsonText(all.map(({ type, summary }) => ({ type, summary }))));
    } else {context.printer.out(
        alignColumns(all.map((each) => [span(each.type, "bold"), span(each.summary)])),
      );}
    return EXIT_CODES.ok;
  }
  const found = await findSchema(context.ports, type);
  if (!found.ok) return reportFailure(context, found.error, format);
  if (input.flag("example")) context.printer.out(exampleLines(found.value));
  else if (format === "json") context.printer.machine(jsonText(schemaJson(found.value)));
  else context.printer.out(schemaLines(found.value));
  return EXIT_CODES.ok;
}

/** A type of field in words, for example `list of string`. */
function typeText(type: FieldType): string {
  switch (type.kind) {
    case "enum":
      return type.members.map((member) => JSON.stringify(member)).join(" | ");
    case "ref":
      return `id of ${type.target}`;
    case "list":
      return `list of ${typeText(type.element)}`;
    case "map":
      return `map of ${typeText(type.element)}`;
    case "record":
      return `{ ${type.fields.map((each) => `${each.name}: ${typeText(each.type)}`).join(", ")} }`;
    default:
      return type.kind;
  }
}

function schemaLines(schema: ResourceSchema): readonly Line[] {
  return [
    line(span(schema.type, "bold"), `  ${schema.summary}`),
    ...schema.sections.flatMap(sectionLines),
    ...(schema.outputs.length === 0
      ? []
      : [line(), line(span("outputs", "bold")), ...fieldRows(schema.outputs)]),
    line(),
    line(span(schema.importId === undefined ? "cannot be imported" : `import id: ${schema.importId}`, "dim")),
  ];
}

function sectionLines(section: SectionSchema): readonly Line[] {
  const name = section.name === "" ? "fields" : `${section.name} { }`;
  const open = section.open ? "  (any field)" : "";
  return [line(), line(span(name, "bold"), `  ${section.summary}${open}`), ...fieldRows(section.fields)];
}

function fieldRows(fields: readonly FieldSchema[]): readonly Line[] {
  return alignColumns(fields.map((field): readonly Span[] => [
    span(`  ${field.name}`),
    span(typeText(field.type), "cyan"),
    span(fieldNotes(field).join(", "), "yellow"),
    span(field.summary, "dim"),
  ]));
}

function fieldNotes(field: FieldSchema): readonly string[] {
  return [
    field.required ? "required" : undefined,
    field.defaultValue === undefined ? undefined : `default ${valueText(field.defaultValue)}`,
    field.immutable ? "immutable" : undefined,
    field.computed ? "computed" : undefined,
    field.writeOnly ? "write-only" : undefined,
    field.sensitive ? "sensitive" : undefined,
  ].filter((note) => note !== undefined);
}

function schemaJson(schema: ResourceSchema): Printable {
  return {
    type: schema.type,
    summary: schema.summary,
    version: schema.version,
    sections: schema.sections.map((section) => ({
      name: section.name,
      summary: section.summary,
      open: section.open,
      fields: section.fields.map(fieldJson),
    })),
    outputs: schema.outputs.map(fieldJson),
    import_id: schema.importId ?? null,
    timeouts_ms: { ...schema.timeoutsMs },
  };
}

function fieldJson(field: FieldSchema): Printable {
  return {
    name: field.name,
    type: typeText(field.type),
    summary: field.summary,
    required: field.required,
    default: field.defaultValue,
    immutable: field.immutable,
    computed: field.computed,
    write_only: field.writeOnly,
    sensitive: field.sensitive,
    set_like: field.setLike,
    pattern: field.pattern,
    minimum: field.range?.min,
    maximum: field.range?.max,
  };
}
