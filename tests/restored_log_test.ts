import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { expectInside } from "./harness/inner_program.ts";
import type { ProjectPlace } from "./harness/project_ports.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

/** The way out after a log was restored from a backup, as people take it. */

const APPLY = ["apply", "--yes"];
const RESTORED = ["recover", "--restored", "--yes", "--why", "the disk died"];
const SETTLED = ["recover", "--loss-settled", "--yes"];

const NET = `resource net "main" : sim.Network {
  cidr = "10.0.0.0/16"
}
`;
const SUB = `resource sub "web" : sim.Subnet {
  needs net.main -> network_id
  cidr = "10.0.1.0/24"
}
`;
const BUCKET = `resource bucket "logs" : sim.Bucket {
  name = "shop-logs"
}
`;
const NOTE =
  /^note: .*pins\.json names record \d+, which is lost: tester accepted that at \S+, in record \d+: the disk died$/m;

/** The same project for another user, who has pins of their own. */
function userOf(project: TestProject, name: string): ProjectPlace {
  return { root: project.root, place: { ...project.place, stateFolder: join(project.root, "..", name) } };
}

/** A project whose log was set back to before its subnet and its bucket were made. */
async function restored(): Promise<
  { readonly project: TestProject; readonly lost: Uint8Array<ArrayBuffer> }
> {
  const project = await newProject(NET);
  await expectInside(project, 0, APPLY);
  const older = await Deno.readFile(project.logPath);
  await project.write("main.smelt", NET + SUB + BUCKET);
  await expectInside(project, 0, APPLY);
  const lost = await Deno.readFile(project.logPath);
  await Deno.writeFile(project.logPath, older);
  return { project, lost };
}

async function liveId(project: TestProject, type: string): Promise<string> {
  const { live } = await project.ledger();
  const found = live.find((each) => each.type === type);
  ok(found !== undefined);
  return found.id;
}

Deno.test("P15 b: a restored log is refused until its loss is accepted, then a plan tells the truth and nothing is made twice", async () => {
  const { project, lost } = await restored();
  await using _ = project;
  for (const args of [["plan"], APPLY, ["recover"], ["query"], ["audit", "verify"]]) {
    await project.unchangedBy(() => expectInside(project, 6, args));
  }
  match((await expectInside(project, 6, ["plan"])).stderr, /smelt recover --restored/);
  const asked = await project.unchangedBy(() =>
    expectInside(project, 4, RESTORED.filter((each) => each !== "--yes"))
  );
  match(asked.stderr, /pins\.json names record \d+, [0-9a-f]{64}; the log lacks \d+ records up to it/);
  match(
    (await expectInside(project, 0, RESTORED)).stdout,
    /The loss of what the log of default lacks is accepted/,
  );
  const before = (await project.ledger()).objects.length;

  const [sub, bucket] = [await liveId(project, "sim.Subnet"), await liveId(project, "sim.Bucket")];
  const plan = await project.unchangedBy(() => expectInside(project, 1, ["plan"]));
  match(plan.stderr, new RegExp(`Cannot create sub\\.web: objects of sim\\.Subnet.*\\n  ${sub}`));
  match(
    plan.stderr,
    new RegExp(`Cannot create bucket\\.logs: objects of sim\\.Bucket.*\\n  ${bucket}  shop-logs`),
  );
  match(plan.stderr, new RegExp(`smelt import resource sub\\.web ${sub}`));
  await project.unchangedBy(() => expectInside(project, 1, APPLY));

  await expectInside(project, 0, ["import", "resource", "sub.web", sub, "--yes"]);
  await expectInside(project, 0, ["import", "resource", "bucket.logs", bucket, "--yes"]);
  const applied = await expectInside(project, 0, [...APPLY, "--no-refresh"]);
  match(applied.stderr, /all objects were read in spite of --no-refresh/);
  match((await expectInside(project, 0, SETTLED)).stdout, /it counts as whole again/);
  doesNotMatch((await expectInside(project, 0, [...APPLY, "--no-refresh"])).stderr, /in spite of/);
  strictEqual((await project.ledger()).objects.length, before);

  const audited = await expectInside(project, 0, ["audit", "verify"]);
  match(audited.stdout, /tester accepted the loss of record \d+ at \S+, in record \d+: the disk died/);
  match((await expectInside(project, 0, ["history"])).stdout, /accepted the loss of record/);
  await Deno.writeFile(project.logPath, lost);
  for (const args of [["plan"], APPLY, RESTORED.slice(0, 1), ["audit", "verify"]]) {
    await project.unchangedBy(() => expectInside(project, 6, args));
  }
});

Deno.test("P15 b: another machine whose pin was named goes on and is told who accepted that, one whose pin was not is refused until it is", async () => {
  await using project = await newProject(NET);
  await expectInside(project, 0, APPLY);
  const older = await Deno.readFile(project.logPath);
  await project.write("main.smelt", NET + SUB);
  const [second, behind, fresh] = [
    userOf(project, "second"),
    userOf(project, "behind"),
    userOf(project, "fresh"),
  ];
  await expectInside(project, 0, ["protect", "net.main"]);
  await expectInside(behind, 0, ["plan"]);
  await expectInside(project, 0, APPLY);
  await expectInside(second, 0, ["plan"]);
  await expectInside(project, 0, ["pin"]);
  const committed = await project.read("smelt.toml");
  const lost = await Deno.readFile(project.logPath);
  await Deno.writeFile(project.logPath, older);
  for (const user of [project, second, behind, fresh]) await expectInside(user, 6, ["plan"]);
  match(
    (await expectInside(project, 0, RESTORED)).stderr,
    /smelt\.toml gets a pin of the last record of now: commit it/,
  );

  match((await expectInside(second, 1, ["plan"])).stderr, NOTE);
  doesNotMatch((await expectInside(second, 1, ["plan"])).stderr, NOTE);
  doesNotMatch((await expectInside(fresh, 1, ["plan"])).stderr, /which is lost/);
  await expectInside(second, 0, ["audit", "verify"]);

  // Whoever has the smelt.toml of before takes nobody's word.
  const moved = await project.read("smelt.toml");
  await project.write("smelt.toml", committed);
  const stranger = userOf(project, "stranger");
  for (const user of [stranger, second]) {
    for (const args of [["plan"], APPLY, ["audit", "verify"]]) await expectInside(user, 6, args);
  }
  match((await expectInside(stranger, 6, ["plan"])).stderr, /smelt\.toml names /);
  // Nor is a second acceptance made of it: the record is named already, and smelt.toml gets the pin that it lacks.
  const count = (await Deno.readTextFile(project.logPath)).match(/LogRestored/g)?.length;
  match(
    (await expectInside(project, 0, RESTORED)).stderr,
    /smelt\.toml names record \d+, [0-9a-f]{64}; tester accepted its loss at \S+, with the key [0-9a-f]{8}$/m,
  );
  strictEqual((await Deno.readTextFile(project.logPath)).match(/LogRestored/g)?.length, count);
  await expectInside(stranger, 1, ["plan"]);
  strictEqual((await project.read("smelt.toml")).replace(/pin = .*/, ""), moved.replace(/pin = .*/, ""));

  const refused = await expectInside(behind, 6, ["plan"]);
  const [, seq] = /names (?:the )?record (\S+)/.exec(refused.stderr) ?? [];
  ok(seq !== undefined);
  const pins = JSON.parse(await Deno.readTextFile(join(behind.place.stateFolder, "pins.json")));
  const [pin] = Object.values<{ readonly seq: number; readonly hash: string }>(pins);
  ok(pin !== undefined);
  const named = [...RESTORED, "--lost", `${pin.seq}:${pin.hash}`];
  match((await expectInside(project, 0, named)).stdout, /is accepted/);
  match((await expectInside(project, 0, named)).stdout, /Nothing is lost/);
  match((await expectInside(behind, 1, ["plan"])).stderr, NOTE);

  await Deno.writeFile(project.logPath, lost);
  for (const user of [project, second, behind, fresh]) await expectInside(user, 6, ["plan"]);
});

Deno.test("P15 b: a checkpoint in smelt.toml outlives the log of before it, and neither a role taken nor a lost key of its signer stops the way out", async () => {
  await using project = await newProject(NET);
  await expectInside(project, 0, APPLY);
  const older = await Deno.readFile(project.logPath);
  const document = (await expectInside(project, 0, ["keys", "create", "ci"])).stdout;
  await project.write("ci.json", document);
  await expectInside(project, 0, ["keys", "add", "ci.json", "--role", "apply", "--yes"]);
  const ci = { env: { SMELT_KEY: "ci" } };
  await project.expect(0, ["audit", "checkpoint", "--out", "shop.checkpoint"], ci);
  const text = await project.read("smelt.toml");
  await project.write(
    "smelt.toml",
    text.replace(/(first_record = .*\n)/, '$1checkpoint = "shop.checkpoint"\n'),
  );
  await expectInside(project, 0, ["plan"]);
  await expectInside(project, 0, ["keys", "add", "ci.json", "--role", "approve", "--yes"]);
  await expectInside(project, 0, ["plan"]);

  await Deno.writeFile(project.logPath, older);
  const stranger = userOf(project, "stranger");
  for (const user of [project, stranger]) {
    match((await expectInside(user, 6, ["plan"])).stderr, /"shop\.checkpoint" names|pins\.json names/);
  }
  const accepted = await expectInside(project, 0, RESTORED);
  match(
    accepted.stderr,
    /names the checkpoint "shop\.checkpoint" no more: smelt audit checkpoint signs another/,
  );
  doesNotMatch(await project.read("smelt.toml"), /checkpoint/);
  match(await project.read("smelt.toml"), /\npin = \{ seq = \d+, hash = "[0-9a-f]{64}" \}\n/);
  await expectInside(project, 0, ["plan"]);
  await expectInside(stranger, 0, ["plan"]);
});

Deno.test("P15 b: a revoked admin key and the older log that trusts it get past no pin in smelt.toml", async () => {
  await using project = await newProject(NET);
  await expectInside(project, 0, APPLY);
  const older = await Deno.readFile(project.logPath);
  await project.write("boss.json", (await expectInside(project, 0, ["keys", "create", "boss"])).stdout);
  const roles = ["--role", "admin", "--role", "apply", "--role", "approve"];
  await expectInside(project, 0, ["keys", "add", "boss.json", ...roles, "--yes"]);
  const boss = { env: { SMELT_KEY: "boss" } };
  await project.expect(0, ["keys", "revoke", "local", "--reason", "stolen", "--yes"], boss);
  await project.expect(0, ["pin"], boss);
  const committed = await project.read("smelt.toml");

  // Whoever has stolen the key and may write the store accepts the loss where nothing is known of what came after.
  await Deno.writeFile(project.logPath, older);
  const thief = userOf(project, "thief");
  await expectInside(thief, 0, RESTORED);
  await project.write("smelt.toml", committed);
  const runner = userOf(project, "runner");
  for (const args of [["plan"], APPLY, ["keys", "list"], ["audit", "verify"]]) {
    await expectInside(runner, 6, args);
  }
});

Deno.test("P15 b: a plan that was saved before the log was restored is refused, wherever it was made", async () => {
  await using project = await newProject(NET);
  await expectInside(project, 0, APPLY);
  const older = await Deno.readFile(project.logPath);
  await project.write("main.smelt", NET + SUB);
  await expectInside(project, 0, ["plan", "--out", "held.plan"]);
  await expectInside(project, 0, ["apply", "--yes", "--plan-file", "held.plan"]);
  await project.write("main.smelt", NET + SUB + BUCKET);
  await expectInside(project, 0, ["plan", "--out", "lost.plan"]);
  await Deno.writeFile(project.logPath, older);
  const saved = (file: string) => ["apply", "--yes", "--plan-file", file];
  await project.unchangedBy(() => expectInside(project, 6, saved("held.plan")));
  await expectInside(project, 0, RESTORED);
  for (const file of ["held.plan", "lost.plan"]) {
    const { stderr } = await project.unchangedBy(() => expectInside(project, 1, saved(file)));
    match(stderr, new RegExp(`The plan in "${file}" was made before the log was restored from a backup`));
    match(stderr, /tester accepted the loss at/);
  }
});

Deno.test("P15 b: a call that was open where the log was restored to is settled by presence or by hand, never by absence", async () => {
  const crash = [{ operation: "create", type: "sim.Network", effect: "crashBefore" }];
  await using project = await newProject(NET);
  await project.expect(137, APPLY, { env: { SMELT_SIM_FAULTS: JSON.stringify(crash) } });
  const older = await Deno.readFile(project.logPath);
  // Its lock is what says that the process is gone; without it a run is held for dead after 30 s only.
  const [lock] = await Array.fromAsync(Deno.readDir(join(project.root, ".smelt/runs")), ({ name }) => name);
  // In the lost part it was held for not done, and another call made the object.
  await expectInside(project, 0, ["recover", "--not-done", "net.main", "--yes"]);
  await expectInside(project, 0, APPLY);
  const made = await liveId(project, "sim.Network");
  await Deno.writeFile(project.logPath, older);
  await project.write(`.smelt/runs/${lock}`, "");
  await expectInside(project, 0, RESTORED);
  const doubtful = await expectInside(project, 8, ["recover"]);
  match(doubtful.stdout + doubtful.stderr, /net\.main: the log was restored from a backup since/);
  strictEqual((await project.ledger()).objects.length, 1);
  match((await expectInside(project, 1, SETTLED)).stderr, /net\.main is still in doubt/);
  await expectInside(project, 0, ["recover", "--not-done", "net.main", "--yes"]);
  match(
    (await expectInside(project, 1, ["plan"])).stderr,
    new RegExp(`Cannot create net\\.main.*\\n  ${made}`),
  );
  await expectInside(project, 0, ["import", "resource", "net.main", made, "--yes"]);
  await expectInside(project, 0, APPLY);
  await expectInside(project, 0, SETTLED);
  strictEqual((await project.ledger()).objects.length, 1);
  await expectInside(project, 0, ["audit", "verify"]);
});

Deno.test("P15 b: what the log knows to have made is no find of the lost part; what nothing can find waits for a person's word", async () => {
  await using project = await newProject(NET);
  await expectInside(project, 0, APPLY);
  const forgotten = await liveId(project, "sim.Network");
  await expectInside(project, 0, ["state", "rm", "net.main", "--yes"]);
  const older = await Deno.readFile(project.logPath);
  await expectInside(project, 0, APPLY);
  const made = (await project.ledger()).live.map(({ id }) => id).find((id) => id !== forgotten);
  await Deno.writeFile(project.logPath, older);
  await expectInside(project, 0, RESTORED);
  const { stderr } = await expectInside(project, 1, ["plan"]);
  match(stderr, new RegExp(`^  ${made}$`, "m"));
  doesNotMatch(stderr, new RegExp(forgotten));

  await project.write(
    "main.smelt",
    `resource data "a" : local.Data {}\nresource cmd "c" : local.Command {\n  create = ["true"]\n}\n`,
  );
  const unfindable = await expectInside(project, 1, ["plan"]);
  match(
    unfindable.stderr,
    /Cannot create cmd\.c: the log was restored, and nothing tells whether its lost part has made local\.Command/,
  );
  doesNotMatch(unfindable.stderr, /data\.a/);
  await expectInside(project, 0, [...APPLY, "--exclude", "cmd.c"]);
  const settled = await expectInside(project, 0, SETTLED);
  match(
    settled.stderr,
    new RegExp(`No address owns these objects of sim\\.Network, made by smelt: ${made}$`, "m"),
  );
  await expectInside(project, 0, ["plan"]);
  match((await expectInside(project, 0, SETTLED)).stdout, /No loss is to be settled/);
});

Deno.test("P15 b: a loss is not settled while something that the log holds is gone, until that is recorded", async () => {
  await using project = await newProject(NET + BUCKET);
  await expectInside(project, 0, APPLY);
  const older = await Deno.readFile(project.logPath);
  await project.write("main.smelt", NET);
  await expectInside(project, 0, APPLY);
  await Deno.writeFile(project.logPath, older);
  await expectInside(project, 0, RESTORED);
  match(
    (await project.unchangedBy(() => expectInside(project, 1, SETTLED))).stderr,
    /\n {2}bucket\.logs is gone\n/,
  );
  await expectInside(project, 0, [...APPLY, "--refresh-only"]);
  await expectInside(project, 0, SETTLED);
  deepStrictEqual((await project.ledger()).live.length, 1);
});

Deno.test("recover takes one way to settle at a time, and a loss by record and hash", async () => {
  await using project = await newProject(NET);
  for (
    const [args, says] of [
      [["--restored", "--done", "net.main"], /go with no other way/],
      [["--restored", "--loss-settled"], /go with no other way/],
      [["--lost", "9:ab"], /--lost goes with --restored/],
      [["--restored", "--lost", "9:ab"], /Cannot use "9:ab" for --lost: expected a record and its hash/],
    ] as const
  ) match((await project.unchangedBy(() => expectInside(project, 64, ["recover", ...args]))).stderr, says);
  match((await expectInside(project, 0, RESTORED)).stdout, /Nothing is lost/);
});

Deno.test("P15 b: a loss of a protected environment takes its name", async () => {
  const { project } = await restored();
  await using _ = project;
  const config = await project.read("smelt.toml");
  await project.write("smelt.toml", config.replace("[environments.default]", "$&\nprotected = true"));
  await project.unchangedBy(() => expectInside(project, 4, RESTORED));
  await project.unchangedBy(() => expectInside(project, 3, [...RESTORED, "--confirm", "other"]));
  await expectInside(project, 6, ["plan"]);
  await expectInside(project, 0, [...RESTORED, "--confirm", "default", "--json"]);
  const state = JSON.parse((await expectInside(project, 0, ["state", "export"])).stdout);
  deepStrictEqual([state.losses.length, state.loss_open], [1, true]);
  strictEqual(state.losses[0].accepted.why, "the disk died");
});

Deno.test("P15 b, c: who does not accept the loss keeps their pin, also where a fork has grown past it", async () => {
  const { project } = await restored();
  await using _ = project;
  const fresh = userOf(project, "fresh");
  await project.write("main.smelt", NET);
  for (let nth = 0; nth < 4; nth++) {
    await expectInside(fresh, 0, ["taint", "net.main"]);
    await expectInside(fresh, 0, ["untaint", "net.main", "--yes"]);
  }
  const asked = await project.unchangedBy(() =>
    expectInside(project, 4, RESTORED.filter((each) => each !== "--yes"))
  );
  match(asked.stderr, /names record \d+, [0-9a-f]{64}; the log parts from it: there it holds [0-9a-f]{64}/);
  await expectInside(project, 6, ["plan"]);
  await expectInside(project, 0, RESTORED);
  await expectInside(project, 0, ["plan"]);
  await expectInside(fresh, 0, ["plan"]);
});
