import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { validateProject } from "../project/validate_project.ts";
import { portsOf } from "./harness/project_ports.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const CONFIG = `[project]
name = "shop"
default_environment = "staging"

[environments.staging]
layers = ["base", "small"]
region = "eu-1"
vars = { zone = "a" }

[environments.production]
protected = true
layers = ["base"]
vars = { zone = "b", size = "9001" }
`;

const NETWORK = `resource net "main" : sim.Network {
  name = "main-\${var.zone}"
  cidr = "10.0.0.0/16"
}
`;

const LAYERS = 'layer "small" over "base" {}\n';

/** What validating a project of these files finds: `code file:line:column`, and the environments that are named. */
async function findings(
  files: Readonly<Record<string, string>>,
  strictness: "errors" | "warnings" = "errors",
): Promise<readonly string[]> {
  await using project = await projectOf(files);
  const request = { files: [], environment: undefined, strictness } as const;
  const validated = await validateProject(portsOf(project), request);
  ok(validated.ok, "the project can be read");
  return validated.value.diagnostics.map(({ code, severity, file, line, column, environments }) => {
    const where = environments === undefined ? "" : ` in ${environments.join(", ")}`;
    return `${severity} ${code} ${file}:${line}:${column}${where}`;
  });
}

async function projectOf(files: Readonly<Record<string, string>>): Promise<TestProject> {
  const project = await emptyProject();
  for (const [name, text] of Object.entries({ "smelt.toml": CONFIG, "layers.smelt": LAYERS, ...files })) {
    await project.write(name, text);
  }
  return project;
}

Deno.test("validate makes the configuration of every environment, and says where a mistake counts", async () => {
  deepStrictEqual(
    await findings({
      "layers.smelt": "",
      "main.smelt": `${NETWORK}layer "small" over "base" {\n  override net.* {\n    mtu = 1\n  }\n}\n` +
        'resource data "d" : local.Data {\n  input {\n    a = var.size\n    b = var.region\n    c = 1\n    c = 2\n  }\n}\n',
    }),
    [
      "warning W-DUP-FIELD main.smelt:15:5",
      "error E-UNKNOWN-VAR main.smelt:12:9 in staging",
      "error E-FIELD-TYPE main.smelt:7:5 in staging",
      "error E-UNKNOWN-VAR main.smelt:13:9 in production",
    ],
  );
});

Deno.test("validate finds mistakes of all stages at once, and none that follows from another", async () => {
  deepStrictEqual(
    await findings({
      "broken.smelt": 'resource net "b" : sim.Network {\n  cidr = [1 2]\n  nmae = 1\n}\n',
      "main.smelt":
        `${NETWORK}resource sub "s" : sim.Subnet {\n  needs net.b -> network_id\n  cdir = "10.0.1.0/24"\n}\n` +
        'resource data "d" : local.Data {\n  input {\n    a = each.value\n  }\n  x = "${param.p}"\n}\n',
    }),
    [
      "error E-SYNTAX broken.smelt:2:13",
      "error E-UNKNOWN-FIELD main.smelt:7:3",
      "error E-UNKNOWN-FIELD main.smelt:13:3",
    ],
  );
  deepStrictEqual(
    await findings({
      "main.smelt":
        `${NETWORK}resource sub "s" : sim.Subnet {\n  needs net.b -> network_id\n  cidr = param.p\n  mtu = 1\n}\n`,
    }),
    [
      "error E-UNRESOLVED-PARAM main.smelt:7:10",
      "error E-UNKNOWN-DEP main.smelt:6:9",
      "error E-UNKNOWN-FIELD main.smelt:8:3",
    ],
  );
});

Deno.test("validate --strict takes warnings for errors", async () => {
  const files = { "main.smelt": NETWORK.replace("\n}", '\n  @lifecycle "prevnt_destroy"\n}') };
  deepStrictEqual(await findings(files), ["warning W-LIFECYCLE main.smelt:4:14"]);
  deepStrictEqual(await findings(files, "warnings"), ["error W-LIFECYCLE main.smelt:4:14"]);
});

Deno.test("validate tells people and programs the same", async () => {
  await using project = await projectOf({
    "main.smelt": `${NETWORK}resource data "d" : local.Data {\n  input {\n    a = var.szie\n  }\n}\n`,
  });
  const text = await project.expect(1, ["validate"]);
  match(
    text.stderr,
    /error\[E-UNKNOWN-VAR\]: Unknown "var\.szie" in the environment "production": did you mean "size"\?\n +--> main\.smelt:7:9 \(in production\)\n.*\n7 \| {5}a = var\.szie\n +\| +\^{8}\n/,
  );
  const json = JSON.parse((await project.expect(1, ["validate", "--json", "--env", "production"])).stdout);
  strictEqual(json.schema, "smelt.validate.v1");
  deepStrictEqual([json.valid, json.exit], [false, { code: 1, kind: "error" }]);
  deepStrictEqual(json.environments, [{ name: "production", resources: 2 }]);
  const [found] = json.diagnostics;
  deepStrictEqual(
    [found.code, found.file, found.line, found.column, found.end_line, found.end_column],
    ["E-UNKNOWN-VAR", "main.smelt", 7, 9, 7, 17],
  );
  await project.write("main.smelt", NETWORK);
  const { stdout } = await project.expect(0, ["validate"]);
  strictEqual(stdout, "valid: 2 files, 1 resource in each of staging, production\n");
});

Deno.test("validate warns of a layer that no environment names, near to one that lacks", async () => {
  const files = {
    "layers.smelt": 'layer "smal" over "base" {}\n',
    "main.smelt": 'layer "huge" over "base" {}\n',
  };
  await using project = await projectOf(files);
  const validated = await validateProject(portsOf(project), {
    files: [],
    environment: undefined,
    strictness: "errors",
  });
  ok(validated.ok, "the project can be read");
  const said = validated.value.diagnostics.map(({ code, message, hint, file, line, column }) =>
    `${code} ${file}:${line}:${column} ${message}; ${hint}`
  );
  deepStrictEqual(said.slice(1), [
    'W-LAYER-UNUSED layers.smelt:1:7 No environment names the layer "smal": did you mean "small", as "staging" has it?; undefined',
    'W-LAYER-UNUSED main.smelt:1:7 No environment names the layer "huge"; add "huge" to the list "layers" of an environment in smelt.toml',
  ]);
});

Deno.test("validate of one environment does not ask what the others use", async () => {
  await using project = await projectOf({ "main.smelt": NETWORK });
  const request = { files: [], environment: "production", strictness: "warnings" } as const;
  const validated = await validateProject(portsOf(project), request);
  ok(validated.ok, "the project can be read");
  deepStrictEqual(validated.value.diagnostics, []);
});
