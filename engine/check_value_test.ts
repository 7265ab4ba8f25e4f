import { deepStrictEqual } from "node:assert/strict";
import { checkValue } from "./check_value.ts";
import { field } from "./schema.ts";

Deno.test("checkValue() shows nothing of what a sensitive field is given", () => {
  const password = field("password", { kind: "string" }, "Password", {
    sensitive: true,
    pattern: "[a-z]+",
    range: { min: 4 },
  });
  const messages = (value: string | number) => checkValue(value, password).map((fault) => fault.message);
  deepStrictEqual(messages(12345678), [
    "expected a text within its limits, found a sensitive value that is not",
  ]);
  deepStrictEqual(messages("HUNTER"), [
    "expected a text like /[a-z]+/, found a sensitive value that is not",
  ]);
  deepStrictEqual(messages("abc"), ["expected at least 4 characters, found 3"]);
  deepStrictEqual(messages("hunter"), []);
});
