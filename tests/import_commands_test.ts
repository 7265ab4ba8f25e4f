import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { newProject, type TestProject } from "./harness/test_project.ts";

const NET = `resource net "main" : sim.Network {\n  name = "main"\n  cidr = "10.0.0.0/16"\n}\n`;
const PASSWORD = "a very secret word";
const REST = `resource sub "a" : sim.Subnet {
  needs net.main -> network_id
  name = "a"
  cidr = "10.0.1.0/24"
  public = true
  tags = { "two words" = "\${odd}", plain = "x" }
}
resource bucket "logs" : sim.Bucket {
  name = "logs"
  retention {
    expire_after_days = 30
  }
}
resource db "main" : sim.Database {
  name = "main"
  engine = "postgres"
  storage_gb = 10
  password = secret("${PASSWORD}")
}
`;

/** A project that owns a network; a subnet, a bucket and a database are there that it has let go of. */
async function withStrangers(): Promise<TestProject> {
  const project = await newProject(NET + REST);
  await project.expect(0, ["apply", "--yes"]);
  for (const address of ["sub.a", "bucket.logs", "db.main"]) {
    await project.expect(0, ["state", "rm", address, "--yes"]);
  }
  await project.write("main.smelt", NET);
  return project;
}

async function discovered(project: TestProject, type: string): Promise<readonly { readonly id: string }[]> {
  return JSON.parse((await project.expect(0, ["import", "discover", type, "--json"])).stdout).objects;
}

Deno.test("import discover lists what no address owns, each with the line that takes it over", async () => {
  await using project = await withStrangers();
  const { stdout, stderr } = await project.unchangedBy(() =>
    project.expect(0, ["import", "discover", "sim.Subnet"])
  );
  match(stdout, /^(sub-\w+) +a +import "\1" to "subnet\.a"\n$/);
  match(stderr, /^1 of sim\.Subnet that smelt does not own\n/);
  const net = await project.expect(0, ["import", "discover", "sim.Network"]);
  deepStrictEqual([net.stdout, net.stderr], ["", "No sim.Network that smelt does not own; 1 it does\n"]);
  match(
    (await project.expect(1, ["import", "discover", "sim.Subnett"])).stderr,
    /Did you mean "sim\.Subnet"/,
  );
  match((await project.expect(1, ["import", "discover", "local.Data"])).stderr, /cannot be taken over/);
});

Deno.test("import generate writes text with which a plan shows only imports, and never a secret", async () => {
  await using project = await withStrangers();
  await project.expect(0, ["import", "generate", "sim.Subnet", "--all", "--out", "subnet.smelt"]);
  const subnet = await project.read("subnet.smelt");
  match(subnet, /needs net\.main -> network_id/);
  const [bucket] = await discovered(project, "sim.Bucket");
  const printed = await project.expect(0, ["import", "generate", "sim.Bucket", bucket?.id ?? ""]);
  strictEqual(
    printed.stdout,
    `import "${bucket?.id}" to "bucket.logs"\n\nresource bucket "logs" : sim.Bucket {\n  retention {\n` +
      `    expire_after_days = 30\n  }\n\n  name = "logs"\n}\n`,
  );
  await project.write("bucket.smelt", printed.stdout);
  await project.expect(0, ["fmt", "--check", "subnet.smelt", "bucket.smelt"]);
  const plan = await project.expect(2, ["plan", "--detailed-exitcode"]);
  match(plan.stdout, /\n1 to record, 2 to import, 1 unchanged\n/);
  ok(!/^ +[~+-]/m.test(plan.stdout), plan.stdout);
  await project.expect(0, ["apply", "--yes"]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.expect(0, ["audit", "verify"]);

  const database = await project.expect(0, ["import", "generate", "sim.Database", "--all"]);
  match(database.stdout, /^ {2}password = env\("MAIN_PASSWORD"\)$/m);
  ok(!database.stdout.includes(PASSWORD));
  match(
    (await project.expect(1, ["import", "generate", "sim.Bucket", bucket?.id ?? ""])).stderr,
    /it is held by bucket\.logs/,
  );
  match(
    (await project.expect(1, ["import", "generate", "sim.Bucket", "bkt-0"])).stderr,
    /There is no sim\.Bucket "bkt-0"/,
  );
  match((await project.expect(64, ["import", "generate", "sim.Bucket"])).stderr, /Give ids, or --all/);
  match(
    (await project.expect(1, ["import", "generate", "sim.Database", "--all", "--out", "main.smelt"])).stderr,
    /Cannot write "main\.smelt": there is a file already/,
  );
  strictEqual(await project.read("main.smelt"), NET);
});

Deno.test("import resource takes an object over at once, under an address that the files declare", async () => {
  await using project = await withStrangers();
  await project.write("main.smelt", NET + REST.replace("= 10", "= 20"));
  const [database] = await discovered(project, "sim.Database");
  const id = database?.id ?? "";
  match(
    (await project.expect(1, ["import", "resource", "db.mian", id, "--yes"])).stderr,
    /Did you mean "db\.main"/,
  );
  match(
    (await project.expect(1, ["import", "resource", "db.main", "db-0", "--yes"])).stderr,
    /there is no such object/,
  );
  match(
    (await project.expect(1, ["import", "resource", "net.main", id, "--yes"])).stderr,
    /holds "net-\w+" already/,
  );
  match((await project.expect(4, ["import", "resource", "db.main", id])).stderr, /Give --yes/);
  match(
    (await project.expect(0, ["import", "resource", "db.main", id, "--yes", "--why", "found it"])).stdout,
    /^db\.main takes over sim\.Database db-/,
  );
  match(
    (await project.expect(0, ["import", "resource", "db.main", id, "--yes"])).stdout,
    /holds db-\w+ already/,
  );
  match((await project.expect(0, ["history"])).stdout, /started import resource by tester .*: found it/);
  match((await project.expect(0, ["plan"])).stdout, /~ storage_gb : 10 -> 20/);
  const log = await Deno.readTextFile(project.logPath);
  ok(!log.includes(PASSWORD));
  await project.expect(0, ["audit", "verify"]);
});
