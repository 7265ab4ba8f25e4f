import type { CallFailure } from "../../engine/call_failure.ts";
import type { Random } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { field } from "../../engine/schema.ts";
import { record, Secret, type ValueRecord } from "../../engine/value.ts";
import { refused } from "../failures.ts";
import { flagField, integerField, textField } from "../field_reader.ts";
import type { TypeAdapter } from "../type_adapter.ts";
import { worldlessType } from "../worldless_type.ts";
import { worldlessSchema } from "../worldless_schema.ts";
import { pick, shuffled, type UniformSource, uniformSource } from "./uniform.ts";

const TEXT = { kind: "string" } as const;
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";
const CLASSES = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  digits: "0123456789",
  special: SPECIAL,
} as const;
const CLASS_NAMES = ["lower", "upper", "digits", "special"] as const;
type ClassName = typeof CLASS_NAMES[number];

/** What `random.Password` takes and gives. */
export const PASSWORD_SCHEMA = worldlessSchema("random.Password", "A random password, kept as a secret", {
  sbomKind: "data",
  fields: [
    field("length", { kind: "integer" }, "Count of characters", {
      required: true,
      range: { min: 1, max: 4096 },
    }),
    ...classFields("lower"),
    ...classFields("upper"),
    ...classFields("digits"),
    ...classFields("special"),
    field("special_characters", TEXT, "The characters that count as special", { defaultValue: SPECIAL }),
    field("excluded_characters", TEXT, "Characters that never occur, for example those easily confused"),
  ],
  outputs: [field("result", TEXT, "The password", { sensitive: true })],
});

/**
 * `random.Password`: first the least number of each class, then characters of all allowed classes, each as likely as the
 * others, in an order as likely as any other.
 */
export function passwordType(random: Random): TypeAdapter {
  return worldlessType(PASSWORD_SCHEMA, (fields) => {
    const recipe = recipeOf(fields);
    if (!recipe.ok) return Promise.resolve(recipe);
    const result = new Secret(draw(recipe.value, uniformSource(random)));
    return Promise.resolve(ok(record([["result", result]])));
  });
}

/** Lists of characters, from each of which one is drawn. */
type Recipe = readonly (readonly string[])[];

function recipeOf(fields: ValueRecord): Result<Recipe, CallFailure> {
  const length = integerField(fields, "length") ?? 0;
  const classes = CLASS_NAMES.map((name) => ({
    name,
    least: integerField(fields, `min_${name}`) ?? 0,
    characters: charactersOf(name, fields),
  }));
  const missing = classes.find((each) => each.least > 0 && each.characters.length === 0);
  if (missing !== undefined) {
    const { name } = missing;
    return refuse(`"min_${name}" wants characters of the class "${name}", which has none or is switched off`);
  }
  const least = classes.reduce((sum, each) => sum + each.least, 0);
  if (least > length) return refuse(`the least counts add up to ${least}, more than the length ${length}`);
  const all = [...new Set(classes.flatMap((each) => each.characters))];
  if (all.length === 0) return refuse("no character is allowed");
  const wanted = classes.flatMap((each) => Array.from({ length: each.least }, () => each.characters));
  return ok([...wanted, ...Array.from({ length: length - least }, () => all)]);
}

function draw(recipe: Recipe, uniform: UniformSource): string {
  return shuffled(recipe.map((characters) => pick(characters, uniform)), uniform).join("");
}

function charactersOf(name: ClassName, fields: ValueRecord): readonly string[] {
  if (fields[name] !== undefined && !flagField(fields, name)) return [];
  const all = name === "special" ? textField(fields, "special_characters") ?? SPECIAL : CLASSES[name];
  const excluded = new Set(textField(fields, "excluded_characters") ?? "");
  return [...new Set(all)].filter((character) => !excluded.has(character));
}

function classFields<const Name extends ClassName>(name: Name) {
  return [
    field(name, { kind: "boolean" }, `Whether characters of the class "${name}" occur`, {
      defaultValue: true,
    }),
    field(`min_${name}`, { kind: "integer" }, `The least count of the class "${name}"`, {
      defaultValue: 0,
      range: { min: 0, max: 4096 },
    }),
  ] as const;
}

function refuse(why: string): Result<never, CallFailure> {
  return err(refused("InvalidConfig", `Cannot draw a password: ${why}`));
}
