import { deepStrictEqual, doesNotMatch, match } from "node:assert/strict";
import type { BindingText, PlanText } from "./harness/forged_plan.ts";
import {
  APPLY_PLAN,
  APPROVE_PLAN,
  PLAN_FILE,
  type PlanTeam,
  planTeam,
  resourceIn,
  wantedIn,
} from "./harness/plan_team.ts";

const BUCKET = (owner: string) =>
  `resource bucket "b" : sim.Bucket {\n  name = "logs"\n  tags = { owner = "${owner}" }\n}\n`;
const NETWORK = 'resource net "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';
const SUBNET =
  'resource subnet "s" : sim.Subnet {\n  needs net.main -> network_id\n  cidr = "10.0.7.0/24"\n}\n';
const DATABASE =
  'resource database "d" : sim.Database {\n  engine = "postgres"\n  storage_gb = 20\n  password = secret("correct-horse")\n}\n';
const GUARDED = NETWORK.replace(
  "{\n",
  '{\n  @lifecycle "prevent_destroy"\n  @lifecycle "retain"\n  @owner "team-net"\n',
);

/** A team with an honest plan that makes `wanted` of `lives`. */
async function plannedTeam(lives: string, wanted: string): Promise<PlanTeam> {
  const team = await planTeam(lives);
  await team.project.write("main.smelt", wanted);
  await team.eve.expect(0, ["plan", "--out", PLAN_FILE]);
  return team;
}

Deno.test("23: plan, approval and apply show what guards a new object, and whose it is", async () => {
  const { project, forge, eve, ci, ann } = await plannedTeam("", GUARDED);
  await using _project = project;
  const guards = /net\.main : sim\.Network\n +protected, retained, owned by "team-net"\n/;
  match((await eve.expect(0, ["plan"])).stdout, guards);
  const honest = await project.read(PLAN_FILE);
  await forge((body) => {
    wantedIn(body, "net.main").isProtected = false;
    wantedIn(body, "net.main").description = { owner: "mallory" };
  });
  const shown = (await ann.expect(0, APPROVE_PLAN)).stderr;
  match(shown, /net\.main : sim\.Network\n +owned by "mallory"\n/);
  doesNotMatch(shown, /protected|retained/);
  await project.write(PLAN_FILE, honest);
  match((await ann.expect(0, APPROVE_PLAN)).stderr, guards);
  match((await ci.expect(0, APPLY_PLAN)).stderr, guards);
  const json = JSON.parse((await eve.expect(0, ["plan", "--json"])).stdout);
  const [{ protected: isProtected, retain, owner }] = json.resources;
  deepStrictEqual({ isProtected, retain, owner }, { isProtected: true, retain: true, owner: "team-net" });
});

Deno.test("23: an approver is told of a new owner when fields change as well", async () => {
  const { project, forge, ann } = await plannedTeam(BUCKET("ops"), BUCKET("dev"));
  await using _project = project;
  await forge((body) => wantedIn(body, "bucket.b").description = { owner: "mallory", retained: true });
  const shown = (await ann.expect(0, APPROVE_PLAN)).stderr;
  match(shown, /because retain is switched on/);
  match(shown, /because its owner becomes "mallory"/);
});

Deno.test("23: who approves a plan, or carries it out, sees who signed it, until when it holds, and where its calls go", async () => {
  const { project, forge, eve, ci, ann } = await plannedTeam(BUCKET("ops"), BUCKET("dev"));
  await using _project = project;
  const account = /Calls of "sim" go to the account "[^"]+"/;
  const signed = /Signed by "eve" \([0-9a-f]{8}\) at 20\d\d-\S+Z, to be carried out before 20\d\d-\S+Z/;
  const saved = await eve.expect(0, ["plan", "--out", PLAN_FILE]);
  match(saved.stderr, account);
  const honest = await project.read(PLAN_FILE);
  await forge((body) => body.accounts["sim"] = "elsewhere");
  match((await ann.expect(0, APPROVE_PLAN)).stderr, /go to the account "elsewhere"/);
  match(await ci.refused(1, APPLY_PLAN), /the provider "sim" reaches the account "[^"]+", not "elsewhere"/);
  await project.write(PLAN_FILE, honest);
  await forge((body) => body.accounts["aws"] = "123");
  await ann.expect(0, APPROVE_PLAN);
  match(await ci.refused(1, APPLY_PLAN), /it calls nothing of the provider "aws", whose account it names/);
  await project.write(PLAN_FILE, honest);
  const approved = (await ann.expect(0, APPROVE_PLAN)).stderr;
  match(approved, account);
  match(approved, signed);
  const applied = (await ci.expect(0, APPLY_PLAN)).stderr;
  match(applied, account);
  match(applied, signed);
});

const b = (body: PlanText) => wantedIn(body, "bucket.b");
const LIES: readonly (readonly [RegExp, (body: PlanText) => void])[] = [
  [/it expires at 9999-01-01T00:00:00\.000Z, more than 720 hours after it was made/, (body) => {
    body.expiresAt = "9999-01-01T00:00:00.000Z";
  }],
  [/it was made at 9999-01-01T00:00:00\.000Z, which is to come/, (body) => {
    body.madeAt = "9999-01-01T00:00:00.000Z";
    body.expiresAt = "9999-01-02T00:00:00.000Z";
  }],
  [/it names no time to expire at/, (body) => body.expiresAt = "Jan 1 2031 (soon)"],
  [/bucket\.b has 0 ms for create, expected 1 to 86400000/, (body) => b(body).deadlinesMs.create = 0],
  [/bucket\.b has 9007199254740991 ms for update/, (body) => {
    b(body).deadlinesMs.update = Number.MAX_SAFE_INTEGER;
  }],
  [/Cannot set "tags\.owner" of "bucket\.b" \(sim\.Bucket\): expected a text, found 5/, (body) => {
    b(body).fields["tags"] = { owner: 5 };
  }],
  [/Unknown field "acl" in "bucket\.b"/, (body) => b(body).fields["acl"] = { world: "rw" }],
  [/Missing field "name" in "bucket\.b"/, (body) => delete b(body).fields["name"]],
  [
    /bucket\.b wants what nobody knows/,
    (body) => b(body).fields["tags"] = { owner: { $unknown: "bucket.b" } },
  ],
  [/bucket\.b relies on ghost\.x, which is not there/, (body) => {
    b(body).dependencies = ["ghost.x"];
    body.plan.readSet.push({ address: "ghost.x", version: 0 });
  }],
  [/bucket\.b binds to "acl", which sim\.Bucket does not have/, (body) => {
    b(body).dependencies = ["net.main"];
    b(body).bindings = [binding("acl", "net.main")];
  }],
  [/bucket\.b binds to "versioning": it takes a boolean, "net\.main\.id" is a text/, (body) => {
    b(body).dependencies = ["net.main"];
    b(body).bindings = [binding("versioning", "net.main")];
  }],
  [/the trigger net\.main\.nothing of bucket\.b gives nothing/, (body) => {
    b(body).dependencies = ["net.main"];
    b(body).triggers = [{ address: "net.main", output: "nothing" }];
  }],
  [/bucket\.b leaves "nosuch\.field" alone, which sim\.Bucket does not have/, (body) => {
    resourceIn(body, "bucket.b").ignored = ["nosuch.field"];
  }],
  [/a sensitive field of database\.d stands in clear/, (body) => {
    wantedIn(body, "database.d").fields["password"] = "correct-horse";
  }],
  [/is no address/, (body) => {
    const copy = structuredClone(resourceIn(body, "bucket.b"));
    copy.address = "bucket.\u202eevil\n+ fake";
    body.plan.resources?.push(copy);
    body.plan.readSet.push({ address: copy.address, version: 0 });
  }],
];

function binding(field: string, address: string): BindingText {
  return { path: { section: "", field }, sources: [{ address, output: "id" }], shape: "single" };
}

Deno.test("23: a signed plan that wants what no files can is neither approved nor applied", async () => {
  const { project, forge, ci, ann } = await plannedTeam(
    BUCKET("ops") + NETWORK,
    BUCKET("dev") + NETWORK + DATABASE,
  );
  await using _project = project;
  const honest = await project.read(PLAN_FILE);
  for (const [why, edit] of LIES) {
    await project.write(PLAN_FILE, honest);
    await forge(edit);
    for (const told of [await ann.refused(6, APPROVE_PLAN), await ci.refused(6, APPLY_PLAN)]) {
      match(told, /^error: Cannot trust the plan in "the\.plan": /);
      match(told, why);
      doesNotMatch(told, /TimeoutOverflowWarning|TimeoutNegativeWarning/);
    }
  }
  await project.write(PLAN_FILE, honest);
  await ann.expect(0, APPROVE_PLAN);
  await ci.expect(0, APPLY_PLAN);
});

Deno.test("23: a failure stops the later tiers of a destroy, whatever tiers its file names", async () => {
  const { project, ci, ann, eve, forge } = await planTeam(BUCKET("ops") + NETWORK + SUBNET);
  await using _project = project;
  await eve.expect(0, ["plan", "--destroy", "--out", PLAN_FILE]);
  await forge((body) => body.plan.resources?.forEach((each) => each.tier = 0));
  await ann.expect(0, APPROVE_PLAN);
  const fail = { kind: "Denied", message: "not now" };
  const fault = { operation: "delete", type: "sim.Bucket", effect: { fail } };
  await project.write(".smelt/sim/faults.json", JSON.stringify([fault]));
  await ci.expect(7, APPLY_PLAN);
  const left = (await ci.expect(0, ["state", "ls"])).stdout;
  match(left, /bucket\.b/);
  doesNotMatch(left, /subnet\.s/);
  match(left, /net\.main/);
});
