import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { openWorkspace } from "../project/workspace.ts";
import { printedObject, printedPlan } from "./harness/printed_json.ts";
import { emptyProject, newProject, type TestProject } from "./harness/test_project.ts";

/** The cases of the table about `smelt.toml`, environments and files, each through the real commands. */

const NETWORK = `resource net "main" : sim.Network {
  cidr = "10.0.0.0/16"
  name = var.environment
}
`;

const PROJECT = '[project]\nname = "x"\n';

/** A folder with files in it, of which smelt has made none. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<TestProject> {
  const project = await emptyProject();
  for (const [path, text] of Object.entries(files)) await project.write(path, text);
  return project;
}

/** What a command that must not work says; nothing may be made by it. */
async function refused(project: TestProject, args: readonly string[]): Promise<string> {
  const { stderr } = await project.unchangedBy(() => project.expect(1, args));
  return stderr;
}

Deno.test("J01: without smelt.toml the defaults hold", async () => {
  await using project = await folderWith({ "main.smelt": NETWORK });
  const workspace = await openWorkspace(project.root);
  deepStrictEqual(workspace.ok && [workspace.value.config.name, workspace.value.hasConfig], [
    "smelt-project",
    false,
  ]);
  const { stdout } = await project.expect(0, ["plan", "--json"]);
  strictEqual(printedObject(stdout)["environment"], "default");
  deepStrictEqual(printedPlan(stdout).map(({ address, action }) => `${action} ${address}`), [
    "create net.main",
  ]);
});

Deno.test("J02: a name is all that smelt.toml must say; the environment default is implied", async () => {
  await using project = await folderWith({ "main.smelt": NETWORK, "smelt.toml": PROJECT });
  strictEqual(printedObject((await project.expect(0, ["plan", "--json"])).stdout)["environment"], "default");
});

Deno.test("J03: a command that is given no environment uses the project's own default", async () => {
  const toml = `${PROJECT}default_environment = "dev"\n\n[environments.dev]\n`;
  await using project = await folderWith({ "main.smelt": NETWORK, "smelt.toml": toml });
  const { stdout } = await project.expect(0, ["plan"]);
  match(stdout, /^Plan for dev\n(.|\n)*\+ name = "dev"\n/);
});

Deno.test("J04: an environment that is not there is refused, with the one that was meant", async () => {
  const toml = `${PROJECT}default_environment = "production"\n\n[environments.production]\n`;
  await using project = await folderWith({ "main.smelt": NETWORK, "smelt.toml": toml });
  strictEqual(
    await refused(project, ["plan", "prodution"]),
    'error[E-UNKNOWN-ENV]: Unknown environment "prodution"\nhint: Did you mean "production"?\n',
  );
});

Deno.test("J05: a protected environment is applied with its name confirmed, and not otherwise", async () => {
  await using project = await newProject(NETWORK);
  await project.write("smelt.toml", `${await project.read("smelt.toml")}protected = true\n`);
  await project.unchangedBy(async () => {
    const { stderr } = await project.expect(4, ["apply", "--yes"]);
    match(stderr, /--confirm default/);
    await project.expect(3, ["apply", "--yes", "--confirm", "defualt"]);
  });
  await project.expect(0, ["apply", "--yes", "--confirm", "default"]);
  strictEqual((await project.ledger()).live.length, 1);
});

Deno.test("J06: an unknown key of smelt.toml is refused, with the one that was meant", async () => {
  await using project = await folderWith({ "smelt.toml": `${PROJECT}\n[enviroments.dev]\n` });
  strictEqual(
    await refused(project, ["validate"]),
    'error[E-CONFIG-KEY]: Unknown key "enviroments" in smelt.toml\n' +
      "  --> smelt.toml:4:1\n" +
      "  |\n" +
      "4 | [enviroments.dev]\n" +
      "  | ^^^^^^^^^^^^^^^^^\n" +
      '   = hint: Did you mean "environments"?\n' +
      "\n" +
      "error: Cannot use smelt.toml\n",
  );
});

Deno.test("J07: a variable that is no text is refused", async () => {
  await using project = await folderWith({
    "smelt.toml": `${PROJECT}\n[environments.default]\nvars = { n = 1 }\n`,
  });
  match(
    await refused(project, ["validate"]),
    /^error\[E-CONFIG-KEY\]: Correct "environments\.default\.vars\.n": expected a string, found a number\n {2}--> smelt\.toml:5:10\n/,
  );
});

Deno.test("J08: a bucket is asked for where the backend keeps its logs in one", async () => {
  await using project = await folderWith({ "smelt.toml": `${PROJECT}\n[state]\nbackend = "gcs"\n` });
  match(await refused(project, ["validate"]), /^error\[E-CONFIG-KEY\]: Add "bucket" to "\[state\]"/);
});

Deno.test("J09: fmt --check names what is not in canonical form, and writes nothing", async () => {
  const files = { "a.smelt": NETWORK, "b.smelt": 'resource a "b" : x.y.Z {}' };
  await using project = await folderWith(files);
  const { stdout, stderr } = await project.expect(1, ["fmt", "--check"]);
  deepStrictEqual([stdout, stderr], ["", "would change: b.smelt\n"]);
  deepStrictEqual([await project.read("a.smelt"), await project.read("b.smelt")], Object.values(files));
});

Deno.test("J10: an include that leads outside of the project is refused", async () => {
  await using project = await folderWith({
    "smelt.toml": PROJECT,
    "main.smelt": 'include "../x.smelt"\n',
    "../x.smelt": NETWORK,
  });
  match(
    await refused(project, ["validate"]),
    /^error\[E-INCLUDE\]: Cannot include "\.\.\/x\.smelt": it leads outside of the project\n {2}--> main\.smelt:1:9\n/,
  );
});

Deno.test("J11: files that include each other are read once each", async () => {
  await using project = await folderWith({
    "smelt.toml": PROJECT,
    "a.smelt": `include "b.smelt"\n${NETWORK}`,
    "b.smelt": 'include "a.smelt"\nresource net "b" : sim.Network {\n  cidr = "10.1.0.0/16"\n}\n',
  });
  for (const files of [["a.smelt"], ["b.smelt"], ["a.smelt", "b.smelt"]]) {
    const { stdout } = await project.expect(0, ["validate", ...files]);
    strictEqual(stdout, "valid: 2 files, 2 resources\n");
  }
});

Deno.test("J12: an include is relative to the file that it stands in", async () => {
  await using project = await folderWith({
    "smelt.toml": PROJECT,
    "main.smelt": 'include "parts/net.smelt"\n',
    "parts/net.smelt": 'include "inner.smelt"\n',
    "parts/inner.smelt": NETWORK,
    "inner.smelt": "this file is not the one that is meant",
  });
  const { stdout } = await project.expect(0, ["validate", "main.smelt"]);
  strictEqual(stdout, "valid: 3 files, 1 resource\n");
});

Deno.test("B02: validate refuses a type that names no provider", async () => {
  await using project = await folderWith({
    "smelt.toml": PROJECT,
    "main.smelt": 'resource a "b" : Thing {}\n',
  });
  match(
    await refused(project, ["validate"]),
    /^error\[E-UNKNOWN-TYPE\]: Unknown provider "Thing" in the type "Thing"\n {2}--> main\.smelt:1:1\n/,
  );
});

Deno.test("of two environments the wrong one is named, and a plan of the other works", async () => {
  const toml = `${PROJECT}default_environment = "staging"\n` +
    '\n[environments.staging]\nlayers = ["base", "small"]\nvars = { range = "10.0.0.0/16" }\n' +
    '\n[environments.production]\nlayers = ["base", "big"]\nvars = { rnage = "10.0.0.0/16" }\n';
  const layers = 'layer "small" over "base" {\n  override net.mian {\n    mtu = 1400\n  }\n}\n' +
    'layer "big" over "base" {\n  override net.* {\n    unset nmae\n  }\n}\n';
  await using project = await folderWith({
    "smelt.toml": toml,
    "main.smelt": NETWORK.replace('"10.0.0.0/16"', "var.range") + layers,
  });
  const said = await refused(project, ["validate"]);
  deepStrictEqual(said.split("\n").filter((line) => /^\w+(\[|:)| --> /.test(line)), [
    'warning[W-OVERRIDE-NO-MATCH]: The override of net.mian in the layer "small" matches no resource: did you mean "net.main"?',
    "  --> main.smelt:6:12 (in staging)",
    'error[E-UNKNOWN-VAR]: Unknown "var.range" in the environment "production": did you mean "rnage"?',
    "  --> main.smelt:2:10 (in production)",
    'warning[W-OVERRIDE-NO-MATCH]: "unset nmae" in the layer "big" removes nothing: did you mean "name"?',
    "  --> main.smelt:12:5 (in production)",
    "error: The configuration of production has an error",
  ]);
  const { stdout, stderr } = await project.expect(0, ["plan"]);
  match(stdout, /^Plan for staging\n/);
  doesNotMatch(stderr, /production/);
});
