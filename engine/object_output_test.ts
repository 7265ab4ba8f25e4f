import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { objectOutput, outputNames } from "./object_output.ts";
import { record } from "./value.ts";

const OBJECT = {
  id: "net-1",
  fields: record([["name", "field"], ["arn", "field"], ["unset", null], [
    "net",
    record([["cidr", "10/8"], ["a.b", 1]]),
  ]]),
  outputs: record([["arn", "output"], ["nothing", null], ["net.cidr", "whole name"]]),
};

Deno.test("objectOutput() takes the id, an output, a field, or a field of a section, in this order", () => {
  strictEqual(objectOutput(OBJECT, "id"), "net-1");
  strictEqual(objectOutput(OBJECT, "arn"), "output");
  strictEqual(objectOutput(OBJECT, "name"), "field");
  strictEqual(objectOutput(OBJECT, "net.cidr"), "whole name");
  strictEqual(objectOutput(OBJECT, "net.a.b"), 1);
});

Deno.test("objectOutput() gives an output that is null, and nothing for a field without a value", () => {
  strictEqual(objectOutput(OBJECT, "nothing"), null);
  for (const name of ["unset", "nope", "net.nope", "name.x", "toString", "__proto__"]) {
    strictEqual(objectOutput(OBJECT, name), undefined);
  }
});

Deno.test("outputNames() begins with the id", () => {
  deepStrictEqual(outputNames(OBJECT), ["id", "arn", "net.cidr", "nothing"]);
});
