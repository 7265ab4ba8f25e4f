import { type Random, toHex } from "../../engine/random.ts";
import { ok } from "../../engine/result.ts";
import { field } from "../../engine/schema.ts";
import { record } from "../../engine/value.ts";
import type { TypeAdapter } from "../type_adapter.ts";
import { worldlessType } from "../worldless_type.ts";
import { worldlessSchema } from "../worldless_schema.ts";

/** What `random.Uuid` takes and gives. */
export const UUID_SCHEMA = worldlessSchema("random.Uuid", "A random UUID, version 4 (RFC 9562 section 5.4)", {
  sbomKind: "data",
  fields: [],
  outputs: [field("uuid", { kind: "string" }, "The UUID in lower case with hyphens")],
});

/** `random.Uuid`: 122 random bits in the form of a UUID. */
export function uuidType(random: Random): TypeAdapter {
  return worldlessType(UUID_SCHEMA, () => Promise.resolve(ok(record([["uuid", uuid(random.bytes(16))]]))));
}

/** RFC 9562 section 5.4: version 4 in the high half of byte 6, variant 10 in the high bits of byte 8. */
function uuid(bytes: Uint8Array): string {
  const marked = bytes.map((byte, index) => {
    if (index === 6) return (byte & 0x0f) | 0x40;
    return index === 8 ? (byte & 0x3f) | 0x80 : byte;
  });
  return toHex(marked).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
