import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { format } from "../lang/format.ts";
import { parse } from "../lang/parse.ts";
import { sourceText } from "../lang/source_text.ts";
import { newProject } from "../tests/harness/test_project.ts";
import { largeProject } from "./large_project.ts";

Deno.test("largeProject() is 240 characters a resource, without faults and in canonical form", () => {
  const text = largeProject(5_000);
  const { tree, diagnostics } = parse(sourceText("main.smelt", text));
  deepStrictEqual(diagnostics, []);
  strictEqual(tree.declarations.length, 5_000);
  strictEqual(format(tree), text);
  ok(Math.abs(text.length / 5_000 - 240) < 5, `${text.length / 5_000}`);
});

Deno.test("smelt validate finds nothing wrong in largeProject()", async () => {
  await using project = await newProject(largeProject(500));
  strictEqual((await project.expect(0, ["validate"])).stdout, "valid: 1 file, 500 resources\n");
});
