import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { killAt } from "./harness/kill_at_append.ts";
import { PRELOAD_KILL } from "./harness/kill_scenario.ts";
import { OutsideHand } from "./harness/outside_hand.ts";
import { tracesBelow, tracesIn } from "./harness/secret_traces.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";
import { record } from "../engine/value.ts";

const network = (team: string) =>
  `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
  tags = { team = "${team}" }
}
`;
const SUBNET = `resource sub "a" : sim.Subnet {
  needs net.main -> network_id
  name = "a"
  cidr = "10.0.1.0/24"
}
`;
const BUCKET = `resource bucket "b" : sim.Bucket {
  name = "logs"
}
`;
const HAND = record([["team", "hand"]]);

interface Applied extends AsyncDisposable {
  readonly project: TestProject;
  readonly hand: OutsideHand;
}

async function applied(source: string): Promise<Applied> {
  const project = await newProject(source);
  await project.expect(0, ["apply", "--yes"]);
  const hand = new OutsideHand(project);
  return { project, hand, [Symbol.asyncDispose]: () => project[Symbol.asyncDispose]() };
}

async function json(project: TestProject, code: number, args: readonly string[]) {
  return JSON.parse((await project.expect(code, [...args, "--json"])).stdout);
}

/** What the log says last of a kind of event. */
async function lastOf(project: TestProject, what: RegExp): Promise<string> {
  const lines = (await project.expect(0, ["history"])).stdout.split("\n");
  return lines.findLast((each) => what.test(each)) ?? "";
}

Deno.test("drift tells what the files want, what was recorded and what lives, each as what it is, and appends nothing", async () => {
  await using made = await applied(network("recorded") + BUCKET);
  const { project, hand } = made;
  await project.unchangedBy(() => project.expect(0, ["drift", "--exit-code"]));
  await hand.change("main", { tags: record([["team", "live"]]), mtu: 9000 });
  await hand.remove("logs");
  await project.write("main.smelt", network("wanted") + BUCKET);
  const { stdout } = await project.unchangedBy(() => project.expect(2, ["drift", "--exit-code"]));
  match(stdout, /x {3}bucket\.b : sim\.Bucket {2}bkt-\w+ {2}is gone\n +is wanted as +the files want it\n/);
  match(
    stdout,
    /tags\.team\n +lives now as +"live"\n +was recorded as "recorded"\n +is wanted as +"wanted"\n/,
  );
  match(
    stdout,
    /mtu\n +lives now as +9000\n +was recorded as 1500\n +is wanted as +the provider sets it\n/,
  );
  match(stdout, /^1 changed outside smelt, 1 gone$/m);
  const told = await project.unchangedBy(() => json(project, 0, ["drift"]));
  strictEqual(told.schema, "smelt.drift.v1");
  deepStrictEqual(told.resources.map((each: { state: string }) => each.state), ["gone", "changed"]);
  deepStrictEqual(told.resources[1].parts, [
    { path: "mtu", recorded: 1500, live: 9000 },
    { path: "tags.team", wanted: "wanted", recorded: "recorded", live: "live" },
  ]);
  deepStrictEqual(told.summary, { changed: 1, gone: 1, unread: 0, as_recorded: 0 });
});

Deno.test("--refresh-only records what reads found and changes nothing in the world; a second one appends nothing", async () => {
  await using made = await applied(network("files") + BUCKET);
  const { project, hand } = made;
  await hand.change("main", { tags: HAND });
  await hand.remove("logs");
  const plan = ["plan", "--refresh-only", "--detailed-exitcode"];
  match((await project.unchangedBy(() => project.expect(2, plan))).stdout, /"files" -> "hand"/);
  await project.unchangedBy(() => project.expect(4, ["apply", "--refresh-only"]));
  const cloud = await project.journal();
  match((await project.expect(0, ["apply", "--refresh-only", "--yes"])).stdout, /^Recorded: 2 recorded$/m);
  strictEqual(await project.journal(), cloud);
  match(await lastOf(project, /net\.main/), /found net-\w+ changed from outside/);
  match(await lastOf(project, /bucket\.b/), /found bkt-\w+ gone/);
  await project.unchangedBy(() => project.expect(0, ["apply", "--refresh-only", "--yes"]));
  await project.unchangedBy(() => project.expect(0, plan));
  const left = await json(project, 0, ["drift"]);
  deepStrictEqual(left.resources.map((each: { parts: unknown }) => each.parts), [
    [{ path: "tags.team", wanted: "files", recorded: "files", live: "hand" }],
  ], "that it was seen does not make it right");
  await project.expect(64, ["apply", "--refresh-only", "--no-refresh", "--yes"]);
  await project.expect(64, ["plan", "--refresh-only", "main.smelt"]);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("drift accept takes what lives for right, of one resource or all; files that want otherwise plan an update", async () => {
  await using made = await applied(network("files") + BUCKET);
  const { project, hand } = made;
  await hand.change("main", { tags: HAND });
  await hand.change("logs", { versioning: true });
  const cloud = await project.journal();
  await project.unchangedBy(() => project.expect(4, ["drift", "accept", "net.main"]));
  match(
    (await project.expect(0, ["drift", "accept", "net.main", "--yes", "--why", "agreed"])).stdout,
    /^Accepted: 1 recorded$/m,
  );
  match((await project.expect(0, ["history"])).stdout, /started drift accept by tester .*: agreed/);
  match(await lastOf(project, /net\.main/), /accepted net-\w+ as it lives/);
  strictEqual((await json(project, 0, ["drift"])).resources[0].address, "bucket.b");
  await project.unchangedBy(() => project.expect(0, ["drift", "accept", "net.main", "--yes"]));
  await project.unchangedBy(() => project.expect(0, ["drift", "revert", "net.main", "--yes"]));
  await project.expect(0, ["drift", "accept", "--all", "--yes"]);
  strictEqual(await project.journal(), cloud);
  await project.expect(0, ["drift", "--exit-code"]);
  match((await project.expect(0, ["plan"])).stdout, /~ tags\.team : "hand" -> "files"/);
  await project.write("main.smelt", network("hand") + BUCKET.replace("}", "  versioning = true\n}"));
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("drift revert puts back what was sent last, by a run like any other, and leaves the rest alone", async () => {
  await using made = await applied(network("files") + SUBNET + BUCKET);
  const { project, hand } = made;
  const stack = await project.read("main.smelt");
  await hand.change("main", { tags: HAND, mtu: 9000 });
  await hand.change("logs", { versioning: true });
  await hand.remove("a");
  await project.write("main.smelt", "");
  match(
    (await project.unchangedBy(() => project.expect(4, ["drift", "revert", "net.main"]))).stderr,
    /~ mtu : 9000 -> 1500\n +~ tags\.team : "hand" -> "files"/,
  );
  await project.expect(0, ["drift", "revert", "net.main", "--yes"]);
  const { fields } = await hand.object("main");
  deepStrictEqual([fields["tags"], fields["mtu"]], [{ team: "files" }, 1500]);
  deepStrictEqual([(await hand.object("logs")).fields["versioning"]], [true]);
  const told = await json(project, 0, ["drift", "revert", "--all", "--yes"]);
  deepStrictEqual([told.command, told.created, told.updated], ["drift revert", 1, 1]);
  await project.write("main.smelt", stack);
  await project.expect(0, ["drift", "--exit-code"]);
  await project.unchangedBy(() => project.expect(0, ["drift", "revert", "--all", "--yes"]));
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  match((await project.expect(0, ["history"])).stdout, /started drift revert by/);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("drift accept and revert say what they want to know", async () => {
  await using made = await applied(BUCKET);
  const { project } = made;
  match((await project.expect(64, ["drift", "accept"])).stderr, /Name an address, or give --all/);
  match((await project.expect(64, ["drift", "revert", "--all", "bucket.b", "dev"])).stderr, /Leave one/);
  match(
    (await project.expect(1, ["drift", "revert", "bucket.c", "--yes"])).stderr,
    /Did you mean "bucket\.b"/,
  );
});

Deno.test("drift revert makes anew what is gone and protected, which stays protected; nothing is deleted for it", async () => {
  await using made = await applied(BUCKET.replace("}", '  @lifecycle "prevent_destroy"\n}'));
  const { project, hand } = made;
  await hand.remove("logs");
  await project.expect(0, ["drift", "revert", "bucket.b", "--yes"]);
  await hand.change("logs", { versioning: true });
  await project.expect(0, ["drift", "revert", "bucket.b", "--yes"]);
  deepStrictEqual([(await hand.object("logs")).fields["versioning"]], [false]);
  strictEqual((await project.ledger()).objects.length, 2);
  match((await project.expect(1, ["destroy", "--yes"])).stderr, /kept: bucket\.b/);
});

Deno.test("killed in the midst of a revert, the next run settles it, and nothing is made twice", async () => {
  await using made = await applied(network("files") + SUBNET);
  await made.hand.remove("a");
  await made.hand.change("main", { tags: HAND });
  const fault = (operation: string) => ({
    env: { SMELT_SIM_FAULTS: JSON.stringify([{ operation, nth: 1, effect: "crashAfter" }]) },
  });
  const kills = {
    "the cloud updated": fault("update"),
    "the cloud created": fault("create"),
    "the run had started": { flags: [PRELOAD_KILL], env: { SMELT_TEST_KILL: killAt(2, "before") } },
  };
  for (const [moment, options] of Object.entries(kills)) {
    await using project = await made.project.copy();
    const hand = new OutsideHand(project);
    const killed = await project.run(["drift", "revert", "--all", "--yes"], options);
    strictEqual(killed.signal, "SIGKILL", moment);
    await project.expect(0, ["drift", "revert", "--all", "--yes"]);
    deepStrictEqual((await hand.object("main")).fields["tags"], { team: "files" });
    strictEqual(
      (await project.ledger()).objects.length,
      3,
      "a network, the subnet that is gone, and its successor",
    );
    await project.expect(0, ["drift", "--exit-code"]);
    match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
    await project.expect(0, ["audit", "verify"]);
  }
});

Deno.test("what cannot be read is told as that, and is no drift; an error only where nothing could be told", async () => {
  await using made = await applied(network("files") + BUCKET);
  const { project } = made;
  const fault = (type: string) => ({
    env: {
      SMELT_SIM_FAULTS: JSON.stringify([{
        operation: "read",
        type,
        effect: { fail: { kind: "Denied" } },
      }]),
    },
  });
  const one = fault("sim.Bucket");
  match(
    (await project.expect(0, ["drift"], one)).stdout,
    /\? {3}bucket\.b : sim\.Bucket {2}nothing can be told: it could not be read/,
  );
  await project.expect(1, ["drift", "--exit-code"], one);
  await project.expect(1, ["drift"], fault("*"));
  match(
    (await project.expect(1, ["drift", "accept", "bucket.b", "--yes"], one)).stderr,
    /Cannot accept the drift of bucket\.b: it could not be read/,
  );
  match(
    (await project.unchangedBy(() => project.expect(0, ["drift", "accept", "--all", "--yes"], one))).stderr,
    /note: nothing can be told of bucket\.b: it could not be read/,
  );
});

Deno.test("most of what a provider held not found: nothing is planned, and the account and the flag are named", async () => {
  const buckets = ["aaa", "bbb", "ccc", "ddd", "eee"];
  await using made = await applied(
    buckets.map((name) => `resource bucket "${name}" : sim.Bucket {\n  name = "${name}"\n}\n`).join(""),
  );
  const { project, hand } = made;
  for (const name of ["aaa", "bbb", "ccc"]) await hand.remove(name);
  match((await project.expect(0, ["plan"])).stdout, /^3 to create/m);
  await hand.remove("ddd");
  const commands = [["plan"], ["plan", "--refresh-only"], ["apply"], ["destroy"], ["drift"], [
    "drift",
    "accept",
    "--all",
  ], ["rollback", "--to", "2"]];
  for (const args of commands) {
    const { stderr } = await project.unchangedBy(() => project.expect(1, args));
    match(stderr, /4 of 5 objects of the provider "sim" were not found: nothing was planned/);
    match(stderr, /Reads went to the account "sim account \d+"/);
    match(stderr, /The log binds this environment to the account "sim account \d+"/);
    match(stderr, /--allow-gone/);
  }
  await project.expect(2, ["drift", "--exit-code", "--allow-gone"]);
  match((await project.expect(0, ["apply", "--yes", "--allow-gone"])).stdout, /4 created/);
});

Deno.test("a secret that drifted is told without a value, kept sealed, and put back; what is write-only is no drift", async () => {
  const [given, byHand] = ["canary-given-7c1e5b", "canary-hand-94d2aa"];
  await using made = await applied(
    `resource file "f" : local.File {
  path = "out/f.txt"
  content = secret("${given}")
}
resource db "d" : sim.Database {
  name = "d"
  engine = "postgres"
  storage_gb = 20
  password = secret("${given}")
}
`,
  );
  const { project } = made;
  const secrets = new Map([["given", given], ["by hand", byHand]]);
  const printed: string[] = [];
  const run = async (code: number, ...args: readonly string[]) => {
    const { stdout, stderr } = await project.expect(code, args);
    printed.push(stdout, stderr);
    return stdout;
  };
  await run(0, "drift", "--exit-code");
  await project.write("out/f.txt", byHand);
  const told = await run(2, "drift", "--exit-code");
  match(told, /content\n +lives now as +\(sensitive\)\n +was recorded as \(sensitive\)\n/);
  doesNotMatch(told, /password/);
  await run(0, "drift", "--json");
  await run(0, "drift", "revert", "--all", "--yes");
  strictEqual(await project.read("out/f.txt"), given);
  await project.write("out/f.txt", byHand);
  await run(0, "drift", "accept", "--all", "--yes");
  await run(0, "drift", "--exit-code");
  strictEqual(await project.read("out/f.txt"), byHand);
  await project.write("out/f.txt", given);
  await run(2, "drift", "--exit-code");
  await run(0, "drift", "revert", "--all", "--yes");
  strictEqual(await project.read("out/f.txt"), byHand, "what was accepted is what was sent last");
  match(await run(0, "plan"), /~ +file\.f/);
  await run(0, "audit", "verify");
  ok(printed.length > 0);
  deepStrictEqual(tracesIn(printed.join("\n"), secrets), []);
  deepStrictEqual(await tracesBelow(`${project.root}/.smelt`, secrets), []);
});
