import { deepStrictEqual, match } from "node:assert/strict";
import { newProject, type TestProject } from "./harness/test_project.ts";

const net = (label: string, range: number, more = "") =>
  `resource net "${label}" : sim.Network {\n  name = "${label}"\n  cidr = "10.${range}.0.0/16"\n${more}}\n`;
const sub = (label: string, of: string) =>
  `resource sub "${label}" : sim.Subnet {\n  for_each = ["x", "y"]\n  needs net.${of} -> network_id\n` +
  `  name = "${label}-\${each.key}"\n  cidr = "10.1.\${each.index}.0/24"\n}\n`;

/** Names of what lives in the cloud, sorted. */
async function live(project: TestProject): Promise<readonly string[]> {
  const { objects } = await project.ledger();
  return objects.filter((each) => each.deletedAt === undefined).map((each) => String(each.fields["name"]))
    .sort();
}

Deno.test("--target makes what it names and what that needs, and says what is left out", async () => {
  await using project = await newProject(net("a", 1) + net("b", 2) + sub("s", "a") + net("c", 3));
  const plan = await project.expect(0, ["plan", "--target", "sub.s[x]", "--target", "net.b"]);
  match(plan.stdout, /^left out: net\.c, sub\.s\[y\] would change as well$/m);
  match(plan.stdout, /^3 to create/m);
  await project.expect(0, ["apply", "--yes", "--target", "sub.s[x]", "--target", "net.b"]);
  deepStrictEqual(await live(project), ["a", "b", "s-x"]);
  await project.expect(0, ["apply", "--yes", "--target", "sub.s"]);
  deepStrictEqual(await live(project), ["a", "b", "s-x", "s-y"]);
  match(
    (await project.expect(0, ["plan", "--target", "net.a"])).stdout,
    /Nothing changes\.\nleft out: net\.c/,
  );
  const json = JSON.parse((await project.expect(0, ["plan", "--json", "--target", "net.a"])).stdout);
  deepStrictEqual([json.schema, json.left_out], ["smelt.plan.v1", ["net.c"]]);
  const wrong = await project.unchangedBy(() => project.expect(1, ["apply", "--yes", "--target", "net.aa"]));
  match(wrong.stderr, /Cannot find "net\.aa", which --target names(.|\n)*Did you mean "net\.a"\?/);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("--target of what goes takes along what must let go of it, in apply and in destroy", async () => {
  await using project = await newProject(net("a", 1) + sub("s", "a") + net("c", 3));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", "# empty\n");
  await project.expect(0, ["apply", "--yes", "--target", "net.a"]);
  deepStrictEqual(await live(project), ["c"]);
  await project.write("main.smelt", net("a", 1) + sub("s", "a") + net("c", 3));
  await project.expect(0, ["apply", "--yes"]);
  await project.expect(0, ["destroy", "--yes", "--target", "net.c"]);
  deepStrictEqual(await live(project), ["a", "s-x", "s-y"]);
});

Deno.test("--exclude leaves a resource alone, and what cannot be done without it", async () => {
  await using project = await newProject(net("a", 1) + sub("s", "a") + net("c", 3));
  await project.expect(0, ["apply", "--yes", "--exclude", "net.a"]);
  deepStrictEqual(await live(project), ["c"]);
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", net("c", 3, "  mtu = 1400\n"));
  const plan = await project.expect(0, ["plan", "--exclude", "sub.s[y]"]);
  match(plan.stdout, /^left out: net\.a, sub\.s\[y\] would change as well$/m);
  await project.expect(0, ["apply", "--yes", "--exclude", "sub.s[y]"]);
  deepStrictEqual(await live(project), ["a", "c", "s-y"]);
});

Deno.test("--replace replaces a resource of which nothing has changed, and only once", async () => {
  await using project = await newProject(net("a", 1) + net("c", 3));
  await project.expect(0, ["apply", "--yes"]);
  match(
    (await project.expect(0, ["plan", "--replace", "net.c"])).stdout,
    /-\/\+ net\.c(.|\n)*its replacement was asked for/,
  );
  await project.expect(0, ["apply", "--yes", "--replace", "net.c"]);
  deepStrictEqual([(await project.ledger()).objects.length, await live(project)], [3, ["a", "c"]]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
});

Deno.test("parts of one project are applied side by side, whatever else is wrong with it", async () => {
  await using project = await newProject(net("a", 1) + net("b", 2) + sub("s", "a").replace("10.1.", "99.1."));
  const [one, two] = await Promise.all([
    project.run(["apply", "--yes", "--target", "net.a"]),
    project.run(["apply", "--yes", "--target", "net.b"]),
  ]);
  deepStrictEqual([one?.code, two?.code], [0, 0]);
  deepStrictEqual(await live(project), ["a", "b"]);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("--target, --exclude and --replace mean an object by its old address, too", async () => {
  await using project = await newProject(net("a", 1) + net("b", 2));
  await project.expect(0, ["apply", "--yes"]);
  await project.write(
    "main.smelt",
    `moved "net.a" to "net.new"\n${net("new", 1, "  mtu = 1400\n").replace('name = "new"', 'name = "a"')}` +
      net("b", 2),
  );
  const left = await project.unchangedBy(() => project.expect(0, ["apply", "--yes", "--exclude", "net.a"]));
  match(left.stdout + left.stderr, /left out: net\.new would change as well/);
  match((await project.expect(0, ["plan", "--target", "net.a"])).stdout, /^1 to update, 1 to move/m);
  match(
    (await project.expect(0, ["plan", "--replace", "net.a"])).stdout,
    /-\/\+ net\.new(.|\n)*its replacement was asked for/,
  );
});

Deno.test("--replace of what the files no longer declare is refused, and deletes nothing", async () => {
  await using project = await newProject(net("a", 1) + net("b", 2));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", net("b", 2));
  const told = await project.unchangedBy(() => project.expect(1, ["apply", "--yes", "--replace", "net.a"]));
  match(told.stderr, /Cannot replace "net\.a": nothing declares it, so that it would be deleted/);
});

Deno.test("an import or a move that cannot be made refuses only plans that are about it", async () => {
  await using project = await newProject(net("a", 1) + net("b", 2));
  await project.expect(0, ["apply", "--yes"]);
  await project.write(
    "main.smelt",
    `import "net-0000" to "net.z"\nmoved "net.a" to "net.b"\n${net("z", 5)}${net("b", 2)}${net("c", 3)}`,
  );
  await project.expect(0, ["apply", "--yes", "--target", "net.c"]);
  deepStrictEqual(await live(project), ["a", "b", "c"]);
  for (const scope of [["--target", "net.a"], ["--target", "net.b"], ["--exclude", "net.z"]]) {
    const told = await project.unchangedBy(() => project.expect(1, ["apply", "--yes", ...scope]));
    match(told.stderr, /Cannot make the move from "net\.a" to net\.b/);
  }
  const told = await project.unchangedBy(() => project.expect(1, ["apply", "--yes", "--target", "net.z"]));
  match(told.stderr, /Cannot make the import of "net-0000" to net\.z/);
});

Deno.test("--target of a shift moves on what stands in its way, --exclude of its end leaves all in place", async () => {
  await using project = await newProject(net("a", 1) + net("b", 2));
  await project.expect(0, ["apply", "--yes"]);
  const named = (label: string, name: string, range: number) =>
    net(label, range).replace(`name = "${label}"`, `name = "${name}"`);
  await project.write(
    "main.smelt",
    `moved "net.b" to "net.c"\nmoved "net.a" to "net.b"\n${named("c", "b", 2)}`,
  );
  const none = await project.unchangedBy(() => project.expect(0, ["apply", "--yes", "--exclude", "net.c"]));
  match(none.stdout + none.stderr, /left out: net\.b, net\.c would change as well/);
  await project.expect(0, ["apply", "--yes", "--target", "net.b"]);
  deepStrictEqual(await live(project), ["b"]);
  match((await project.expect(0, ["state", "ls"])).stdout, /^net\.c$/m);
});

Deno.test("destroy --target ends well, whatever else is protected", async () => {
  await using project = await newProject(net("a", 1, '  @lifecycle "prevent_destroy"\n') + net("c", 3));
  await project.expect(0, ["apply", "--yes"]);
  await project.expect(0, ["destroy", "--yes", "--target", "net.c"]);
  deepStrictEqual(await live(project), ["a"]);
  await project.expect(1, ["destroy", "--yes"]);
});
