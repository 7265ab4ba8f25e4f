import { deepStrictEqual, match } from "node:assert/strict";
import { newProject, type TestProject } from "./harness/test_project.ts";

const stack = (zone: string, more = "") =>
  `resource data "seed" : local.Data {
  input {
    zone = "${zone}"
  }
}

resource net "main" : sim.Network {
  @replace_triggered_by "data.seed.zone"

  cidr = "10.0.0.0/16"
  name = "main"
}
${more}`;

/** How many networks were ever made, and how many live. */
async function networks(project: TestProject): Promise<readonly number[]> {
  const { objects } = await project.ledger();
  return [objects.length, objects.filter((each) => each.deletedAt === undefined).length];
}

Deno.test("@replace_triggered_by replaces when the output has changed, and only then", async () => {
  await using project = await newProject(stack("a"));
  await project.expect(0, ["apply", "--yes"]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.write("main.smelt", stack("b"));
  const plan = await project.expect(0, ["plan"]);
  match(plan.stdout, /-\/\+ net\.main : sim\.Network\n {8}because data\.seed\.zone changed/);
  await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual(await networks(project), [2, 1]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("a change that triggers is not forgotten when the apply is cut short before the replacement", async () => {
  await using project = await newProject(stack("a"));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", stack("b"));
  const faults = JSON.stringify([{ operation: "create", effect: "crashBefore" }]);
  const cut = await project.run(["apply", "--yes"], { env: { SMELT_SIM_FAULTS: faults } });
  deepStrictEqual(cut.signal, "SIGKILL");
  await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual(await networks(project), [2, 1]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
});

Deno.test("a new trigger is only noted, a moved target is no change, a misspelt one is told where it stands", async () => {
  await using project = await newProject(stack("a").replace(/ {2}@replace.*\n\n/, ""));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", stack("a"));
  match(
    (await project.expect(0, ["plan"])).stdout,
    /= {3}net\.main(.|\n)*because it will be replaced with data\.seed\.zone/,
  );
  await project.expect(0, ["apply", "--yes"]);
  await project.write(
    "main.smelt",
    `moved "data.seed" to "data.root"\n${stack("a").replaceAll("seed", "root")}`,
  );
  match((await project.expect(0, ["plan"])).stdout, /^1 to move, 1 unchanged$/m);
  await project.expect(0, ["apply", "--yes"]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.write("main.smelt", stack("a").replaceAll("seed", "root").replace("root.zone", "root.zoen"));
  match(
    (await project.expect(1, ["validate"])).stderr,
    /E-UNKNOWN-OUTPUT\]: Cannot replace "net\.main" .* with "data\.root\.zoen"(.|\n)*main\.smelt:8:25/,
  );
  deepStrictEqual(await networks(project), [1, 1]);
});
