import { match, strictEqual } from "node:assert/strict";
import { newProject, type TestProject } from "./harness/test_project.ts";

/** A program that does its work and then kills the smelt that waits for it: nobody can tell what became of the call. */
const DEADLY = `resource cmd "c" : local.Command {
  create = ["sh", "-c", "echo made >> made.txt; kill -9 $PPID; sleep 5"]
}
`;
const HARMLESS = DEADLY.replace("; kill -9 $PPID; sleep 5", "");
const FLAGS = { flags: ["--allow-run=sh"] };

/** A project of which one creation is in doubt, and stays so whatever smelt looks at. */
async function inDoubt(): Promise<TestProject> {
  const project = await newProject(DEADLY);
  const killed = await project.run(["apply", "--yes"], FLAGS);
  strictEqual(killed.signal, "SIGKILL");
  const told = await project.expect(8, ["recover"]);
  match(`${told.stdout}${told.stderr}`, /Cannot tell what happened to cmd\.c/);
  return project;
}

Deno.test("a person says that a call was not done: the next apply does it", async () => {
  await using project = await inDoubt();
  await project.write("main.smelt", HARMLESS);
  match((await project.unchangedBy(() => project.run(["recover", "--not-done", "cmd.c"]))).stderr, /--yes/);
  const settled = await project.expect(0, [
    "recover",
    "--not-done",
    "cmd.c",
    "--yes",
    "--why",
    "looked at it",
  ]);
  match(settled.stdout, /the creation of cmd\.c was not done/);
  await project.expect(0, ["apply", "--yes"], FLAGS);
  strictEqual(await project.read("made.txt"), "made\nmade\n");
  match((await project.expect(0, ["history"])).stdout, /settled by hand/);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("a person says that a call was done: nothing is made twice", async () => {
  await using project = await inDoubt();
  const settled = await project.expect(0, ["recover", "--done", "cmd.c", "--yes", "--json"]);
  match(settled.stdout, /"changed": true/);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  strictEqual(await project.read("made.txt"), "made\n");
  match((await project.expect(0, ["recover", "--done", "cmd.c", "--yes"])).stdout, /cmd\.c is not in doubt/);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("what is said by hand is held against what the provider knows", async () => {
  const net = (label: string) =>
    `resource net "${label}" : sim.Network {\n  name = "${label}"\n  cidr = "10.0.0.0/16"\n}\n`;
  await using project = await newProject(net("a"));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", net("a") + net("b"));
  const fault = { operation: "create", type: "sim.Network", nth: 1, effect: "crashAfter" };
  const killed = await project.run(["apply", "--yes"], {
    env: { SMELT_SIM_FAULTS: JSON.stringify([fault]) },
  });
  strictEqual(killed.signal, "SIGKILL");
  const idOf = async (name: string) =>
    (await project.ledger()).objects.find(({ fields }) => fields["name"] === name)?.id ?? "";
  const refused = async (args: readonly string[], code: number, what: RegExp) =>
    match((await project.unchangedBy(() => project.expect(code, ["recover", ...args]))).stderr, what);
  await refused(["--done", "net.c", "--yes"], 1, /No resource "net\.c"/);
  await refused(["--done", "net.b", "--yes"], 1, /only its id tells which object was made(.|\n)*add --id/);
  await refused(["--done", "net.b", "--id", "net-nope", "--yes"], 1, /there is no object "net-nope"/);
  await refused(["--done", "net.b", "--id", await idOf("a"), "--yes"], 1, /is held by net\.a/);
  await refused(["--id", "x"], 64, /--id goes with --done/);
  await refused(["--done", "net.a", "--not-done", "net.b"], 64, /exclude each other/);
  await project.expect(0, ["recover", "--done", "net.b", "--id", await idOf("b"), "--yes"]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.write("main.smelt", net("a"));
  const gone = { operation: "delete", type: "sim.Network", nth: 1, effect: "crashBefore" };
  const options = { env: { SMELT_SIM_FAULTS: JSON.stringify([gone]) } };
  strictEqual((await project.run(["apply", "--yes"], options)).signal, "SIGKILL");
  await refused(["--done", "net.b", "--yes"], 1, /"net-[^"]+" is still there/);
  await project.expect(0, ["recover", "--not-done", "net.b", "--yes"]);
  await project.expect(0, ["apply", "--yes"]);
  strictEqual((await project.ledger()).objects.filter((each) => each.deletedAt === undefined).length, 1);
  await project.expect(0, ["audit", "verify"]);
});
