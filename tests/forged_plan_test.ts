import { doesNotMatch, match, ok } from "node:assert/strict";
import { forgePlan, type PlanText, type ResourceText, type WantedText } from "./harness/forged_plan.ts";
import { addHolder, keptProject, type KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";

const BUCKET = (owner: string) =>
  `resource bucket "b" : sim.Bucket {\n  name = "logs"\n  tags = { owner = "${owner}" }\n}\n`;
const NETWORK = 'resource net "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';
const PLAN = "the.plan";
const APPLY = ["apply", "--yes", "--plan-file", PLAN];
const APPROVE = ["plan", "approve", PLAN, "--yes"];

interface Team {
  readonly project: TestProject;
  /** Who has a key that may apply, and a program of their own. */
  readonly forge: (edit: (plan: PlanText) => void) => Promise<void>;
  readonly ci: KeyHolder;
  readonly ann: KeyHolder;
  readonly eve: KeyHolder;
}

/** A project whose changes take one approval, with a plan by eve that changes one tag. */
async function team(): Promise<Team> {
  const { project, ada } = await keptProject(BUCKET("ops") + NETWORK);
  const ci = await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  const eve = await addHolder(project, ada, { name: "eve", roles: ["apply"] });
  const ann = await addHolder(project, ada, { name: "ann", roles: ["approve"] });
  await ada.expect(0, ["apply", "--yes"]);
  await ada.expect(0, ["env", "policy", "--approvals", "1", "--yes"]);
  await project.write("main.smelt", BUCKET("dev") + NETWORK);
  match((await eve.expect(0, ["plan", "--out", PLAN])).stdout, /tags\.owner : "ops" -> "dev"/);
  const forge = (edit: (plan: PlanText) => void) => forgePlan({ project, key: "eve", path: PLAN }, edit);
  return { project, forge, ci, ann, eve };
}

function bucket({ plan }: PlanText): ResourceText {
  const found = plan.resources?.find((each) => each.address === "bucket.b");
  ok(found !== undefined);
  return found;
}

function wanted(body: PlanText): WantedText {
  const found = bucket(body).wanted;
  ok(found !== undefined);
  return found;
}

Deno.test("23: what an approver is shown of a plan is what is carried out, whatever program wrote the file", async () => {
  const { project, forge, ci, ann } = await team();
  await using _project = project;
  await forge((body) => {
    const { fields } = wanted(body);
    wanted(body).fields = { ...fields, tags: { owner: "mallory" }, versioning: false };
  });
  const shown = (await ann.expect(0, APPROVE)).stderr;
  match(shown, /tags\.owner .*"ops" -> "mallory"/);
  doesNotMatch(shown, /"dev"/);
  match((await ci.expect(0, APPLY)).stderr, /tags\.owner .*"ops" -> "mallory"/);
  match((await ci.expect(0, ["show", "bucket.b"])).stdout, /mallory/);
});

Deno.test("23: a deletion that somebody puts into a plan file is shown to the approver as a deletion", async () => {
  const { project, forge, ci, ann } = await team();
  await using _project = project;
  await forge((body) => {
    body.plan.resources?.push({ address: "net.main", tier: 0, ignored: [] });
    body.plan.readSet.push({ address: "net.main", version: 3 });
  });
  const told = (await ann.expect(0, APPROVE)).stderr;
  match(told, /^ *- .*net\.main : sim\.Network {2}net-/m);
  match(told, /1 to update, 1 to delete/);
  match((await ci.expect(0, APPLY)).stdout, /1 updated, 1 deleted/);
});

Deno.test("23: an approver is told when a change of a field switches protection as well", async () => {
  const { project, forge, ann } = await team();
  await using _project = project;
  await forge((body) => wanted(body).isProtected = true);
  match((await ann.expect(0, APPROVE)).stderr, /bucket\.b(.|\n)*protection is switched on/);
});

const LIES: readonly (readonly [string, (body: PlanText) => void])[] = [
  ["changes of its own", (body) => bucket(body).changes = []],
  ["an action of its own", (body) => bucket(body).action = "observe"],
  ["steps of its own", (body) => body.plan.steps = [{ id: "delete net.main", operation: "delete" }]],
  ["a summary of its own", (body) => body.summary = { create: 0 }],
  ["a resource twice", (body) => body.plan.resources?.push(bucket(body))],
  ["a resource to which nothing happens", (body) => {
    bucket(body).read = { id: "x", fields: wanted(body).fields, outputs: {} };
  }],
  ["another version of a type", (body) => wanted(body).schemaVersion = 9],
  ["a type that nobody knows", (body) => wanted(body).type = "sim.Nothing"],
  ["what relies on itself", (body) => wanted(body).dependencies = ["bucket.b"]],
  ["a source on which it does not rely", (body) => {
    const sources = [{ address: "net.main", output: "id" }];
    wanted(body).triggers = sources;
  }],
  ["a destroy that wants something", (body) => body.plan.command = "destroy"],
  ["nothing pinned", (body) => body.plan.readSet = []],
  ["more pinned than it rests on", (body) => body.plan.readSet.push({ address: "net.other", version: 0 })],
  ["a move of what is not there", (body) => bucket(body).moved = { from: "bucket.gone" }],
  ["a value that is none", (body) => wanted(body).fields = { $unknown: "net.main" }],
  ["no time to expire at", (body) => body.expiresAt = "never"],
  ["no resources", (body) => delete body.plan.resources],
  ["another word for a number", (body) => bucket(body).tier = "0"],
];

Deno.test("23: a signed plan that says what no plan of smelt says is neither approved nor applied, and no bug", async () => {
  const { project, forge, ci, ann } = await team();
  await using _project = project;
  const honest = await project.read(PLAN);
  for (const [what, edit] of LIES) {
    await project.write(PLAN, honest);
    await forge(edit);
    for (const told of [await ann.refused(6, APPROVE), await ci.refused(6, APPLY)]) {
      match(told, /^error: Cannot trust the plan in "the\.plan": /, what);
      match(told, /nothing was changed/, what);
    }
  }
  await project.write(PLAN, honest);
  await ann.expect(0, APPROVE);
  await ci.expect(0, APPLY);
});
