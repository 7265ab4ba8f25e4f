import { deepStrictEqual } from "node:assert/strict";
import { EXPAND_CASES } from "./expand_cases.ts";
import { outcome } from "./expand_example.ts";

for (const { id, title, source, want } of EXPAND_CASES) {
  Deno.test(`${id}: ${title}`, () => deepStrictEqual(outcome([source]), want));
}
