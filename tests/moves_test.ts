import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { newProject, type TestProject } from "./harness/test_project.ts";

const network = (label: string, extra = "") =>
  `resource net "${label}" : sim.Network {\n  name = "main"\n  cidr = "10.0.0.0/16"\n${extra}}\n`;
const subnet = (needs: string) =>
  `resource sub "web" : sim.Subnet {\n  needs ${needs} -> network_id\n  name = "web"\n  cidr = "10.0.1.0/24"\n}\n`;

/** Ids of what lives in the cloud, and how many calls have changed it. */
async function cloud(
  project: TestProject,
): Promise<{ readonly live: readonly string[]; readonly changes: number }> {
  const journal = (await project.journal()).split("\n").filter((line) => line !== "");
  const { objects } = await project.ledger();
  const live = objects.filter((each) => each.deletedAt === undefined).map((each) => each.id);
  return { live, changes: journal.filter((line) => /"fact":"(Created|Updated|Deleted)"/.test(line)).length };
}

async function addresses(project: TestProject): Promise<readonly string[]> {
  const { stdout } = await project.expect(0, ["state", "ls"]);
  return stdout.trimEnd().split("\n").map((line) => line.split(/\s/, 1)[0] ?? "");
}

Deno.test("moved takes an object to its new address with no call, dependents included, once", async () => {
  await using project = await newProject(network("old") + subnet("net.old"));
  await project.expect(0, ["apply", "--yes"]);
  const before = await cloud(project);
  await project.write("main.smelt", `moved "net.old" to "net.new"\n${network("new")}${subnet("net.new")}`);
  const plan = await project.expect(2, ["plan", "--detailed-exitcode"]);
  match(plan.stdout, /^ {2}=> {2}net\.new : sim\.Network {2}\(moved from net\.old\)$/m);
  match(plan.stdout, /^1 to move, 1 unchanged$/m);
  const applied = await project.expect(0, ["apply", "--yes"]);
  match(applied.stdout + applied.stderr, /Applied: 1 moved/);
  deepStrictEqual(await cloud(project), before);
  deepStrictEqual(await addresses(project), ["net.new", "sub.web"]);
  const again = await project.expect(0, ["plan", "--detailed-exitcode"]);
  match(again.stdout, /Nothing changes/);
  match(again.stderr, /note: nothing is left to do for moved "net\.old" to "net\.new" \(main\.smelt:1\)/);
  match((await project.expect(0, ["history"])).stdout, /net\.new +took over all that net\.old held/);
  await project.expect(0, ["audit", "verify"]);
  await project.expect(0, ["destroy", "--yes"]);
  deepStrictEqual((await cloud(project)).live, []);
});

Deno.test("moved goes before the change of what it moves, along a chain, into templates and out of the files", async () => {
  await using project = await newProject(
    network("a") + subnet("net.a") + 'resource data "d" : local.Data {\n}\n',
  );
  await project.expect(0, ["apply", "--yes"]);
  const { live } = await cloud(project);
  await project.write(
    "main.smelt",
    'moved "net.a" to "net.b"\nmoved "net.b" to "net.c[x]"\nmoved "data.d" to "data.gone"\n' +
      network("c", '  for_each = ["x"]\n  mtu = 1400\n') + subnet("net.c[x]"),
  );
  const plan = await project.expect(0, ["plan"]);
  match(plan.stdout, /^ {2}~ {3}net\.c\[x\] : sim\.Network {2}\(moved from net\.a\)$/m);
  match(plan.stdout, /^ {2}- {3}data\.gone : local\.Data .*\(moved from data\.d\)$/m);
  await project.expect(0, ["apply", "--yes"]);
  const after = await cloud(project);
  deepStrictEqual(after.live, live);
  const [main] = (await project.ledger()).objects;
  strictEqual(main?.fields["mtu"], 1400);
  deepStrictEqual(await addresses(project), ["net.c[x]", "sub.web"]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
});

Deno.test("what is moved together with what relies on it may be replaced in the same apply", async () => {
  await using project = await newProject(network("old") + subnet("net.old"));
  await project.expect(0, ["apply", "--yes"]);
  const moves = 'moved "net.old" to "net.new"\nmoved "sub.web" to "sub.front"\n';
  const files = network("new").replace("10.0.0.0/16", "10.0.0.0/15") +
    subnet("net.new").replace('sub "web"', 'sub "front"');
  await project.write("main.smelt", moves + files);
  match(
    (await project.expect(0, ["plan"])).stdout,
    /-\/\+ net\.new : sim\.Network {2}\(moved from net\.old\)/,
  );
  await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual(await addresses(project), ["net.new", "sub.front"]);
  match((await project.expect(0, ["plan", "--detailed-exitcode"])).stdout, /Nothing changes/);
});

Deno.test("moved onto an address that holds something is refused, and so is a swap", async () => {
  await using project = await newProject(network("a") + network("b").replace("10.0", "10.1"));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", `moved "net.a" to "net.b"\n${network("b")}`);
  const refused = await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]));
  match(
    refused.stderr,
    /Cannot make the move from "net\.a" to net\.b: "net\.b" holds "net-[0-9a-f]+" already/,
  );
  await project.write("main.smelt", 'moved "net.a" to "net.b"\nmoved "net.b" to "net.a"\n');
  const swapped = await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]));
  match(swapped.stderr, /Cannot make the move from "net\.a"/);
  ok(!/^\s+at /m.test(swapped.stderr));
});

Deno.test("removed lets go of an object, which lives on, and says so once", async () => {
  await using project = await newProject(network("a") + subnet("net.a"));
  await project.expect(0, ["apply", "--yes"]);
  const before = await cloud(project);
  await project.write("main.smelt", `${network("a")}removed "sub.web"\n`);
  match((await project.expect(0, ["plan"])).stdout, /because the files say removed: the object stays/);
  await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual(await cloud(project), before);
  deepStrictEqual(await addresses(project), ["net.a"]);
  match((await project.expect(0, ["plan"])).stderr, /note: nothing is left to do for removed "sub\.web"/);
});

/** A project beside one whose objects it can take over, in the same cloud. */
async function besideCloud(): Promise<{ readonly project: TestProject; readonly ids: readonly string[] }> {
  const project = await newProject(network("a") + subnet("net.a"));
  await project.expect(0, ["apply", "--yes"]);
  const { live } = await cloud(project);
  await project.write("main.smelt", 'removed "net.a"\nremoved "sub.web"\n');
  await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual((await project.expect(0, ["state", "ls"])).stdout, "");
  return { project, ids: live };
}

Deno.test("import takes objects over with no call, and what relies on them needs no change", async () => {
  const { project, ids: [net, sub] } = await besideCloud();
  await using _ = project;
  const before = await cloud(project);
  await project.write(
    "main.smelt",
    `import "${net}" to "net.main"\nimport "${sub}" to "sub.web"\n${network("main")}${subnet("net.main")}`,
  );
  const plan = await project.expect(2, ["plan", "--detailed-exitcode"]);
  match(plan.stdout, new RegExp(`^ {2}<= {2}net\\.main : sim\\.Network {2}\\(imported: ${net}\\)$`, "m"));
  match(plan.stdout, /2 to import/);
  const applied = await project.expect(0, ["apply", "--yes"]);
  match(applied.stdout + applied.stderr, /2 imported/);
  deepStrictEqual(await cloud(project), before);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.expect(0, ["audit", "verify"]);
  await project.expect(0, ["destroy", "--yes"]);
  deepStrictEqual((await cloud(project)).live, []);
});

Deno.test("import changes what differs in place, and is refused where it would replace or find nothing", async () => {
  const { project, ids: [net, sub] } = await besideCloud();
  await using _ = project;
  await project.write(
    "main.smelt",
    `import "${net}" to "net.main"\n${network("main").replace("10.0.0.0", "10.9.0.0")}`,
  );
  const replacing = await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]));
  match(
    replacing.stderr,
    /Cannot make the import of "net-[0-9a-f]+" to net\.main: cidr of the object cannot change/,
  );
  await project.write("main.smelt", `import "net-00000000" to "net.main"\n${network("main")}`);
  const missing = await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]));
  match(missing.stderr, /there is no such object; its id looks like net-1a2b3c4d/);
  await project.write("main.smelt", `import "${sub}" to "net.main"\n${network("main")}`);
  await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]));
  await project.write("main.smelt", 'import "x" to "data.d"\nresource data "d" : local.Data {\n}\n');
  match(
    (await project.expect(1, ["plan"])).stderr,
    /Cannot make the import of "x" to data\.d: objects of local\.Data cannot be taken over/,
  );
  await project.write("main.smelt", `import "${net}" to "net.main"\n${network("main", "  mtu = 1400\n")}`);
  match((await project.expect(0, ["plan"])).stdout, /~ {3}net\.main : sim\.Network {2}\(imported: net-/);
  await project.expect(0, ["apply", "--yes"]);
  strictEqual((await project.ledger()).objects.find((each) => each.id === net)?.fields["mtu"], 1400);
  await project.write(
    "main.smelt",
    `import "${net}" to "net.other"\n${network("main", "  mtu = 1400\n")}${network("other")}`,
  );
  match((await project.expect(1, ["plan"])).stderr, /Cannot make the import .* it is held by net\.main/);
});

Deno.test("import of one object to two addresses is refused before anything is changed", async () => {
  const { project, ids: [id] } = await besideCloud();
  await using _ = project;
  await project.write(
    "main.smelt",
    `import "${id}" to "net.one"\nimport "${id}" to "net.two"\n${network("one")}${network("two")}`,
  );
  const told = await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]));
  match(
    told.stderr,
    /Cannot make the import of "net-[0-9a-f]+" to net\.two: "net\.one" is to take it over too/,
  );
});

Deno.test("what is protected is not let go of by removed: the protection comes off first", async () => {
  await using project = await newProject(network("a", '  @lifecycle "prevent_destroy"\n'));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", 'removed "net.a"\n');
  const told = await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]));
  match(told.stderr, /Cannot forget net\.a: it is protected/);
  const { objects: [object] } = await project.ledger();
  ok(object !== undefined);
  await project.expect(0, ["unprotect", "net.a", "--yes"]);
  await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual(await addresses(project), [""]);
  strictEqual((await project.ledger()).objects[0]?.deletedAt, undefined);
});
