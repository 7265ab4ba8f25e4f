import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { tracesBelow, tracesIn } from "./harness/secret_traces.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

const NETWORK = 'resource net "main" : sim.Network { name = "main" cidr = "10.0.0.0/16" }\n';

function subnet(constraints: readonly string[], name = "a"): string {
  const lines = constraints.map((each) => `  @constraint ${JSON.stringify(each).replaceAll("\\n", "\\n")}`);
  return `resource sub "${name}" : sim.Subnet {
${lines.join("\n")}
  needs net.main -> network_id
  name = "${name}"
  cidr = "10.0.0.0/24"
}
`;
}

const INSTANCE = `resource vm "web" : sim.Instance {
  needs sub.a -> subnet_id
  name = "web"
  image = "debian-13"
}
`;

async function livingIn(project: TestProject): Promise<readonly string[]> {
  return (await project.ledger()).live.map(({ type }) => type).sort();
}

Deno.test("a constraint that does not hold keeps validate, plan and apply from any call, all of them at once", async () => {
  await using project = await newProject(
    NETWORK + subnet(["size(name) >= 3", "zone == 'north-a' || public", "10 / size(name) > 100"]) +
      subnet(["name == 'b'"], "b") + subnet(["tags.team == 'db'"], "c"),
  );
  for (const args of [["validate"], ["plan"], ["apply", "--yes"]]) {
    const { stderr } = await project.unchangedBy(() => project.expect(1, args));
    deepStrictEqual(stderr.split("\n").filter((each) => /^(error\[|\s+-->|\s+= hint)/.test(each)), [
      'error[E-CONSTRAINT]: Cannot accept "sub.a" (sim.Subnet): its constraint "size(name) >= 3" does not hold, found name = "a"',
      "  --> main.smelt:3:3",
      'error[E-CONSTRAINT]: Cannot accept "sub.a" (sim.Subnet): its constraint "zone == \'north-a\' || public" does not hold, ' +
      "found zone = null, public = false",
      "  --> main.smelt:4:3",
      'error[E-CONSTRAINT]: Cannot accept "sub.a" (sim.Subnet): its constraint "10 / size(name) > 100" does not hold, found name = "a"',
      "  --> main.smelt:5:3",
      'error[E-CONSTRAINT]: Cannot check the constraint "tags.team == \'db\'" of "sub.c" (sim.Subnet): "tags" is not set',
      "  --> main.smelt:17:3",
    ]);
    match(stderr, /error: The configuration has 4 errors/);
  }
  strictEqual(await project.journal(), "");
});

Deno.test("a constraint that turns out false right before its call makes no call, and its dependents are skipped", async () => {
  await using project = await newProject(NETWORK + subnet(["network_id.startsWith('vpc-')"]) + INSTANCE);
  await project.expect(0, ["validate"]);
  const planned = await project.expect(0, ["plan"]);
  ok(!planned.stderr.includes("constraint"));
  const { stdout, stderr } = await project.expect(7, ["apply", "--yes"]);
  match(
    stdout + stderr,
    /Cannot accept "sub\.a" \(sim\.Subnet\): its constraint "network_id\.startsWith\('vpc-'\)" does not hold, found network_id = "net-/,
  );
  match(stdout + stderr, /vm\.web.*sub\.a did not end well/);
  deepStrictEqual(await livingIn(project), ["sim.Network"]);
  const intents = (await Deno.readTextFile(project.logPath)).match(/"CreateStarted"/g);
  strictEqual(intents?.length, 1);

  // By now the plan knows the id, so that nothing is even started.
  const again = await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]));
  match(again.stderr, /error\[E-CONSTRAINT\]: Cannot accept "sub\.a".*found network_id = "net-/);

  await project.write("main.smelt", NETWORK + subnet(["network_id.startsWith('net-')"]) + INSTANCE);
  await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual(await livingIn(project), ["sim.Instance", "sim.Network", "sim.Subnet"]);
});

Deno.test("a constraint that is unknown until its call and then holds lets the call be made, once", async () => {
  await using project = await newProject(
    NETWORK + subnet(["network_id.startsWith('net-') && size(name) == 1", "subnets are small"]) + INSTANCE,
  );
  const { stderr } = await project.expect(0, ["apply", "--yes"]);
  ok(!stderr.includes("onstraint"));
  const { objects, live } = await project.ledger();
  deepStrictEqual([objects.length, live.length], [3, 3]);
  match((await project.expect(0, ["plan"])).stdout, /No changes|nothing/i);
});

Deno.test("a change and a replacement are held to their constraints, a deletion is not", async () => {
  const disk = (size: number) =>
    `resource disk "d" : sim.Disk { @constraint "size_gb <= 20" name = "d" size_gb = ${size} }\n`;
  await using project = await newProject(disk(10));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", disk(30));
  await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]));
  await project.expect(0, ["destroy", "--yes"]);
  deepStrictEqual(await livingIn(project), []);
});

Deno.test("validate warns of a constraint that is nearly one, once for a template, and of prose says nothing", async () => {
  await using project = await newProject(`resource net "n" : sim.Network {
  for_each = ["a", "b"]
  @constraint "nam == 'a'"
  @constraint "size(name)"
  @constraint "no public addresses"
  @constraint "legacy"
  name = each.value
  cidr = "10.0.0.0/16"
}
`);
  const { stderr, stdout } = await project.expect(0, ["validate"]);
  deepStrictEqual(stderr.split("\n").filter((each) => /^(warning|\s+-->|\s+= hint)/.test(each)), [
    'warning[W-CONSTRAINT]: Cannot check the constraint "nam == \'a\'": there is no "nam" in sim.Network',
    "  --> main.smelt:3:3",
    '   = hint: Did you mean "name"?',
    'warning[W-CONSTRAINT]: Cannot check the constraint "size(name)": it is neither true nor false',
    "  --> main.smelt:4:3",
    "   = hint: Compare it with something",
  ]);
  match(stdout, /valid/);
  const { stdout: json } = await project.expect(0, ["validate", "--json"]);
  const { diagnostics } = JSON.parse(json);
  deepStrictEqual(diagnostics.map((each: { readonly code: string }) => each.code), [
    "W-CONSTRAINT",
    "W-CONSTRAINT",
  ]);
});

Deno.test("no constraint reads or shows a secret", async () => {
  const canary = "Cnry/constraint+7q&Z=w9";
  const secrets = new Map([["canary", canary]]);
  const database = (constraint: string, password: string) =>
    `resource db "d" : sim.Database {
  @constraint ${JSON.stringify(constraint)}
  name = "d" engine = "postgres" storage_gb = 10
  password = ${password}
}
`;
  await using project = await newProject();
  const constraints = [
    "size(password) > 100",
    "password == 'x' || true",
    "self == self",
    "[password] == ['x']",
  ];
  for (const password of [`"${canary}"`, `secret("${canary}")`]) {
    for (const constraint of constraints) {
      await project.write("main.smelt", database(constraint, password));
      for (const args of [["validate"], ["validate", "--json"], ["plan"], ["apply", "--yes"]]) {
        const { stdout, stderr } = await project.unchangedBy(() => project.expect(1, args));
        match(
          stdout + stderr,
          /E-CONSTRAINT.*it reads the secret .{1,3}password.{1,3}, and constraints read no secrets/s,
        );
        deepStrictEqual(tracesIn(stdout + stderr, secrets), []);
      }
    }
  }
  await project.write("main.smelt", database("has(self.password) && storage_gb > 5", `"${canary}"`));
  const { stdout, stderr } = await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual(tracesIn(stdout + stderr, secrets), []);
  deepStrictEqual(await tracesBelow(`${project.root}/.smelt`, secrets), []);
});

Deno.test("a secret that another resource gives is not read by a constraint either", async () => {
  await using project = await newProject(`resource pw "made" : random.Password { length = 20 }
resource data "d" : local.Data {
  @constraint "size(input.given) > 10"
  needs pw.made.result -> input.given
}
`);
  const { stdout, stderr } = await project.expect(7, ["apply", "--yes"]);
  match(stdout + stderr, /it reads the secret "input\.given", and constraints read no secrets/);
});
