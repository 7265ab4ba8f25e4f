import { deepStrictEqual } from "node:assert/strict";
import { sealedBlobs } from "./sealed_blobs.ts";
import { record, SealedSecret } from "./value.ts";
import { encodeValue } from "./value_codec.ts";

Deno.test("sealedBlobs() names the blobs of secrets at any depth", () => {
  const value = record([["a", new SealedSecret("x/k", "d")], ["b", [
    record([["c", new SealedSecret("y/k", "d")]]),
  ]]]);
  deepStrictEqual(sealedBlobs(encodeValue(value)), ["x/k", "y/k"]);
});

Deno.test("sealedBlobs() takes user data that looks like a secret for what it is", () => {
  const lookalike = record([["$secret", record([["blob", "mine"], ["digest", "d"]])]]);
  deepStrictEqual(sealedBlobs(encodeValue(record([["a", lookalike], ["b", 1]]))), []);
  deepStrictEqual(sealedBlobs(encodeValue(lookalike)), []);
});
