import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { OutsideHand } from "./harness/outside_hand.ts";
import { tracesBelow, tracesIn } from "./harness/secret_traces.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

const FIRST_SECRET = "canary-first-52e81f";
const SECOND_SECRET = "canary-second-0b7d3c";

const FIRST = `resource net "main" : sim.Network {
  @intent "the first"
  name = "main"
  cidr = "10.0.0.0/16"
}
resource sub "a" : sim.Subnet {
  needs net.main -> network_id
  name = "a"
  cidr = "10.0.1.0/24"
}
resource bucket "b" : sim.Bucket {
  name = "first-logs"
}
resource db "d" : sim.Database {
  needs sub.a -> subnet_ids
  name = "d"
  engine = "postgres"
  storage_gb = 20
  password = secret("${FIRST_SECRET}")
}
`;

/** The subnet is renamed and open, a bucket gone, two have come, one of them for good, and the password is another. */
const SECOND = `moved "sub.a" to "sub.front"
resource net "main" : sim.Network {
  @intent "the second"
  name = "main"
  cidr = "10.0.0.0/16"
  mtu = 9000
}
resource sub "front" : sim.Subnet {
  needs net.main -> network_id
  name = "a"
  public = true
  cidr = "10.0.1.0/24"
}
resource bucket "tmp" : sim.Bucket {
  name = "tmp-logs"
}
resource bucket "keep" : sim.Bucket {
  @lifecycle "prevent_destroy"
  name = "keep-logs"
}
resource db "d" : sim.Database {
  needs sub.front -> subnet_ids
  name = "d"
  engine = "postgres"
  storage_gb = 20
  password = secret("${SECOND_SECRET}")
}
`;

/** A project that has gone from `FIRST` to `SECOND`, and the record at which the first was whole. */
async function twice(): Promise<{ readonly project: TestProject; readonly seq: string }> {
  const project = await newProject(FIRST);
  await project.expect(0, ["apply", "--yes"]);
  const seq = `${(await Deno.readTextFile(project.logPath)).split("\n").length - 1}`;
  await project.write("main.smelt", SECOND);
  await project.expect(0, ["apply", "--yes"]);
  return { project, seq };
}

/** Names of what lives in the cloud, sorted. */
async function liveNames(project: TestProject): Promise<readonly unknown[]> {
  return (await project.ledger()).live.map(({ fields }) => fields["name"]).sort();
}

Deno.test("rollback makes true again what lived at a record, says first what cannot be undone, and keeps what is protected", async () => {
  const { project, seq } = await twice();
  await using _ = project;
  const hand = new OutsideHand(project);
  const before = { net: (await hand.object("main")).id, sub: (await hand.object("a")).id };
  const shown = await project.unchangedBy(() => project.expect(4, ["rollback", "--to", seq]));
  match(
    shown.stderr,
    /^Back to what lived at record \d+\n\nCannot be undone\n +! +bucket\.b is made anew, with a new id: bkt-\w+ is gone/,
  );
  match(shown.stderr, /! {3}bucket\.keep stays as it is: it is protected\n/);
  match(shown.stderr, /! {3}bucket\.tmp was not there then: bkt-\w+ goes, with what it holds\n/);
  ok(shown.stderr.indexOf("Cannot be undone") < shown.stderr.indexOf("Plan for default"));

  const done = await project.expect(0, ["rollback", "--to", seq, "--yes", "--why", "it burns"]);
  match(done.stdout, /^Rolled back: 1 created, 3 updated, 1 deleted, 1 moved$/m);
  match(done.stderr, /note: the files are as they were: smelt plan shows/);
  deepStrictEqual(await liveNames(project), ["a", "d", "first-logs", "keep-logs", "main"]);
  const [net, sub] = [await hand.object("main"), await hand.object("a")];
  deepStrictEqual([net.id, net.fields["mtu"], sub.id, sub.fields["public"]], [
    before.net,
    1500,
    before.sub,
    false,
  ]);
  match(
    (await project.expect(0, ["history"])).stdout,
    new RegExp(`started rollback --to ${seq} by tester .*: it burns`),
  );
  match((await project.expect(0, ["show", "net.main"])).stdout, /intent: the first/);
  await project.unchangedBy(() => project.expect(0, ["rollback", "--to", seq, "--yes"]));

  match(
    (await project.expect(0, ["plan"])).stdout,
    /^1 to create, 3 to update, 1 to delete, 1 to move, 1 unchanged$/m,
  );
  await project.write("main.smelt", FIRST);
  match(
    (await project.expect(1, ["plan"])).stdout,
    /^1 to delete, 4 unchanged$/m,
    "only what is protected is left",
  );
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("rollback sends a secret of then again without showing it or leaving a trace of it", async () => {
  const { project, seq } = await twice();
  await using _ = project;
  const hand = new OutsideHand(project);
  const digest = async () => (await hand.object("d")).digests["password"];
  const second = await digest();
  const text = await project.expect(0, ["rollback", "--to", seq, "--yes"]);
  match(text.stderr, /~ password : \(sensitive\) -> \(sensitive\)/);
  ok(await digest() !== second);
  const again = await project.expect(0, ["rollback", "--to", seq, "--yes", "--json"]);
  const { rollback, end } = JSON.parse(again.stdout);
  deepStrictEqual([rollback.to, end], [Number(seq), "nothing"]);
  const secrets = new Map([["first", FIRST_SECRET], ["second", SECOND_SECRET]]);
  deepStrictEqual(tracesIn(text.stdout + text.stderr + again.stdout + again.stderr, secrets), []);
  deepStrictEqual(await tracesBelow(`${project.root}/.smelt`, secrets), []);
});

Deno.test("14: rollback refuses records that are not there, and undoes an environment but for what is protected", async () => {
  const { project } = await twice();
  await using _ = project;
  match(
    (await project.expect(1, ["rollback", "--to", "9999", "--yes"])).stderr,
    /has no record 9999: it ends with record \d+/,
  );
  match((await project.expect(64, ["rollback", "--to", "0", "--yes"])).stderr, /Cannot read the moment "0"/);
  match(
    (await project.expect(64, ["rollback", "--to", "1.1", "--yes"])).stderr,
    /Cannot read the moment "1.1"/,
  );
  match((await project.expect(64, ["rollback", "--yes"])).stderr, /Name a record by --to/);
  const deleted = (await project.ledger()).objects.length - 1;
  await project.expect(0, ["rollback", "--to", "1", "--yes"]);
  deepStrictEqual(await liveNames(project), ["keep-logs"]);
  strictEqual(
    (await project.ledger()).objects.filter((each) => each.deletedAt !== undefined).length,
    deleted,
  );
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("killed in the midst of a rollback, another one brings it to its end, and nothing is made twice", async () => {
  const { project, seq } = await twice();
  await using _ = project;
  const env = { SMELT_SIM_FAULTS: JSON.stringify([{ operation: "create", nth: 1, effect: "crashAfter" }]) };
  const one = ["--parallelism", "1"];
  strictEqual((await project.run(["rollback", "--to", seq, "--yes", ...one], { env })).signal, "SIGKILL");
  await project.expect(0, ["rollback", "--to", seq, "--yes"]);
  deepStrictEqual(await liveNames(project), ["a", "d", "first-logs", "keep-logs", "main"]);
  const made = (await project.ledger()).objects.filter(({ fields }) => fields["name"] === "first-logs");
  strictEqual(made.length, 2, "the one that was, and its successor");
  await project.unchangedBy(() => project.expect(0, ["rollback", "--to", seq, "--yes"]));
  await project.expect(0, ["audit", "verify"]);
});
