import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { newProject, type TestProject } from "./harness/test_project.ts";

const STACK = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
`;

async function applied(source = STACK): Promise<TestProject> {
  const project = await newProject(source);
  await project.expect(0, ["apply", "--yes"]);
  return project;
}

/** How many objects there are and were, and what the log says last. */
async function objectCounts(project: TestProject): Promise<readonly number[]> {
  const { objects } = await project.ledger();
  return [objects.length, objects.filter((each) => each.deletedAt === undefined).length];
}

Deno.test("taint replaces a resource at the next apply, untaint takes it back", async () => {
  await using project = await applied();
  match(
    (await project.expect(0, ["taint", "net.main", "--why", "it smells"])).stdout,
    /is to be replaced by the next apply/,
  );
  match(
    (await project.unchangedBy(() => project.expect(0, ["taint", "net.main"]))).stdout,
    /tainted already: by hand/,
  );
  match((await project.expect(0, ["plan"])).stdout, /-\/\+ net\.main(.|\n)*because tainted: by hand/);
  await project.expect(0, ["untaint", "net.main", "--yes"]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.expect(0, ["taint", "net.main"]);
  await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual(await objectCounts(project), [2, 1]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  match((await project.expect(0, ["history"])).stdout, /started taint by tester .*: it smells/);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("taint of what is protected says that applies are refused until one of the two is taken back", async () => {
  await using project = await applied();
  await project.expect(0, ["protect", "net.main"]);
  match(
    (await project.expect(0, ["taint", "net.main"])).stdout,
    /net\.main is to be replaced, and protected: applies are refused until smelt unprotect or untaint/,
  );
  match((await project.expect(1, ["apply", "--yes"])).stderr, /Cannot replace net\.main: it is protected/);
});

Deno.test("protect by hand outlasts applies of files that do not say so, and keeps a resource from removal and destroy", async () => {
  await using project = await applied();
  await project.expect(0, ["protect", "net.main"]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.write("main.smelt", STACK.replace("10.0", "10.1"));
  match(
    (await project.expect(1, ["apply", "--yes"])).stderr,
    /Cannot replace net\.main: it is protected\nhint: It was protected by hand: smelt unprotect net\.main ends that$/m,
  );
  await project.write("main.smelt", 'resource data "d" : local.Data {\n}\n');
  match(
    (await project.expect(1, ["apply", "--yes"])).stderr,
    /Cannot delete net\.main: it is protected\nhint: .*smelt unprotect net\.main/,
  );
  await project.write("main.smelt", STACK);
  await project.expect(7, ["destroy", "--yes"]).catch(async () =>
    await project.expect(1, ["destroy", "--yes"])
  );
  deepStrictEqual(await objectCounts(project), [1, 1]);
  match((await project.expect(1, ["state", "rm", "net.main", "--yes"])).stderr, /it is protected/);
  match((await project.expect(4, ["unprotect", "net.main"])).stderr, /Give --yes/);
  await project.expect(0, ["unprotect", "net.main", "--yes"]);
  await project.expect(0, ["destroy", "--yes"]);
  deepStrictEqual(await objectCounts(project), [1, 0]);
});

Deno.test("state rm lets go of an object, which lives on; state mv renames one", async () => {
  await using project = await applied();
  await project.expect(0, ["state", "mv", "net.main", "net.other", "--yes"]);
  match(
    (await project.expect(1, ["state", "mv", "net.main", "net.x", "--yes"])).stderr,
    /No resource "net\.main"/,
  );
  match(
    (await project.expect(1, ["state", "mv", "net.other", "net", "--yes"])).stderr,
    /Cannot read the address "net"/,
  );
  await project.write("main.smelt", STACK.replace('"main" :', '"other" :'));
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  match((await project.expect(1, ["state", "rm", "net.othr", "--yes"])).stderr, /Did you mean "net\.other"/);
  const json = JSON.parse((await project.expect(0, ["state", "rm", "net.other", "--yes", "--json"])).stdout);
  deepStrictEqual([json.schema, json.changed, json.address], ["smelt.change.v1", true, "net.other"]);
  deepStrictEqual(await objectCounts(project), [1, 1]);
  strictEqual((await project.expect(0, ["state", "ls"])).stdout, "");
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("a protected environment wants its name for a change by hand", async () => {
  await using project = await applied();
  const config = await project.read("smelt.toml");
  await project.write(
    "smelt.toml",
    config.replace("[environments.default]", "[environments.default]\nprotected = true"),
  );
  await project.unchangedBy(() => project.expect(4, ["state", "rm", "net.main", "--yes"]));
  await project.unchangedBy(() =>
    project.expect(3, ["state", "rm", "net.main", "--yes", "--confirm", "other"])
  );
  await project.expect(0, ["state", "rm", "net.main", "--yes", "--confirm", "default"]);
});
