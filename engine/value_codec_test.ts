import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { storedRecordArbitrary, storedValueArbitrary } from "./_value_arbitrary.ts";
import { canonicalJson, parseCanonicalJson } from "./canonical_json.ts";
import { InvariantError } from "./invariant.ts";
import type { Json } from "./json.ts";
import { record, SealedSecret, Secret, Unknown } from "./value.ts";
import { decodeRecord, decodeValue, encodeRecord, encodeValue } from "./value_codec.ts";

Deno.test("decodeValue() gives back what encodeValue() was given, by way of the stored text", () => {
  fc.assert(fc.property(storedValueArbitrary, (value) => {
    const json = parseCanonicalJson(canonicalJson(encodeValue(value)));
    deepStrictEqual(decodeValue(json ?? null), value);
  }));
});

Deno.test("decodeRecord() gives back what encodeRecord() was given", () => {
  fc.assert(fc.property(storedRecordArbitrary, (value) => {
    deepStrictEqual(decodeRecord(encodeRecord(value)), value);
  }));
});

Deno.test("encodeValue() writes the forms that the log format names", () => {
  deepStrictEqual(encodeValue(9223372036854775807n), { $int: "9223372036854775807" });
  strictEqual(encodeValue(5n), 5);
  deepStrictEqual(encodeValue(new Unknown("net.main")), { $unknown: "net.main" });
  deepStrictEqual(encodeValue(new SealedSecret("id/key", "ab")), {
    $secret: { blob: "id/key", digest: "ab" },
  });
  strictEqual(canonicalJson(encodeValue(record([["$int", "5"]]))), '{"$object":{"$int":"5"}}');
  strictEqual(
    canonicalJson(encodeValue(record([["$object", record([["$x", 1]])]]))),
    '{"$object":{"$object":{"$object":{"$x":1}}}}',
  );
  strictEqual(canonicalJson(encodeValue(record([["$a", 1], ["$b", 2]]))), '{"$a":1,"$b":2}');
});

Deno.test("encodeValue() never encodes a secret in clear, however deep it stands", () => {
  const secret = new Secret("hunter2");
  for (const value of [secret, [secret], record([["a", record([["b", [secret]]])]])]) {
    throws(
      () => encodeValue(value),
      (error) => error instanceof InvariantError && !String(error).includes("hunter2"),
    );
  }
});

Deno.test("decodeValue() refuses tags that it does not know and tags of the wrong kind", () => {
  const bad: Json[] = [
    { $new: 1 },
    { $: 1 },
    { $int: 5 },
    { $int: "" },
    { $int: "5.0" },
    { $int: "0x10" },
    { $int: " 9223372036854775807" },
    { $int: "-0" },
    { $int: "09223372036854775807" },
    { $int: "5" },
    { $unknown: null },
    { $object: [1] },
    { $secret: "clear" },
    { $secret: { blob: "b" } },
    [{ $new: 1 }],
    { a: { $new: 1 } },
  ];
  for (const json of bad) throws(() => decodeValue(json), InvariantError, JSON.stringify(json));
});

Deno.test("decodeRecord() refuses an encoded value that is not an object", () => {
  throws(() => decodeRecord({ $int: "9223372036854775807" }), InvariantError);
  throws(() => decodeRecord({ $unknown: "a.b" }), InvariantError);
});
