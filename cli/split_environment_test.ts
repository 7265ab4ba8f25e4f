import { deepStrictEqual } from "node:assert/strict";
import { splitEnvironment } from "./split_environment.ts";

Deno.test("splitEnvironment() takes a first argument that ends in .smelt for a file", () => {
  deepStrictEqual(splitEnvironment([]), { environment: undefined, files: [] });
  deepStrictEqual(splitEnvironment(["prod"]), { environment: "prod", files: [] });
  deepStrictEqual(splitEnvironment(["prod", "a.smelt"]), { environment: "prod", files: ["a.smelt"] });
  deepStrictEqual(splitEnvironment(["a.smelt", "b.smelt"]), {
    environment: undefined,
    files: ["a.smelt", "b.smelt"],
  });
});
