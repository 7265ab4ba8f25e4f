import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { newProject, type TestProject } from "./harness/test_project.ts";

const STACK = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
resource sub "a" : sim.Subnet {
  needs net.main -> network_id
  name = "a"
  cidr = "10.0.1.0/24"
}
resource vm "web" : sim.Instance {
  needs sub.a -> subnet_id
  name = "web"
  image = "debian-13"
}
resource disk "web" : sim.Disk {
  needs vm.web -> instance_id
  name = "web"
  size_gb = 10
}
resource pw "db" : random.Password {
  length = 20
}
resource db "main" : sim.Database {
  needs pw.db.result -> password
  name = "main"
  engine = "postgres"
  storage_gb = 10
}
resource bucket "logs" : sim.Bucket {
  name = "logs"
}
resource key "web" : tls.PrivateKey {
  algorithm = "ED25519"
}
resource note "web" : local.Data {
  needs key.web.public_key_pem -> input.key
}
resource file "note" : local.File {
  path = "out/note.txt"
  content = "first"
}
`;

/** The log verifies, by the program's own word. */
async function verified(project: TestProject): Promise<void> {
  const { stdout } = await project.expect(0, ["audit", "verify"]);
  match(stdout, /\nThe log verifies\n$/);
}

/** A plan finds nothing to do and says so. */
async function settled(project: TestProject): Promise<void> {
  const { stdout } = await project.unchangedBy(() => project.expect(0, ["plan", "--detailed-exitcode"]));
  match(stdout, /\nNothing changes\.\n/);
}

async function liveNames(project: TestProject): Promise<readonly string[]> {
  return (await project.ledger()).live.map(({ type, fields }) => `${type} ${fields["name"]}`).sort();
}

/** The events of one address since the log was begun, in order. */
async function eventsOf(
  project: TestProject,
): Promise<readonly { readonly address: string; readonly type: string }[]> {
  const text = await Deno.readTextFile(project.logPath);
  return text.trimEnd().split("\n").flatMap((line) => JSON.parse(line.split("\t")[0] ?? "").events);
}

Deno.test("from init to destroy: each plan tells the truth, and the log verifies at each step", async () => {
  await using project = await newProject(STACK);
  await verified(project);
  const { stdout: planned } = await project.expect(2, ["plan", "--detailed-exitcode"]);
  match(planned, /10 to create/);
  await verified(project);

  await project.expect(0, ["apply", "--yes"]);
  strictEqual(await project.read("out/note.txt"), "first");
  deepStrictEqual(await liveNames(project), [
    "sim.Bucket logs",
    "sim.Database main",
    "sim.Disk web",
    "sim.Instance web",
    "sim.Network main",
    "sim.Subnet a",
  ]);
  await verified(project);
  await settled(project);
  await project.unchangedBy(() => project.expect(0, ["apply", "--yes"]));

  await project.write(
    "main.smelt",
    STACK.replace("size_gb = 10", "size_gb = 20").replace('"first"', '"second"'),
  );
  const { stdout: edited } = await project.expect(2, ["plan", "--detailed-exitcode"]);
  match(edited, /~ size_gb : 10 -> 20/);
  match(edited, /2 to update/);
  await verified(project);
  await project.expect(0, ["apply", "--yes"]);
  strictEqual(await project.read("out/note.txt"), "second");
  await verified(project);
  await settled(project);

  await project.expect(0, ["destroy", "--yes"]);
  const { live, objects } = await project.ledger();
  deepStrictEqual([live.length, objects.length], [0, 6]);
  await verified(project);
  strictEqual((await project.expect(0, ["state", "ls"])).stdout.trim().split("\n").length, 1);
  await project.unchangedBy(() => project.expect(0, ["destroy", "--yes"]));
});

Deno.test("a resource taken out of the files is deleted, and one put back is made anew", async () => {
  await using project = await newProject(STACK);
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", STACK.slice(0, STACK.indexOf("resource disk")));
  await project.expect(0, ["apply", "--yes"]);
  deepStrictEqual(await liveNames(project), ["sim.Instance web", "sim.Network main", "sim.Subnet a"]);
  await settled(project);
  await project.write("main.smelt", STACK);
  await project.expect(0, ["apply", "--yes"]);
  strictEqual((await project.ledger()).objects.filter(({ type }) => type === "sim.Disk").length, 2);
  await verified(project);
  await settled(project);
});

Deno.test("a file changed by hand is found by plan and healed by apply; one removed is made again", async () => {
  await using project = await newProject(STACK);
  await project.expect(0, ["apply", "--yes"]);
  await project.write("out/note.txt", "by hand");
  const { stdout } = await project.expect(2, ["plan", "--detailed-exitcode"]);
  match(stdout, /file\.note(.|\n)*1 to update/);
  strictEqual(await project.read("out/note.txt"), "by hand");
  await project.expect(0, ["apply", "--yes"]);
  strictEqual(await project.read("out/note.txt"), "first");
  await settled(project);
  await Deno.remove(`${project.root}/out/note.txt`);
  await project.expect(2, ["plan", "--detailed-exitcode"]);
  await project.expect(0, ["apply", "--yes"]);
  strictEqual(await project.read("out/note.txt"), "first");
  await verified(project);
  await settled(project);
});

Deno.test("an object deleted behind the back is found missing, and made again with all that relies on it", async () => {
  await using project = await newProject(STACK);
  await project.expect(0, ["apply", "--yes"]);
  // As another user of the cloud would: nothing of it is in this project's log.
  const [disk] = (await project.ledger()).live.filter(({ type }) => type === "sim.Disk");
  const journal = `${project.root}/.smelt/sim/journal.jsonl`;
  const gone = { fact: "Deleted", at: Date.now(), id: disk?.id, token: "0".repeat(32) };
  await Deno.writeTextFile(journal, `${JSON.stringify(gone)}\n`, { append: true });
  const { stdout } = await project.expect(2, ["plan", "--detailed-exitcode"]);
  match(stdout, /disk\.web(.|\n)*1 to create/);
  await project.expect(0, ["apply", "--yes"]);
  const disks = (await project.ledger()).objects.filter(({ type }) => type === "sim.Disk");
  deepStrictEqual(disks.map(({ deletedAt }) => deletedAt === undefined), [false, true]);
  await verified(project);
  await settled(project);
});

Deno.test("P11: a replacement makes the new object, then changes what relies on it, then deletes the old one", async () => {
  await using project = await newProject(STACK);
  await project.expect(0, ["apply", "--yes"]);
  const before = (await eventsOf(project)).length;
  await project.write("main.smelt", STACK.replace("debian-13", "debian-14"));
  const { stdout } = await project.expect(2, ["plan", "--detailed-exitcode"]);
  match(stdout, /1 to replace/);
  await project.expect(0, ["apply", "--yes"]);
  const events = (await eventsOf(project)).slice(before).filter(({ type }) =>
    /^(Create|Update|Delete)(Started|Succeeded)$/.test(type)
  );
  deepStrictEqual(events.map(({ address, type }) => `${address} ${type}`), [
    "vm.web CreateStarted",
    "vm.web CreateSucceeded",
    "disk.web UpdateStarted",
    "disk.web UpdateSucceeded",
    "vm.web DeleteStarted",
    "vm.web DeleteSucceeded",
  ]);
  await verified(project);
  await settled(project);
});

Deno.test("a unique name is replaced by deleting first, and the plan says so", async () => {
  await using project = await newProject(STACK);
  await project.expect(0, ["apply", "--yes"]);
  const before = (await eventsOf(project)).length;
  await project.write("main.smelt", STACK.replace('name = "logs"', 'name = "logs"\n  region = "south"'));
  await project.expect(2, ["plan", "--detailed-exitcode"]);
  await project.expect(0, ["apply", "--yes"]);
  const events = (await eventsOf(project)).slice(before).map(({ type }) => type);
  ok(events.indexOf("DeleteSucceeded") < events.indexOf("CreateStarted"), events.join());
  await settled(project);
});

Deno.test("a protected resource is neither deleted nor replaced, whatever the files and the command say", async () => {
  const guarded = STACK.replace('resource net "main" : sim.Network {', '$&\n  @lifecycle "prevent_destroy"');
  await using project = await newProject(guarded);
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", guarded.replace("10.0.0.0/16", "10.0.0.0/12"));
  for (const args of [["apply", "--yes"]]) {
    const { stderr } = await project.unchangedBy(() => project.expect(1, args));
    match(stderr, /net.main.*protected/);
  }
  await project.write("main.smelt", "");
  match(
    (await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]))).stderr,
    /net.main.*protected/,
  );
  await project.expect(7, ["destroy", "--yes"]);
  deepStrictEqual(await liveNames(project), ["sim.Network main"]);
  await verified(project);
});

Deno.test("a retained resource is forgotten, and its object stays", async () => {
  const kept = STACK.replace('resource bucket "logs" : sim.Bucket {', '$&\n  @lifecycle "retain"');
  await using project = await newProject(kept);
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", kept.slice(0, kept.indexOf("resource bucket")));
  await project.expect(0, ["apply", "--yes"]);
  ok((await liveNames(project)).includes("sim.Bucket logs"));
  ok(!(await project.expect(0, ["state", "ls"])).stdout.includes("bucket.logs"));
  await settled(project);
});

Deno.test("the old object of a retained resource stays when it is replaced, and its id is told", async () => {
  const network = (cidr: string) =>
    `resource network "main" : sim.Network {\n  @lifecycle "retain"\n\n  cidr = "${cidr}"\n}\n`;
  await using project = await newProject(network("10.0.0.0/16"));
  await project.expect(0, ["apply", "--yes"]);
  const id = JSON.parse((await project.expect(0, ["show", "network.main", "--json"])).stdout).id;
  await project.write("main.smelt", network("10.1.0.0/16"));
  const planned = await project.expect(0, ["plan"]);
  match(planned.stdout, new RegExp(`its old object "${id}" is kept: retain`));
  const applied = await project.expect(0, ["apply", "--yes"]);
  match(
    applied.stdout + applied.stderr,
    new RegExp(`retained: ${id}, the old object of network.main, stays`),
  );
  deepStrictEqual((await liveNames(project)).length, 2);
  await settled(project);
});

Deno.test("a failed resource skips what relies on it, ends with 7, and the next run does the rest", async () => {
  await using project = await newProject(STACK);
  const effect = { fail: { kind: "QuotaExceeded", message: "no machine is left" } };
  const env = { SMELT_SIM_FAULTS: JSON.stringify([{ operation: "create", type: "sim.Instance", effect }]) };
  const { stderr, stdout } = await project.expect(7, ["apply", "--yes"], { env });
  match(stderr + stdout, /no machine is left/);
  match(stderr + stdout, /disk.web.*vm.web did not end well/);
  await verified(project);
  await project.expect(2, ["plan", "--detailed-exitcode"]);
  await project.expect(0, ["apply", "--yes"]);
  await settled(project);
});
