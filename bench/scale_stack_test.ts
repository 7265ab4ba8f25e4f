import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { countWrites } from "./measured_run.ts";
import { neededBy, smeltStack, terraformStack } from "./scale_stack.ts";
import { newProject } from "../tests/harness/test_project.ts";

Deno.test("neededBy() names one of the 200 resources before, and not always the same", () => {
  const steps = Array.from({ length: 5_000 }, (_, index) => index + 1).map((index) =>
    index - neededBy(index)
  );
  ok(steps.every((step, nth) => step >= 1 && step <= Math.min(200, nth + 1)));
  strictEqual(new Set(steps).size, 200);
});

Deno.test("both stacks say the same: as many resources, each with its number and what it relies on", () => {
  const read = (files: ReadonlyMap<string, string>, regexp: RegExp) =>
    [...files.values()].flatMap((text) =>
      [...text.matchAll(regexp)].map(([, ...parts]) => parts.map((each) => each ?? ""))
    );
  const own = read(
    smeltStack(2_500).files,
    /resource data "(r\d+)" : local.Data \{\n(?: {2}needs data\.(r\d+)\n\n)? {2}input \{\n {4}index = (\d+)/g,
  );
  const other = read(
    terraformStack(2_500).files,
    /resource "terraform_data" "(r\d+)" \{\n {2}input = (\d+)\n(?: {2}depends_on = \[terraform_data\.(r\d+)\])?/g,
  );
  strictEqual(own.length, 2_500);
  deepStrictEqual(own, other.map(([label, value, needed]) => [label, needed, value]));
  deepStrictEqual([...smeltStack(2_500).files.keys()], [
    "part-0000.smelt",
    "part-0001.smelt",
    "part-0002.smelt",
  ]);
});

Deno.test("smelt makes what the stack says, and its change is one", async () => {
  await using project = await newProject();
  const stack = smeltStack(30);
  for (const [name, text] of stack.files) await project.write(name, text);
  strictEqual((await project.expect(0, ["apply", "--yes"])).stdout, "Applied: 30 created\n");
  await project.write(...stack.changed(1));
  strictEqual((await project.expect(0, ["apply", "--yes"])).stdout, "Applied: 1 updated\n");
});

Deno.test("countWrites() counts bytes and syncs of files below the folder, also of calls that others overtake", () => {
  const trace = [
    '7 write(3</p/a>, ""..., 10) = 10',
    '7 write(4</else>, ""..., 99) = 99',
    '8 write(5</p/b>, ""..., 20 <unfinished ...>',
    "9 fdatasync(3</p/a>) = 0",
    "8 <... write resumed>) = 20",
    "9 fdatasync(5</p/b> <unfinished ...>",
    "9 <... fdatasync resumed>) = 0",
    '7 write(1<pipe:[5]>, ""..., 7) = 7',
  ].join("\n");
  deepStrictEqual(countWrites(trace, "/p"), { bytesWritten: 30, syncCount: 2 });
});
