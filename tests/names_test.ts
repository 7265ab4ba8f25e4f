import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { newProject, type TestProject } from "./harness/test_project.ts";

const bucket = (label: string, name: string, more = "") =>
  `resource bucket "${label}" : sim.Bucket {\n  name = "${name}"\n${more}}\n`;
const record = (of: string) =>
  `resource data "d" : local.Data {\n  needs bucket.${of}.name -> input.bucket\n}\n`;

/** Names of the buckets that live, with the addresses that hold them. */
async function held(project: TestProject): Promise<Readonly<Record<string, string>>> {
  const { objects } = await project.ledger();
  const names = new Map(
    objects.filter((each) => each.deletedAt === undefined).map((
      each,
    ) => [each.id, String(each.fields["name"])]),
  );
  const resources = JSON.parse((await project.expect(0, ["state", "ls", "--json"])).stdout);
  const found: Record<string, string> = {};
  for (const { address, id } of resources) if (names.has(id)) found[address] = names.get(id) ?? "";
  strictEqual(Object.keys(found).length, names.size, "no object that the log does not know");
  return found;
}

Deno.test("a name that can be held once goes from one address to another without moved: the old object goes first", async () => {
  await using project = await newProject(bucket("old", "logs") + record("old"));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", bucket("new", "logs") + record("new"));
  const plan = await project.expect(0, ["plan"]);
  match(plan.stdout, /- {3}bucket\.old(.|\n)*bucket\.new takes over its name, which can be held once only/);
  match(plan.stdout, /\+ {3}bucket\.new(.|\n)*its name is given up by bucket\.old first/);
  await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual(await held(project), { "bucket.new": "logs" });
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("two resources give their names to each other", async () => {
  await using project = await newProject(bucket("a", "one") + bucket("b", "two"));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", bucket("a", "two") + bucket("b", "one"));
  await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual(await held(project), { "bucket.a": "two", "bucket.b": "one" });
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
});

Deno.test("a name given up by a replacement, along a chain", async () => {
  await using project = await newProject(bucket("a", "one") + bucket("b", "two"));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", bucket("a", "two") + bucket("b", "three") + bucket("c", "one"));
  await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual(await held(project), { "bucket.a": "two", "bucket.b": "three", "bucket.c": "one" });
});

Deno.test("a file goes to another address, and is there at the end", async () => {
  const file = (label: string, content: string) =>
    `resource file "${label}" : local.File {\n  path = "out.txt"\n  content = "${content}"\n}\n`;
  await using project = await newProject(file("a", "first"));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", file("b", "second"));
  await project.expect(0, ["apply", "--yes"]);
  strictEqual(await project.read("out.txt"), "second");
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
});

Deno.test("what takes over a name brings along what gives it up, and is not done without it", async () => {
  await using project = await newProject(bucket("old", "logs"));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", bucket("new", "logs") + bucket("other", "xyz"));
  const left = await project.expect(0, ["plan", "--exclude", "bucket.old"]);
  match(left.stdout, /^left out: bucket\.new, bucket\.old would change as well$/m);
  await project.expect(0, ["apply", "--yes", "--target", "bucket.new"]);
  deepStrictEqual(await held(project), { "bucket.new": "logs" });
});

Deno.test("a protected object does not give up its name", async () => {
  await using project = await newProject(bucket("old", "logs", '  @lifecycle "prevent_destroy"\n'));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", bucket("new", "logs"));
  const refused = await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]));
  match(refused.stderr, /bucket\.old.*protected/);
});
