import { deepStrictEqual, ok } from "node:assert/strict";
import { checkValue } from "../../engine/check_value.ts";
import type { FieldType } from "../../engine/schema.ts";
import { simSchema } from "./sim_schema.ts";
import { SIM_TYPES } from "./sim_types.ts";

const SCHEMAS = SIM_TYPES.map((type) => simSchema(type, 0));

for (const schema of SCHEMAS) {
  const fields = schema.sections.flatMap((section) => section.fields);

  Deno.test(`${schema.type} keeps sensitive fields write-only, so that its journal never holds them`, () => {
    deepStrictEqual(fields.filter((each) => each.sensitive && !each.writeOnly), []);
  });

  Deno.test(`${schema.type} has each field name once, so that a bare binding finds it`, () => {
    const names = fields.map((each) => each.name);
    deepStrictEqual([...new Set(names)], names);
  });

  Deno.test(`${schema.type} has defaults that fit, and none where a field is required or computed`, () => {
    for (const field of fields) {
      if (field.defaultValue === undefined) continue;
      deepStrictEqual(checkValue(field.defaultValue, field), [], field.name);
      ok(!field.required && !field.computed, field.name);
    }
  });

  Deno.test(`${schema.type} refers to types that there are`, () => {
    const types = SCHEMAS.map((each) => each.type);
    for (const target of fields.flatMap((field) => targetsOf(field.type))) ok(types.includes(target), target);
  });

  Deno.test(`${schema.type} says how it is imported`, () => {
    ok(schema.importId?.endsWith("-1a2b3c4d"));
  });
}

Deno.test("simSchema() gives tokens to all types but the one with a unique name", () => {
  const named = SCHEMAS.filter((each) => each.world?.marker === "name");
  deepStrictEqual(named.map((each) => each.type), ["sim.Bucket"]);
  deepStrictEqual(named[0]?.world?.uniqueName, { section: "", field: "name" });
  deepStrictEqual(named[0]?.world?.tokenLifetimeMs, 0);
  ok(SCHEMAS.every((each) => each.world?.marker === "name" || each.world?.tokenLifetimeMs === 86_400_000));
});

function targetsOf(type: FieldType): readonly string[] {
  if (type.kind === "ref") return [type.target];
  return type.kind === "list" ? targetsOf(type.element) : [];
}
