import type { FieldSchema, FieldType, ResourceSchema, SectionSchema } from "../../engine/schema.ts";
import { findSchema, listSchemas } from "../../project/find_schema.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { lineColumns } from "../fit_line.ts";
import { exampleLines } from "../render/example_text.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { valueText } from "../render/value_text.ts";
import { reportFailure } from "../report_failure.ts";
import { alignColumns, type Line, line, type Span, span } from "../text.ts";
import { hangingLines, PROSE_COLUMNS } from "../wrap_text.ts";

const LONG_TYPE_COLUMNS = 40;

/** `smelt schema` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [type] = input.args;
  const format = input.format;
  if (type === undefined) {
    const all = await listSchemas(context.ports);
    if (format === "json") {
      context.printer.machine(jsonText(all.map(({ type, summary }) => ({ type, summary }))));
    } else context.printer.out(listLines(all));
    return EXIT_CODES.ok;
  }
  const found = await findSchema(context.ports, type);
  if (!found.ok) return reportFailure(context, found.error, format);
  if (input.flag("example")) context.printer.out(exampleLines(found.value));
  else if (format === "json") context.printer.machine(jsonText(schemaJson(found.value)));
  else context.printer.out(schemaLines(found.value));
  return EXIT_CODES.ok;
}

function listLines(all: Awaited<ReturnType<typeof listSchemas>>): readonly Line[] {
  const width = Math.max(...all.map(({ type }) => type.length));
  return all.flatMap(({ type, summary }) => hangingLines([span(`${type.padEnd(width)}  `, "bold")], summary));
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
    ...hangingLines([span(`${schema.type}  `, "bold")], schema.summary),
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
  const heading = hangingLines([span(`${name}  `, "bold")], `${section.summary}${open}`);
  return [line(), ...heading, ...fieldRows(section.fields)];
}

/** A field a line; where the lines would be too long, summaries and long types stand below. */
function fieldRows(fields: readonly FieldSchema[]): readonly Line[] {
  const rows = alignColumns(
    fields.map((field) => [...fieldCells(field, typeText(field.type)), summaryOf(field)]),
  );
  if (rows.every((each) => lineColumns(each) <= PROSE_COLUMNS)) return rows;
  const heads = alignColumns(
    fields.map((field) => fieldCells(field, isLongType(field) ? field.type.kind : typeText(field.type))),
  );
  return heads.flatMap((head, index) => {
    const field = fields[index];
    return field === undefined ? [] : [head, ...belowLines(field)];
  });
}

function fieldCells(field: FieldSchema, type: string): readonly Span[] {
  return [span(`  ${field.name}`), span(type, "cyan"), span(fieldNotes(field).join(", "), "yellow")];
}

function belowLines(field: FieldSchema): readonly Line[] {
  const indent = [span("      ")];
  return [
    ...(isLongType(field) ? hangingLines(indent, typeText(field.type), "cyan") : []),
    ...hangingLines(indent, field.summary, "dim"),
  ];
}

function isLongType({ type }: FieldSchema): boolean {
  return typeText(type).length > LONG_TYPE_COLUMNS;
}

function summaryOf({ summary }: FieldSchema): Span {
  return span(summary, "dim");
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
    sbom_kind: schema.sbomKind,
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
    reserved: field.reserved === undefined ? undefined : { ...field.reserved },
    minimum: field.range?.min,
    maximum: field.range?.max,
  };
}
