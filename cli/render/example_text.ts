import type { FieldSchema, FieldType, ResourceSchema, SectionSchema } from "../../engine/schema.ts";
import { type Line, line } from "../text.ts";
import { valueText } from "./value_text.ts";

/** A resource to start from: required fields with placeholders, the others as comments. */
export function exampleLines(schema: ResourceSchema): readonly Line[] {
  const segments = schema.type.split(".");
  const kind = (segments.at(-1) ?? "resource").toLowerCase();
  const body = schema.sections.find((section) => section.name === "");
  const sections = schema.sections.filter((section) => section.name !== "");
  return [
    line(`resource ${kind} "example" : ${schema.type} {`),
    ...sections.flatMap(sectionLines),
    ...(body?.fields ?? []).map((field) => fieldLine(field, "  ")),
    line("}"),
  ];
}

function sectionLines(section: SectionSchema): readonly Line[] {
  const isNeeded = section.fields.some((field) => field.required);
  const mark = isNeeded || section.open ? "" : "# ";
  return [
    line(`  ${mark}${section.name} {`),
    ...section.fields.map((field) => fieldLine(field, `  ${mark}  `)),
    ...(section.open ? [line('    anything = "any value"')] : []),
    line(`  ${mark}}`),
    line(),
  ];
}

function fieldLine(field: FieldSchema, indent: string): Line {
  const mark = field.required || indent.includes("#") ? "" : "# ";
  const value = field.defaultValue === undefined ? placeholder(field.type) : valueText(field.defaultValue);
  return line(`${indent}${mark}${field.name} = ${value}`);
}

function placeholder(type: FieldType): string {
  switch (type.kind) {
    case "integer":
      return "1";
    case "number":
      return "1.0";
    case "boolean":
      return "true";
    case "enum":
      return JSON.stringify(type.members[0] ?? "");
    case "list":
      return `[${placeholder(type.element)}]`;
    case "map":
      return `{ key = ${placeholder(type.element)} }`;
    case "record":
      return `{ ${
        type.fields.filter((each) => each.required).map((each) => `${each.name} = ${placeholder(each.type)}`)
          .join(", ")
      } }`;
    default:
      return '"text"';
  }
}
