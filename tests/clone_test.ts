import { match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { smeltEnv } from "./harness/smelt_process.ts";
import { emptyProject, newProject, type TestProject } from "./harness/test_project.ts";

const CONFIG = fileURLToPath(new URL("../deno.json", import.meta.url));

/** Starts smelt as the README says where there is no launcher yet. */
async function byTask(
  project: TestProject,
  args: readonly string[],
): Promise<{ readonly code: number; readonly text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", `--config=${CONFIG}`, "smelt", ...args],
    cwd: project.root,
    clearEnv: true,
    env: smeltEnv(project.place, {}),
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("init writes what a clone lacks beside its environments, and touches nothing else", async () => {
  await using project = await emptyProject();
  match((await byTask(project, ["init"])).text, /then \.\/smelt plan$/m);
  match((await byTask(project, ["init", "staging"])).text, /then \.\/smelt plan staging$/m);
  for (const name of ["smelt", ".gitignore"]) await Deno.remove(join(project.root, name));
  const config = await project.read("smelt.toml");

  const again = await project.unchangedBy(() => byTask(project, ["init"]));
  strictEqual(again.code, 0, again.text);
  match(again.text, /^Written: \.gitignore, smelt$/m);
  match(again.text, /"default" has a log already, and was left as it is/);
  strictEqual(await project.read("smelt.toml"), config);
  ok((await project.read("smelt")).startsWith("#!/bin/sh"));

  const third = await byTask(project, ["init"]);
  strictEqual(third.code, 1);
  match(third.text, /For another environment: \.\/smelt init NAME/);
});

Deno.test("a command that names an environment which is not there says how to add it", async () => {
  await using project = await newProject();
  const { stderr } = await project.expect(1, ["plan", "prod"]);
  match(
    stderr,
    /^error\[E-UNKNOWN-ENV\]: Unknown environment "prod"\nhint: smelt\.toml holds "default"\. To add it: smelt init prod$/m,
  );
  match((await project.expect(1, ["plan", "defualt"])).stderr, /^hint: Did you mean "default"\?$/m);
});

Deno.test("history refuses an address that the log has never known, with a near name", async () => {
  await using project = await newProject(
    'resource network "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n',
  );
  await project.expect(0, ["apply", "--yes"]);
  const { stderr } = await project.expect(1, ["history", "--address", "network.mian"]);
  match(
    stderr,
    /^error: The log of default has never known "network\.mian"\nhint: Did you mean "network\.main"\?$/m,
  );
  await project.expect(0, ["destroy", "--yes"]);
  match((await project.expect(0, ["history", "--address", "network.main"])).stdout, /deleted net-/);
});
