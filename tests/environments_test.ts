import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { claimRun } from "../actors/run_claims.ts";
import { runWorld } from "../project/apply_project.ts";
import { deleteEnvironment } from "../project/delete_environment.ts";
import { withEnvironment } from "../project/read_environment.ts";
import { portsOf } from "./harness/project_ports.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

const NET = `resource net "main" : sim.Network {\n  name = "main"\n  cidr = "10.0.0.0/16"\n}\n`;
const LAYER = `layer "small" over "base" {\n  override net.main {\n    mtu = 1400\n  }\n}\n`;

/** A project whose smelt.toml has comments, and an environment "other" beside the default one. */
async function twoEnvironments(): Promise<TestProject> {
  const project = await newProject(NET + LAYER);
  await project.write("smelt.toml", `# mine\n${await project.read("smelt.toml")}# the end\n`);
  return project;
}

async function logNames(project: TestProject): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(`${project.root}/.smelt/log`)) {
    if (entry.name.endsWith(".log")) names.push(entry.name);
  }
  return names.sort();
}

Deno.test("env create adds a table to smelt.toml, envs and env show tell of it, and nothing else is touched", async () => {
  await using project = await twoEnvironments();
  const before = await project.read("smelt.toml");
  const options = [
    "--layers",
    "small",
    "--region",
    "eu",
    "--var",
    "owner=ann",
    "--var",
    "eq=a=b",
    "--protected",
  ];
  const { stdout } = await project.expect(0, ["env", "create", "other", ...options]);
  match(
    stdout,
    /^Added the environment other to smelt\.toml\n {2}layers = \["small"\]\n(.|\n)*Next: .*smelt init other\n$/,
  );
  strictEqual(
    await project.read("smelt.toml"),
    `${before}\n[environments.other]\nlayers = ["small"]\nregion = "eu"\nprotected = true\n\n` +
      '[environments.other.vars]\nowner = "ann"\neq = "a=b"\n',
  );
  await project.expect(0, ["validate"]);
  const listed = await project.expect(0, ["envs"]);
  match(
    listed.stdout,
    /^default {2}default +0 resources +last record 1 at \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/m,
  );
  match(listed.stdout, /^other +protected +no log yet: smelt init other +layers small +eu$/m);
  const json = JSON.parse((await project.expect(0, ["env", "list", "--json"])).stdout);
  deepStrictEqual(
    [
      json.schema,
      json.environments.map((each: { log: { state: string } }) => each.log.state),
      json.unnamed_logs,
    ],
    ["smelt.envs.v1", ["open", "none"], []],
  );
  match(
    (await project.expect(0, ["env", "show", "other"])).stdout,
    /variables\n {4}owner = "ann"\n {4}eq = "a=b"\n$/,
  );
  const shown = JSON.parse((await project.expect(0, ["env", "show", "other", "--json"])).stdout);
  deepStrictEqual([shown.schema, shown.region, shown.vars], ["smelt.env.v1", "eu", {
    owner: "ann",
    eq: "a=b",
  }]);
});

Deno.test("env create refuses what validate would refuse, and writes nothing then", async () => {
  await using project = await twoEnvironments();
  const before = await project.read("smelt.toml");
  const wrong: readonly (readonly [args: readonly string[], code: number, error: RegExp])[] = [
    [["default"], 1, /smelt\.toml holds an environment "default" already/],
    [["Default"], 1, /differs from "default" in the case of letters only/],
    [["a/b"], 1, /Cannot name an environment "a\/b"/],
    [
      ["other", "--layers", "smal"],
      1,
      /Unknown layer "smal" in the environment "other": did you mean "small"\?/,
    ],
    [["other", "--var", "region=x"], 1, /Rename the variable "region"/],
    [["other", "--var", "x"], 64, /Cannot read --var "x"/],
    [["other", "--var", "x=1", "--var", "x=2"], 64, /The variable "x" is given twice/],
  ];
  for (const [args, code, error] of wrong) {
    match((await project.expect(code, ["env", "create", ...args])).stderr, error);
    strictEqual(await project.read("smelt.toml"), before);
  }
  match((await project.expect(1, ["env", "show", "defalt"])).stderr, /Did you mean "default"\?/);
});

Deno.test("env delete ends an environment that holds nothing, keeps its log aside, and init begins a new one", async () => {
  await using project = await twoEnvironments();
  const before = await project.read("smelt.toml");
  await project.expect(0, ["env", "create", "other"]);
  await project.expect(0, ["init", "other"]);
  await project.expect(0, ["apply", "other", "--yes"]);
  match(
    (await project.expect(1, ["env", "delete", "other", "--yes"])).stderr,
    /Cannot delete the environment "other": 1 resource is still in its log\nhint: Destroy it first: smelt destroy other/,
  );
  await project.expect(0, ["destroy", "other", "--yes"]);
  match((await project.expect(4, ["env", "delete", "other"])).stderr, /Give --yes/);
  match((await project.expect(1, ["env", "delete", "othr", "--yes"])).stderr, /Did you mean "other"/);
  match((await project.expect(1, ["env", "delete", "default", "--yes"])).stderr, /it is the default one/);
  const log = await project.read(".smelt/log/other.log");
  const { stdout } = await project.expect(0, ["env", "delete", "other", "--yes", "--why", "no use"]);
  const [, kept = ""] = /kept in +(\.smelt\/log\/closed\/other-[0-9a-f]{16}\.log)\n$/.exec(stdout) ?? [];
  const closed = await project.read(kept);
  ok(closed.startsWith(log));
  match(closed.slice(log.length), /"why":"no use"(.|\n)*"type":"EnvironmentClosed"\}\][^\n]*\n$/);
  strictEqual(await project.read("smelt.toml"), before);
  deepStrictEqual(await logNames(project), ["default.log"]);
  await project.expect(0, ["init", "other"]);
  await project.expect(0, ["apply", "other", "--yes"]);
  await project.expect(0, ["audit", "verify", "other"]);
  strictEqual(await project.read(kept), closed);
});

Deno.test("an env delete that was cut short is taken up: by env delete, and by init", async () => {
  await using project = await twoEnvironments();
  await project.expect(0, ["env", "create", "other", "--protected"]);
  await project.expect(0, ["init", "other"]);
  const whole = await project.read("smelt.toml");
  match((await project.expect(4, ["env", "delete", "other", "--yes"])).stderr, /--confirm other/);
  await project.expect(0, ["env", "delete", "other", "--yes", "--confirm", "other"]);
  const [closed] = (await Array.fromAsync(Deno.readDir(`${project.root}/.smelt/log/closed`))).map((each) =>
    each.name
  );
  const back = async () =>
    await Deno.rename(`${project.root}/.smelt/log/closed/${closed}`, `${project.root}/.smelt/log/other.log`);
  // After the log was closed, before smelt.toml was written.
  await back();
  await project.write("smelt.toml", whole);
  match((await project.expect(0, ["envs"])).stdout, /^other .*ended: smelt env delete other/m);
  match((await project.expect(1, ["apply", "other", "--yes"])).stderr, /The environment "other" has ended/);
  const log = await project.read(".smelt/log/other.log");
  await project.expect(0, ["env", "delete", "other", "--yes", "--confirm", "other"]);
  strictEqual(await project.read(`.smelt/log/closed/${closed}`), log);
  // After smelt.toml was written, before the log was set aside.
  await back();
  match(
    (await project.expect(0, ["envs"])).stdout,
    /note: \.smelt\/log\/other\.log is a log of no environment/,
  );
  await project.expect(0, ["init", "other"]);
  strictEqual(await project.read(`.smelt/log/closed/${closed}`), log);
  match((await project.expect(0, ["history", "other", "--json"])).stdout, /"EnvironmentOpened"/);
});

Deno.test("an environment does not end while a run is live in it, and one that is dead does not keep it", async () => {
  await using project = await twoEnvironments();
  await project.expect(0, ["env", "create", "other"]);
  await project.expect(0, ["init", "other"]);
  const ports = portsOf(project);
  const never = new AbortController().signal;
  const interrupts = { stop: never, leave: never };
  const deleted = async () =>
    await deleteEnvironment(ports, { environment: "other", why: undefined }, {
      repaired: () => {},
      noticed: () => {},
      approve: (environment) => Promise.resolve(environment.name === "other"),
      interrupts,
    });
  await withEnvironment(ports, { environment: "other", purpose: "write", tell: () => {} }, async (opened) => {
    const knobs = { parallelism: 1, why: undefined };
    const world = runWorld(ports, opened, knobs, { interrupts, progress: () => {} });
    const claimed = await claimRun(world, { command: "apply", writes: ["net.main"], reads: [] });
    ok(claimed.ok);
    const refused = await deleted();
    deepStrictEqual([refused.ok, refused.ok ? "" : refused.error.kind], [false, "RunLive"]);
    match(refused.ok ? "" : refused.error.message, /the run [0-9a-f]{8} is still at work in the environment/);
    await claimed.value.lock.release("keep");
    return claimed;
  });
  const done = await deleted();
  ok(done.ok && done.value.kind === "deleted");
  const closed = await project.read(done.value.logAt ?? "");
  match(closed, /"type":"RunBroken"\}(.|\n)*"type":"EnvironmentClosed"\}\]/);
});
