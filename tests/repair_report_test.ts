import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { newProject } from "./harness/test_project.ts";

const STACK = 'resource data "a" : local.Data {\n}\n';
const TORN = '{"at":"2026';

Deno.test("P7: what an apply mends at the end of the log is told, in words and in JSON", async () => {
  await using project = await newProject(STACK);
  await Deno.writeTextFile(project.logPath, TORN, { append: true });
  const { stdout, stderr } = await project.expect(0, ["apply", "--yes", "--json"]);
  const [repair, ...others] = JSON.parse(stdout).repairs;
  deepStrictEqual(others, []);
  deepStrictEqual([repair.kind, repair.size_bytes], ["cut", TORN.length]);
  strictEqual(await Deno.readTextFile(repair.kept_at), TORN);
  match(stderr, /^note: the log ended in an unfinished record, .* 11 bytes were cut off and kept in "/m);
});

Deno.test("apply --json has one shape: with nothing to do it holds no results, and its exit", async () => {
  await using project = await newProject(STACK);
  const ran = JSON.parse((await project.expect(0, ["apply", "--yes", "--json"])).stdout);
  const empty = JSON.parse((await project.expect(0, ["apply", "--yes", "--json"])).stdout);
  deepStrictEqual(Object.keys(empty), Object.keys(ran));
  deepStrictEqual([ran.results.length, empty.results, empty.run], [1, [], null]);
  deepStrictEqual(empty.exit, { code: 0, kind: "ok" });
});
