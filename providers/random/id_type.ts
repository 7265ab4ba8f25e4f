import { type Random, toHex } from "../../engine/random.ts";
import { ok } from "../../engine/result.ts";
import { field } from "../../engine/schema.ts";
import { record } from "../../engine/value.ts";
import { integerField, textField } from "../field_reader.ts";
import type { TypeAdapter } from "../type_adapter.ts";
import { worldlessType } from "../worldless_type.ts";
import { worldlessSchema } from "../worldless_schema.ts";

const TEXT = { kind: "string" } as const;

/** What `random.Id` takes and gives. */
export const ID_SCHEMA = worldlessSchema("random.Id", "Random bytes, as texts that suit names", {
  sbomKind: "data",
  fields: [
    field("byte_length", { kind: "integer" }, "Count of bytes", {
      required: true,
      range: { min: 1, max: 1024 },
    }),
    field("prefix", TEXT, "Text before each output"),
  ],
  outputs: [
    field("hex", TEXT, "The bytes in lower-case hex"),
    field("base64url", TEXT, "The bytes in base64url without padding (RFC 4648 section 5)"),
    field("decimal", TEXT, "The bytes as a decimal number, the first byte the highest"),
  ],
});

/** `random.Id`: random bytes in three spellings. */
export function idType(random: Random): TypeAdapter {
  return worldlessType(ID_SCHEMA, (fields) => {
    const bytes = random.bytes(integerField(fields, "byte_length") ?? 1);
    const prefix = textField(fields, "prefix") ?? "";
    const hex = toHex(bytes);
    return Promise.resolve(ok(record([
      ["hex", prefix + hex],
      ["base64url", prefix + bytes.toBase64({ alphabet: "base64url", omitPadding: true })],
      ["decimal", prefix + BigInt(`0x${hex}`).toString()],
    ])));
  });
}
