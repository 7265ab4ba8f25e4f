import { deepStrictEqual, doesNotMatch, match, notStrictEqual, strictEqual } from "node:assert/strict";
import { newProject, type TestProject } from "./harness/test_project.ts";

const net = (label: string, range = "10.0.0.0/16", more = "") =>
  `resource net "${label}" : sim.Network {\n  name = "${label}"\n  cidr = "${range}"\n${more}}\n`;
const NET_AND_SUBNETS = net("a") + `
resource sub "s" : sim.Subnet {
  for_each = ["x", "y"]
  needs net.a -> network_id
  name = "s-\${each.key}"
  cidr = "10.0.\${each.index}.0/24"
}
`;
const PLAN = "the.plan";
const APPLY = ["apply", "--yes", "--plan-file", PLAN];

/** Names of what lives in the cloud, sorted. */
async function live(project: TestProject): Promise<readonly string[]> {
  const { objects } = await project.ledger();
  return objects.filter((each) => each.deletedAt === undefined).map((each) => String(each.fields["name"]))
    .sort();
}

/** Runs `work`, which must end with `code` and change neither the log nor the cloud. */
async function refused(
  project: TestProject,
  code: number,
  args: readonly string[],
  options = {},
): Promise<string> {
  const ran = await project.unchangedBy(() => project.expect(code, args, options));
  doesNotMatch(ran.stderr, /\n {4}at /, "no stack trace");
  return ran.stderr;
}

Deno.test("23: a saved plan is carried out as it was shown, once", async () => {
  await using project = await newProject(NET_AND_SUBNETS);
  const logBefore = await Deno.readFile(project.logPath);
  const shown = await project.expect(0, ["plan", "--out", PLAN]);
  match(
    shown.stderr,
    /^Saved to the\.plan\. To carry it out before \d{4}-.*Z: smelt apply --plan-file the\.plan$/m,
  );
  deepStrictEqual(await Deno.readFile(project.logPath), logBefore, "planning appends nothing");
  strictEqual(((await Deno.stat(`${project.root}/${PLAN}`)).mode ?? 0) & 0o777, 0o600);
  const applied = await project.expect(0, APPLY);
  match(applied.stderr, /sub\.s\[y\] : sim\.Subnet\n.*name = "s-y"/);
  match(applied.stdout, /Applied: 3 created/);
  deepStrictEqual(await live(project), ["a", "s-x", "s-y"]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  match(await refused(project, 1, APPLY), /rests on has changed since it was made(.|\n)*net\.a has changed/);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("23: a saved plan of changes, replacements, moves, imports and deletions does all of them", async () => {
  await using project = await newProject(
    NET_AND_SUBNETS + net("old", "10.5.0.0/16") + net("gone", "10.6.0.0/16"),
  );
  await project.expect(0, ["apply", "--yes"]);
  const { objects } = await project.ledger();
  const gone = objects.find(({ fields }) => fields["name"] === "gone")?.id;
  await project.expect(0, ["state", "rm", "net.gone", "--yes"]);
  const second = NET_AND_SUBNETS.replace('"10.0.0.0/16"', '"10.9.0.0/16"').replace('["x", "y"]', '["x", "z"]')
    .replaceAll("10.0.$", "10.9.$") +
    `moved "net.old" to "net.new"\n` +
    net("new", "10.5.0.0/16").replace('"new"\n', '"old"\n') +
    `import "${gone}" to "net.gone"\n` + net("gone", "10.6.0.0/16");
  await project.write("main.smelt", second);
  const shown = await project.expect(0, ["plan", "--out", PLAN]);
  const applied = await project.expect(0, APPLY);
  for (const line of shown.stdout.split("\n").filter((each) => /^ {2}(?:\+|-|~|=)/.test(each))) {
    match(applied.stderr, new RegExp(line.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")));
  }
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.expect(0, ["plan", "--destroy", "--out", PLAN]);
  await project.expect(0, APPLY);
  deepStrictEqual(await live(project), []);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("23: changes to other resources do not invalidate a saved plan, changes to what it rests on do", async () => {
  await using project = await newProject(NET_AND_SUBNETS + net("other", "10.7.0.0/16"));
  await project.expect(0, ["apply", "--yes", "--target", "net.a"]);
  await project.expect(0, ["plan", "--target", "sub.s[x]", "--out", PLAN]);
  await project.expect(0, ["apply", "--yes", "--target", "net.other"]);
  await project.expect(0, APPLY);
  deepStrictEqual(await live(project), ["a", "other", "s-x"]);
  await project.expect(0, ["plan", "--out", PLAN]);
  await project.expect(0, ["taint", "net.a"]);
  match(await refused(project, 1, APPLY), /net\.a has changed/);
});

Deno.test("23: a saved plan of which a byte was changed is refused, and none of it is done", async () => {
  await using project = await newProject(net("a"));
  await project.expect(0, ["plan", "--out", PLAN]);
  const text = await project.read(PLAN);
  const edits: readonly (readonly [string, string, number])[] = [
    ["another field", text.replaceAll("10.0.0.0/16", "10.1.0.0/16"), 6],
    ["another time", text.replace(/"expiresAt":"\d{4}/, '"expiresAt":"2999'), 6],
    ["another key", text.replace(/"by":"./, '"by":"z'), 6],
    ["another head", text.replace(/"hash":"../, '"hash":"zz'), 6],
    ["another signature", text.replace(/\t.{3}/, "\tAAA"), 6],
    ["cut", text.slice(0, 200), 6],
    ["not one", "hello\n", 6],
    ["nothing", "", 6],
  ];
  for (const [what, edited, code] of edits) {
    notStrictEqual(edited, text, what);
    await project.write(PLAN, edited);
    match(await refused(project, code, APPLY), /the\.plan/, what);
  }
  await project.write(PLAN, text);
  await project.expect(0, APPLY);
});

Deno.test("23: a saved plan is refused when what it was made of has changed, and says what", async () => {
  await using project = await newProject(`include "more.inc.smelt"\n` + net("a"));
  const more = `resource data "d" : local.Data {\n  input { value = env("VALUE", "none") }\n}\n`;
  await project.write("more.inc.smelt", more);
  const set = (value: string) => ({ env: { VALUE: value } });
  await project.expect(0, ["plan", "--out", PLAN], set("one"));
  const because = async (what: RegExp, options: object = set("one")) => {
    const told = await refused(project, 1, APPLY, options);
    match(told, /rests on has changed since it was made: no call was made/);
    match(told, what);
  };
  await because(/the environment variable "VALUE" has changed/, set("two"));
  await because(/the environment variable "VALUE" has changed/, {});
  const config = await project.read("smelt.toml");
  await project.write("smelt.toml", `${config}\n[environments.default.vars]\nsize = "xl"\n`);
  await because(/the configuration of "default" in smelt\.toml has changed/);
  await project.write("smelt.toml", config);
  await project.write("more.inc.smelt", more + "# a remark\n");
  await because(/the file "more\.inc\.smelt" has changed/);
  await project.write("more.inc.smelt", more);
  await project.write("new.smelt", net("new", "10.3.0.0/16"));
  await because(/the file "new\.smelt" has changed/);
  await Deno.remove(`${project.root}/new.smelt`);
  await project.expect(0, APPLY, set("one"));
  match(await project.read(PLAN), /"basis"/);
  doesNotMatch(await project.read(PLAN), /"VALUE":|=one/);
});

Deno.test("23: a saved plan that is stale is refused before what is in doubt is settled, which may take calls", async () => {
  await using project = await newProject(net("a") + net("b", "10.1.0.0/16"));
  await project.expect(0, ["plan", "--target", "net.a", "--out", PLAN]);
  await project.expect(0, ["apply", "--yes", "--target", "net.a"]);
  const faults = [{ operation: "create", type: "sim.Network", effect: "crashBefore" }];
  const env = { SMELT_SIM_FAULTS: JSON.stringify(faults) };
  await project.expect(137, ["apply", "--yes"], { env });
  match(await refused(project, 1, APPLY), /net\.a has changed/);
  deepStrictEqual(await live(project), ["a"]);
});

Deno.test("23: a saved plan expires, is for one environment, and for one account", async () => {
  await using project = await newProject(net("a"));
  await project.expect(0, ["plan", "--out", PLAN, "--expires", "1ms"]);
  match(await refused(project, 1, APPLY), /The plan in "the\.plan" has expired(.|\n)*to be applied before/);
  await project.expect(0, ["plan", "--out", PLAN]);
  await project.expect(0, ["init", "prod"]);
  match(
    await refused(project, 1, ["apply", "prod", ...APPLY.slice(1)]),
    /for the environment "default", not for "prod"/,
  );
  const named = (await project.read(PLAN)).replaceAll('"environment":"default"', '"environment":"prod"');
  await project.write("prod.plan", named);
  match(await refused(project, 6, ["apply", "--yes", "--plan-file", "prod.plan"]), /prod\.plan/);
  await Deno.rename(`${project.root}/.smelt/sim`, `${project.root}/.smelt/sim-other`);
  await project.expect(0, ["plan", "prod"]);
  match((await project.expect(1, APPLY)).stderr, /the provider "sim" reaches the account "[^"]+", not "/);
  deepStrictEqual(await live(project), []);
});

Deno.test("23: what cannot be applied is not saved, and a slip in a name costs no file", async () => {
  await using project = await newProject(net("a", "10.0.0.0/16", '  @lifecycle "prevent_destroy"\n'));
  await project.expect(0, ["apply", "--yes"]);
  match(
    await refused(project, 1, ["plan", "--out", "main.smelt"]),
    /it is there already, and is no saved plan/,
  );
  await project.write("main.smelt", net("a", "10.8.0.0/16", '  @lifecycle "prevent_destroy"\n'));
  match(await refused(project, 1, ["plan", "--out", PLAN]), /The plan was not saved: it cannot be applied/);
  match(
    (await project.expect(64, ["plan", "--out", PLAN, "--expires", "soon"])).stderr,
    /Cannot use "soon" for --expires/,
  );
  match((await project.expect(64, ["plan", "--expires", "1h"])).stderr, /--expires goes with --out/);
  match(
    (await project.expect(64, [...APPLY, "--target", "net.a"])).stderr,
    /--target cannot go with --plan-file/,
  );
  match((await project.expect(1, APPLY)).stderr, /Cannot read the plan "the\.plan": no such file/);
  await project.write(PLAN, "");
  await Deno.truncate(`${project.root}/${PLAN}`, 1024 ** 3 + 1);
  match((await project.expect(1, APPLY)).stderr, /it has 1073741825 bytes, and a plan at most 1073741824/);
  await Deno.remove(`${project.root}/${PLAN}`);
  await Deno.mkdir(`${project.root}/${PLAN}`);
  match((await project.expect(1, APPLY)).stderr, /Cannot read the plan "the\.plan": it is a folder/);
});

Deno.test("23: a saved plan never takes the place of a device, a pipe or a folder", async () => {
  await using project = await newProject(net("a"));
  // A link, so that a failing test costs the link and not the device.
  await Deno.symlink("/dev/null", `${project.root}/null.plan`);
  await Deno.mkdir(`${project.root}/folder.plan`);
  for (const path of ["null.plan", "folder.plan"]) {
    const told = await refused(project, 1, ["plan", "--out", path]);
    match(told, /Cannot write the plan to "\w+\.plan": it is there already, and is no saved plan/);
  }
  strictEqual(await Deno.readLink(`${project.root}/null.plan`), "/dev/null");
});
