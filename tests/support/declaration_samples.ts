import type { FieldSchema, FieldType, ResourceSchema, SectionSchema } from "../../engine/schema.ts";

/**
 * Writes a program that compiles only if the types of a stack say what `schemas` say: each type with all its fields, with those
 * that it needs alone, and with its outputs; and, where the compiler must refuse it, without each needed field, with a field more
 * in each section, and with each field of another kind.
 */
export function declarationSamples(schemas: readonly ResourceSchema[], mod: string): string {
  const samples = schemas.flatMap((schema, at) => typeSamples(schema, `r${at}`));
  return [
    `import { type Id, type Output, secret, stack } from "${mod}";`,
    "declare const text: Output<string>;",
    "declare const count: Output<number>;",
    "declare const flag: Output<boolean>;",
    'declare const other: Id<"no.Such">;',
    "function gives<T>(_: Output<T>): void {}",
    "function refers<T extends string>(_: Id<T>): void {}",
    "stack((s) => {",
    ...samples,
    "});",
  ].join("\n");
}

function typeSamples(schema: ResourceSchema, name: string): readonly string[] {
  const { type } = schema;
  const sections = writtenSections(schema);
  const declare = (body: string) => `s.${type}("a", ${body});`;
  const all = bodyText(sections, () => true);
  const needed = bodyText(sections, (field) => field.required);
  return [
    `const ${name} = ${declare(all)}`,
    declare(needed),
    ...sections.filter((each) => !each.open).flatMap((section) => [
      "// @ts-expect-error a field more",
      declare(bodyText(sections, (field) => field.required, { section, text: "no_such_field: 1" })),
      ...section.fields.flatMap((field) => fieldSamples(schema, section, field)),
    ]),
    ...foundSamples(schema),
    ...outputSamples(schema, name),
  ];
}

/** What a survey finds is nobody's to write. */
function writtenSections({ sections, surveyed }: ResourceSchema): readonly SectionSchema[] {
  return sections.filter((each) => each.name !== surveyed);
}

function foundSamples(schema: ResourceSchema): readonly string[] {
  const { type, sections, surveyed } = schema;
  const found = sections.filter((each) => each.name === surveyed);
  return found.flatMap((section) => [
    "// @ts-expect-error a section that smelt fills in",
    `s.${type}("a", ${
      bodyText([...writtenSections(schema), section], (field) =>
        field.required || section.fields.includes(field))
    });`,
  ]);
}

/** The same resource with one field of another kind, secret, and, where it is needed, missing. */
function fieldSamples(
  schema: ResourceSchema,
  section: SectionSchema,
  field: FieldSchema,
): readonly string[] {
  const { type } = schema;
  const sections = writtenSections(schema);
  const others = (each: FieldSchema) => each.required && each !== field;
  const declare = (text: string) =>
    `s.${type}("a", ${bodyText(sections, others, { section, text: `${field.name}: ${text}` })});`;
  const wrong = wrongText(field.type);
  return [
    ...(wrong === undefined ? [] : ["// @ts-expect-error another kind", declare(wrong)]),
    ...(isScalar(field.type) ? [declare(`secret(${sampleText(field.type)})`)] : []),
    ...bindingSamples(field.type, declare),
    ...(field.required ? ["// @ts-expect-error a needed field is missing", declare("undefined")] : []),
  ];
}

/** Outputs of each kind, alone and in a list: those that fit, and those that do not. */
function bindingSamples(type: FieldType, declare: (text: string) => string): readonly string[] {
  if (type.kind === "list") return bindingSamples(type.element, (text) => declare(`[${text}]`));
  const fitting = {
    integer: "count",
    number: "count",
    boolean: "flag",
    string: "text",
    enum: "text",
    ref: "text",
  };
  if (!isScalar(type)) return [];
  const right = Object.entries(fitting).find(([kind]) => kind === type.kind)?.[1];
  const outputs = ["text", "count", "flag", ...(type.kind === "ref" ? ["other"] : [])];
  return outputs.flatMap((each) =>
    each === right ? [declare(each)] : ["// @ts-expect-error an output of another kind", declare(each)]
  );
}

function outputSamples({ sections, outputs }: ResourceSchema, name: string): readonly string[] {
  const given = new Set(outputs.map((each) => each.name));
  return [
    ...outputs.map((each) => readingText(each, name)),
    ...sections.filter((each) => !each.open).flatMap((section) =>
      section.fields.filter((each) => section.name !== "" || !given.has(each.name)).map((field) => {
        const holder = section.name === "" ? name : `${name}.${section.name}`;
        return field.writeOnly
          ? `// @ts-expect-error never read back\nvoid ${holder}.${field.name};`
          : readingText(field, holder);
      })
    ),
  ];
}

function readingText({ name, type }: FieldSchema, holder: string): string {
  return type.kind === "ref"
    ? `refers<"${type.target}">(${holder}.${name});`
    : `gives<${givenText(type)}>(${holder}.${name});`;
}

function bodyText(
  sections: readonly SectionSchema[],
  isWritten: (field: FieldSchema) => boolean,
  more?: { readonly section: SectionSchema; readonly text: string },
): string {
  const parts = sections.flatMap((section) => {
    const fields = section.fields.filter(isWritten).map(({ name, type }) => `${name}: ${sampleText(type)}`);
    const entries = more?.section === section ? [...fields, more.text] : fields;
    if (section.name === "") return entries;
    return entries.length === 0 ? [] : [`${section.name}: { ${entries.join(", ")} }`];
  });
  return `{ ${parts.join(", ")} }`;
}

function sampleText(type: FieldType): string {
  switch (type.kind) {
    case "string":
    case "ref":
      return `"x"`;
    case "integer":
      return "1";
    case "number":
      return "1.5";
    case "boolean":
      return "true";
    case "enum":
      return JSON.stringify(type.members[0]);
    case "any":
      return `{ a: [1, null, "x"] }`;
    case "list":
      return `[${sampleText(type.element)}]`;
    case "map":
      return `{ k: ${sampleText(type.element)} }`;
    case "record":
      return `{ ${type.fields.map((each) => `${each.name}: ${sampleText(each.type)}`).join(", ")} }`;
  }
}

/** A value that does not fit; `undefined` where every value does. */
function wrongText(type: FieldType): string | undefined {
  switch (type.kind) {
    case "any":
      return undefined;
    case "string":
    case "ref":
      return "1";
    case "enum":
      return `"no such member"`;
    case "list": {
      const element = wrongText(type.element);
      return element === undefined ? `"x"` : `[${element}]`;
    }
    case "map": {
      const element = wrongText(type.element);
      return element === undefined ? `"x"` : `{ k: ${element} }`;
    }
    default:
      return `"x"`;
  }
}

function givenText(type: FieldType): string {
  switch (type.kind) {
    case "string":
    case "ref":
      return "string";
    case "integer":
    case "number":
      return "number | bigint";
    case "boolean":
      return "boolean";
    case "enum":
      return type.members.map((each) => JSON.stringify(each)).join(" | ");
    case "list":
      return `readonly (${givenText(type.element)})[]`;
    case "map":
      return `{ readonly [key: string]: ${givenText(type.element)} }`;
    case "any":
    case "record":
      return "unknown";
  }
}

function isScalar({ kind }: FieldType): boolean {
  return kind !== "list" && kind !== "map" && kind !== "record" && kind !== "any";
}
