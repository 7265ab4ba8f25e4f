import type { Random } from "../../engine/random.ts";
import { ok } from "../../engine/result.ts";
import { field } from "../../engine/schema.ts";
import { record } from "../../engine/value.ts";
import { integerField, textField } from "../field_reader.ts";
import type { TypeAdapter } from "../type_adapter.ts";
import { worldlessType } from "../worldless_type.ts";
import { ADJECTIVES, ADVERBS, ANIMALS } from "./pet_words.ts";
import { worldlessSchema } from "../worldless_schema.ts";
import { pick, uniformSource } from "./uniform.ts";

const TEXT = { kind: "string" } as const;
const DEFAULT_WORDS = 2;
const DEFAULT_SEPARATOR = "-";

/** What `random.Pet` takes and gives. */
export const PET_SCHEMA = worldlessSchema(
  "random.Pet",
  "A random name of plain words, for people rather than for uniqueness",
  {
    sbomKind: "data",
    fields: [
      field(
        "words",
        { kind: "integer" },
        "Count of words: an animal, before it an adjective, before that adverbs",
        {
          defaultValue: DEFAULT_WORDS,
          range: { min: 1, max: 16 },
        },
      ),
      field("separator", TEXT, "Text between words", { defaultValue: DEFAULT_SEPARATOR }),
      field("prefix", TEXT, "A first word of your own"),
    ],
    outputs: [field("name", TEXT, "The name, for example calmly-brave-otter")],
  },
);

/** `random.Pet`: adverbs, an adjective, an animal. */
export function petType(random: Random): TypeAdapter {
  return worldlessType(PET_SCHEMA, (fields) => {
    const uniform = uniformSource(random);
    const count = integerField(fields, "words") ?? DEFAULT_WORDS;
    const lists = [...Array.from({ length: count }, () => ADVERBS), ADJECTIVES, ANIMALS].slice(-count);
    const prefix = textField(fields, "prefix");
    const words = [...(prefix === undefined ? [] : [prefix]), ...lists.map((list) => pick(list, uniform))];
    const name = words.join(textField(fields, "separator") ?? DEFAULT_SEPARATOR);
    return Promise.resolve(ok(record([["name", name]])));
  });
}
