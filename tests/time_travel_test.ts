import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { newProject, type TestProject } from "./harness/test_project.ts";

const NET = (mtu: number, name = "main") =>
  `resource net "${name}" : sim.Network {\n  name = "main"\n  cidr = "10.0.0.0/16"\n  mtu = ${mtu}\n}\n`;
const SECRET = "a very secret word";
const DB =
  `resource db "main" : sim.Database {\n  @intent "Holds the orders"\n  name = "main"\n  engine = "postgres"\n` +
  `  storage_gb = 10\n  password = secret("${SECRET}")\n}\n`;
const OUTPUTS = "output host = db.main.endpoint\noutput range = net.main.cidr\noutput word = pw.db.result\n" +
  'resource pw "db" : random.Password {\n  length = 20\n}\n';

interface Entry {
  readonly position: string;
  readonly at: string;
  readonly run: string;
  readonly type: string;
  readonly address?: string;
}

async function history(project: TestProject, ...args: readonly string[]): Promise<readonly Entry[]> {
  return JSON.parse((await project.expect(0, ["history", "--json", ...args])).stdout);
}

/** The record in which the n-th event of a kind stands, 0 the first. */
async function recordOf(project: TestProject, type: string, nth: number): Promise<string> {
  const found = (await history(project)).filter((each) => each.type === type)[nth];
  return found?.position.split(".")[0] ?? "";
}

Deno.test("show, query, state ls and diff look at any record or time of the past, and at none beyond", async () => {
  await using project = await newProject(NET(1400) + DB);
  await project.expect(0, ["apply", "--yes"]);
  const first = await recordOf(project, "RunFinished", 0);
  await project.write("main.smelt", NET(1500).replace("/16", "/20"));
  await project.expect(0, ["apply", "--yes"]);
  const then = await project.expect(0, ["show", "net.main", "--at", first]);
  match(then.stdout, /cidr = "10\.0\.0\.0\/16"/);
  match(then.stderr, new RegExp(`^note: as of record ${first} of `));
  match((await project.expect(0, ["show", "net.main"])).stdout, /cidr = "10\.0\.0\.0\/20"/);
  const json = JSON.parse((await project.expect(0, ["show", "db.main", "--at", first, "--json"])).stdout);
  deepStrictEqual([json.as_of.seq, json.inputs.password, json.status], [
    Number(first),
    "(sensitive)",
    "live",
  ]);
  match((await project.expect(0, ["state", "ls", "--at", first])).stdout, /^db\.main\nnet\.main\n$/);
  strictEqual((await project.expect(0, ["state", "ls"])).stdout, "net.main\n");
  match((await project.expect(0, ["query", "--at", "1"])).stdout, /^0 resources\n$/);

  const at = (await history(project)).find((each) => each.position === first)?.at ?? "";
  const asked = await project.expect(0, ["show", "db.main", "--at", at]);
  match(asked.stderr, new RegExp(`^note: as of record ${first} of .*, the last one until ${at}\n`));
  match((await project.expect(1, ["show", "db.main"])).stderr, /No resource "db\.main" in default\n/);
  match((await project.expect(1, ["show", "net.main", "--at", "1"])).stderr, /in default as of record 1/);
  match(
    (await project.expect(1, ["show", "net.main", "--at", "999"])).stderr,
    /has no record 999: it ends with record \d+/,
  );
  match(
    (await project.expect(1, ["state", "ls", "--at", "1999-01-02 03:04:05Z"])).stderr,
    /no record from before 1999-01-02 03:04:05Z\nhint: It begins at /,
  );
  for (const wrong of ["0", "-1", "1.2", "yesterday", "2026-01-02", "2026-13-02T03:04:05Z"]) {
    match((await project.expect(64, ["query", `--at=${wrong}`])).stderr, /Cannot read the moment/);
  }

  const { stdout } = await project.expect(0, ["diff", "--at", first]);
  match(stdout, new RegExp(`^- default as of record ${first}, .*\\n\\+ default now\\n`));
  match(stdout, /^- db\.main : sim\.Database {2}only in default as of record/m);
  match(
    stdout,
    /^~ net\.main : sim\.Network\n {4}~ id : "net-\w+" -> "net-\w+"\n {4}~ cidr : "10\.0\.0\.0\/16" -> "10\.0\.0\.0\/20"\n {4}~ mtu : 1400 -> 1500$/m,
  );
  const forward = JSON.parse(
    (await project.expect(0, ["diff", "default", "--at", "1", "--at", first, "--json"])).stdout,
  );
  deepStrictEqual(
    [
      forward.schema,
      forward.differences.map((each: { kind: string; address: string }) => `${each.kind} ${each.address}`),
    ],
    ["smelt.diff.v1", ["only_after db.main", "only_after net.main"]],
  );
  match((await project.expect(0, ["diff", "--at", first, "--at", first])).stdout, /\nNothing differs\n$/);
  match((await project.expect(64, ["diff", "default"])).stderr, /Cannot tell what to compare/);
});

Deno.test("diff tells two environments apart by what was sent, not by ids and secrets of each", async () => {
  const subnet =
    `resource sub "a" : sim.Subnet {\n  needs net.main -> network_id\n  name = "a"\n  cidr = "10.0.1.0/24"\n}\n`;
  const big = `layer "big" over "base" {\n  override net.main {\n    mtu = 9000\n  }\n}\n`;
  await using project = await newProject(NET(1400) + DB + subnet + big);
  await project.expect(0, ["env", "create", "prod", "--layers", "big"]);
  await project.expect(0, ["init", "prod"]);
  await project.expect(0, ["apply", "--yes"]);
  await project.expect(0, ["apply", "prod", "--yes"]);
  await project.expect(0, ["state", "rm", "sub.a", "prod", "--yes"]);
  const { stdout } = await project.expect(0, ["diff", "default", "prod"]);
  strictEqual(
    stdout,
    "- default now\n+ prod now\n~ net.main : sim.Network\n    ~ mtu : 1400 -> 9000\n" +
      "- sub.a : sim.Subnet  only in default now\n" +
      "note: secrets of two environments cannot be compared: db.main password\n",
  );
  match((await project.expect(1, ["diff", "default", "prd"])).stderr, /Did you mean "prod"/);
});

Deno.test("blame names who last changed each field, why, and what was changed from outside", async () => {
  await using project = await newProject(NET(1400) + DB);
  await project.expect(0, ["apply", "--yes", "--why", "the beginning"]);
  await project.write("main.smelt", NET(1500) + DB.replace("= 10", "= 20"));
  await project.expect(0, ["apply", "--yes", "--why", "more room"], { env: { USER: "ann" } });
  const changed = (await history(project, "--address", "net.main")).findLast((each) =>
    each.type === "UpdateStarted"
  );
  const { stdout } = await project.expect(0, ["blame", "db.main"]);
  match(stdout, /^db\.main : sim\.Database {2}db-\w+\n/);
  match(
    stdout,
    /^ {2}engine = "postgres" +\d+ +\S+ \S+ +tester \(local\) +[0-9a-f]{8} +apply +the beginning +# Holds the orders$/m,
  );
  match(stdout, /^ {2}storage_gb = 20 +\d+ .* ann \(local\) .* apply +more room +# Holds the orders$/m);
  match(stdout, /^ {2}password = \(sensitive\) +\d+ .* the beginning/m);
  await project.expect(0, ["state", "mv", "net.main", "net.new", "--yes"]);
  const moved = JSON.parse((await project.expect(0, ["blame", "net.new", "--json"])).stdout);
  const fields = new Map(moved.fields.map((each: { path: string }) => [each.path, each]));
  const mtu = fields.get("mtu") as Record<string, unknown>;
  deepStrictEqual(
    [moved.schema, mtu["value"], mtu["person"], mtu["why"], mtu["changed_outside"]],
    ["smelt.blame.v1", 1500, "ann", "more room", null],
  );
  strictEqual(mtu["seq"], Math.floor(Number(changed?.position)));
  match(
    (await project.expect(1, ["blame", "net.main"])).stderr,
    /Nothing lives at "net\.main" in default\nhint: smelt history --address net\.main/,
  );
  match((await project.expect(1, ["blame", "db.mian"])).stderr, /Did you mean "db\.main"/);
});

Deno.test("history goes on behind a move, and tells of one run, from a moment on, and of the last events", async () => {
  await using project = await newProject(NET(1400));
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", `moved "net.main" to "net.new"\n${NET(1500, "new")}`);
  await project.expect(0, ["apply", "--yes"]);
  const all = await history(project);
  const types = (await history(project, "--address", "net.new")).map((each) =>
    `${each.address} ${each.type}`
  );
  deepStrictEqual(types, [
    "net.main CreateStarted",
    "net.main CreateAccepted",
    "net.main CreateSucceeded",
    "net.new Moved",
    "net.new UpdateStarted",
    "net.new UpdateSucceeded",
  ]);
  const run = all.at(-1)?.run ?? "";
  const ofRun = await history(project, "--run", run.slice(0, 8));
  deepStrictEqual([new Set(ofRun.map((each) => each.run)), ofRun.at(0)?.type], [
    new Set([run]),
    "RunStarted",
  ]);
  match((await project.expect(1, ["history", "--run", "zz"])).stderr, /knows no run "zz"/);
  const since = ofRun[0]?.position ?? "";
  deepStrictEqual(await history(project, "--since", since), ofRun);
  deepStrictEqual(await history(project, "--since", ofRun[0]?.at ?? ""), ofRun);
  deepStrictEqual(await history(project, "--since", "2999-01-01T00:00:00Z"), []);
  const last = await project.expect(0, ["history", "--limit", "2"]);
  strictEqual(last.stdout.trimEnd().split("\n").length, 2);
  match(last.stderr, new RegExp(`^note: the last 2 of ${all.length} events\n$`));
});

Deno.test("outputs prints values, the bare one for scripts, and no secret", async () => {
  await using project = await newProject(NET(1400) + DB + OUTPUTS);
  match((await project.expect(0, ["outputs"])).stdout, /^host +\(not there yet\)$/m);
  match(
    (await project.expect(1, ["outputs", "range"])).stderr,
    /The output "range" of default has no value yet/,
  );
  await project.expect(0, ["apply", "--yes"]);
  const { stdout } = await project.expect(0, ["outputs", "default"]);
  match(stdout, /^range +"10\.0\.0\.0\/16"\nword +\(sensitive\)\n$/m);
  strictEqual((await project.expect(0, ["outputs", "range"])).stdout, "10.0.0.0/16\n");
  strictEqual((await project.expect(0, ["outputs", "default", "range"])).stdout, "10.0.0.0/16\n");
  const hidden = await project.expect(1, ["outputs", "word"]);
  deepStrictEqual([hidden.stdout, /"word" is sensitive/.test(hidden.stderr)], ["", true]);
  const json = JSON.parse((await project.expect(0, ["outputs", "--json"])).stdout);
  deepStrictEqual([json.schema, json.outputs[1].value, json.outputs[2].value], [
    "smelt.outputs.v1",
    "10.0.0.0/16",
    "(sensitive)",
  ]);
  match(
    (await project.expect(1, ["outputs", "rang"])).stderr,
    /No output "rang"\nhint: Did you mean "range"\?/,
  );
});

Deno.test("state export is the same for the same log, and holds no secret", async () => {
  await using project = await newProject(NET(1400) + DB);
  await project.expect(0, ["apply", "--yes"]);
  const { stdout } = await project.expect(0, ["state", "export"]);
  await project.expect(0, ["state", "export", "default", "--out", "state.json"]);
  strictEqual(await project.read("state.json"), stdout);
  const state = JSON.parse(stdout);
  const { password } = state.resources[0].object.inputs;
  deepStrictEqual(
    [state.schema, state.keys[0].name, Object.keys(password.$secret), stdout.includes(SECRET)],
    ["smelt.state.v1", "local", ["blob", "digest"], false],
  );
  const last = (await history(project)).at(-1);
  strictEqual(state.head.seq, Number(last?.position.split(".")[0]));
});

Deno.test("smelt pin: a log set back behind the pin is refused on a machine without pins of its own", async () => {
  await using project = await newProject(NET(1400));
  const early = await project.read(".smelt/log/default.log");
  await project.expect(0, ["apply", "--yes"]);
  const before = await project.read("smelt.toml");
  const { seq, hash, schema, changed } = JSON.parse((await project.expect(0, ["pin", "--json"])).stdout);
  deepStrictEqual([schema, changed], ["smelt.pin.v1", true]);
  const after = await project.read("smelt.toml");
  strictEqual(after.replace(`pin = { seq = ${seq}, hash = "${hash}" }\n`, ""), before);
  match(
    (await project.expect(0, ["pin"])).stdout,
    new RegExp(`pins record ${seq}, the last one of default, already`),
  );
  await Deno.remove(project.place.stateFolder, { recursive: true });
  await Deno.mkdir(project.place.stateFolder);
  await project.expect(0, ["plan"]);
  await project.expect(0, ["audit", "verify"]);
  await Deno.remove(project.place.stateFolder, { recursive: true });
  await Deno.mkdir(project.place.stateFolder);
  const log = await project.read(".smelt/log/default.log");
  await project.write(".smelt/log/default.log", early);
  for (const args of [["plan"], ["show", "net.main", "--at", "1"], ["envs"], ["audit", "verify"], ["pin"]]) {
    const { stdout, stderr } = await project.expect(6, args);
    match(stdout + stderr, new RegExp(`smelt\\.toml names record ${seq}`));
  }
  await project.write(".smelt/log/default.log", log);
  await project.write("smelt.toml", after.replace(hash, "0".repeat(64)));
  match((await project.expect(6, ["plan"])).stderr, /smelt\.toml names the record 0{64} at/);
  await project.write("smelt.toml", after.replace(`seq = ${seq}`, "seq = 0"));
  match((await project.expect(1, ["plan"])).stderr, /expected the number of a record, found 0/);
});
