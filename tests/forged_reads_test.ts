import { deepStrictEqual, doesNotMatch, match } from "node:assert/strict";
import type { PlanText } from "./harness/forged_plan.ts";
import {
  APPLY_PLAN,
  APPROVE_PLAN,
  livingObject,
  PLAN_FILE,
  type PlanTeam,
  planTeam,
  resourceIn,
  wantedIn,
} from "./harness/plan_team.ts";

const BUCKET = (owner: string, versioning: "true" | "false") =>
  `resource bucket "b" : sim.Bucket {\n  name = "logs"\n  versioning = ${versioning}\n  tags = { owner = "${owner}" }\n}\n`;
const FILE = (content: string) =>
  `resource file "f" : local.File {\n  path = "hosts.txt"\n  content = "${content}"\n  mode = "0644"\n}\n`;
const SECRET_FILE = (name: string, content: string) =>
  `resource file "${name}" : local.File {\n  path = "hosts.txt"\n  content = secret("${content}")\n  mode = "0644"\n}\n`;
const NETWORKS = ["dev", "prod"].map((name) =>
  `resource net "${name}" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n`
).join("");
const SUBNET =
  'resource subnet "s" : sim.Subnet {\n  needs net.dev -> network_id\n  cidr = "10.0.7.0/24"\n}\n';

/** A team with an honest plan that turns on versioning. */
async function versioningTeam(): Promise<PlanTeam> {
  const team = await planTeam(BUCKET("ops", "false"));
  await team.project.write("main.smelt", BUCKET("ops", "true"));
  await team.eve.expect(0, ["plan", "--out", PLAN_FILE]);
  return team;
}

/** A team with an honest plan that takes a bucket over, which has other tags than the log has ever said. */
async function importTeam(wanted: string): Promise<PlanTeam> {
  const team = await planTeam(BUCKET("ops", "false"));
  const { project, ada, eve } = team;
  const { id } = await livingObject(ada, "bucket.b");
  await ada.expect(0, ["env", "policy", "--approvals", "0", "--yes"]);
  await ada.expect(0, ["state", "rm", "bucket.b", "--yes"]);
  await ada.expect(0, ["env", "policy", "--approvals", "1", "--yes"]);
  await project.write("main.smelt", `import "${id}" to "bucket.b"\n${wanted}`);
  await eve.expect(0, ["plan", "--out", PLAN_FILE]);
  return team;
}

Deno.test("23: a lie about what lives is found out by another read, and nothing is changed", async () => {
  const { project, forge, ada, ci, ann } = await versioningTeam();
  await using _project = project;
  const bucket = await livingObject(ada, "bucket.b");
  await forge((body) => {
    const tags = { owner: "mallory" };
    wantedIn(body, "bucket.b").fields["tags"] = tags;
    resourceIn(body, "bucket.b").read = { ...bucket, fields: { ...bucket.fields, tags } };
  });
  await ann.expect(0, APPROVE_PLAN);
  const told = await ci.refused(1, APPLY_PLAN);
  match(
    told,
    /^error: What the plan in "the\.plan" rests on has changed since it was made: no call was made$/m,
  );
  match(told, /^ *bucket\.b lives otherwise than the plan says: tags$/m);
});

Deno.test("23: a lie that says that an object is gone does not make the log forget it", async () => {
  const { project, forge, ci, ann } = await versioningTeam();
  await using _project = project;
  await forge((body) => resourceIn(body, "bucket.b").read = null);
  await ann.expect(0, APPROVE_PLAN);
  match(await ci.refused(1, APPLY_PLAN), /^ *bucket\.b lives, and the plan says that it is gone$/m);
});

Deno.test("23: a lie about the precondition alone overwrites nothing that was changed by hand", async () => {
  const { project, ada, eve, ci, ann, forge } = await planTeam(FILE("one"));
  await using _project = project;
  await project.write("main.smelt", FILE("two"));
  await eve.expect(0, ["plan", "--out", PLAN_FILE]);
  await project.write("hosts.txt", "mended by hand in the night");
  const file = await livingObject(ada, "file.f");
  const mended = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode("mended by hand in the night"),
  );
  const precondition = `sha256:${new Uint8Array(mended).toHex()}`;
  await forge((body) => resourceIn(body, "file.f").read = { ...file, precondition });
  match(
    (await ann.expect(0, APPROVE_PLAN)).stderr,
    /changed outside smelt: nothing but its precondition, which is "sha256:[0-9a-f]+"/,
  );
  match(await ci.refused(1, APPLY_PLAN), /^ *file\.f lives otherwise than the plan says: /m);
  deepStrictEqual(await project.read("hosts.txt"), "mended by hand in the night");
});

Deno.test("23: an approver of an import is shown every field that will be sent, and a lie about what it has is found out", async () => {
  const { project, forge, ci, ann } = await importTeam(BUCKET("ops", "true"));
  await using _project = project;
  const honest = await project.read(PLAN_FILE);
  await forge((body) => {
    const tags = { owner: "mallory" };
    wantedIn(body, "bucket.b").fields["tags"] = tags;
    const { imported } = resourceIn(body, "bucket.b");
    if (imported === undefined) throw new Error("Nothing is taken over");
    imported.facts.fields["tags"] = tags;
    imported.inputs["tags"] = tags;
  });
  const shown = (await ann.expect(0, APPROVE_PLAN)).stderr;
  match(shown, /~ versioning : false -> true/);
  match(shown, /sent too: tags = \{ owner = "mallory" \}/);
  match(await ci.refused(1, APPLY_PLAN), /^ *bucket\.b lives otherwise than the plan says: tags$/m);
  await project.write(PLAN_FILE, honest);
  await ann.expect(0, APPROVE_PLAN);
  match((await ci.expect(0, APPLY_PLAN)).stdout, /1 updated/);
  match((await ci.expect(0, ["show", "bucket.b"])).stdout, /ops/);
});

Deno.test("23: a plan that is made on a change from outside is carried out as long as that stays", async () => {
  const { project, eve, ci, ann } = await planTeam(FILE("one"));
  await using _project = project;
  await project.write("main.smelt", FILE("two"));
  for (const content of ["by hand", "by hand again"]) {
    await project.write("hosts.txt", content);
    await eve.expect(0, ["plan", "--out", PLAN_FILE]);
    await ann.expect(0, APPROVE_PLAN);
    if (content === "by hand again") break;
    await project.write("hosts.txt", "by another hand");
    match(await ci.refused(1, APPLY_PLAN), /^ *file\.f lives otherwise than the plan says: content/m);
  }
  await ci.expect(0, APPLY_PLAN);
  deepStrictEqual(await project.read("hosts.txt"), "two");
});

Deno.test("23: what lives as a secret is compared too, in a change and in an import", async () => {
  const { project, eve, ci, ann } = await planTeam(SECRET_FILE("f", "one-correct-horse"));
  await using _project = project;
  await project.write("hosts.txt", "by-some-other-hand");
  await project.write("taken.txt", "three-correct-horses");
  await Deno.chmod(`${project.root}/taken.txt`, 0o644);
  const taken = SECRET_FILE("t", "three-correct-horses").replace("hosts", "taken").replace("0644", "0600");
  const imported = `import "taken.txt" to "file.t"\n${taken}`;
  await project.write("main.smelt", SECRET_FILE("f", "two-correct-horses") + imported);
  for (const name of ["hosts.txt", "taken.txt"]) {
    await eve.expect(0, ["plan", "--out", PLAN_FILE]);
    doesNotMatch((await ann.expect(0, APPROVE_PLAN)).stderr, /horse|other-hand/);
    const before = await project.read(name);
    await project.write(name, "by-a-third-hand");
    const told = await ci.refused(1, APPLY_PLAN);
    match(told, /^ *file\.[ft] lives otherwise than the plan says: content, /m);
    doesNotMatch(told, /third-hand/);
    await project.write(name, before);
  }
  await ci.expect(0, APPLY_PLAN);
  deepStrictEqual(await project.read("hosts.txt"), "two-correct-horses");
  match((await eve.expect(0, ["plan"])).stdout, /Nothing changes/);
});

Deno.test("23: the id that a plan shows of what a resource relies on is the one that is sent", async () => {
  const { project, ada, eve, ci, ann, forge } = await planTeam(NETWORKS);
  await using _project = project;
  await project.write("main.smelt", NETWORKS + SUBNET);
  await eve.expect(0, ["plan", "--out", PLAN_FILE]);
  const [dev, prod] = [await livingObject(ada, "net.dev"), await livingObject(ada, "net.prod")];
  await forge((body) => {
    const wanted = wantedIn(body, "subnet.s");
    wanted.bindings = [{
      path: { section: "", field: "network_id" },
      sources: [{ address: "net.prod", output: "id" }],
      shape: "single",
    }];
    wanted.dependencies = ["net.prod"];
    body.plan.readSet = body.plan.readSet.map((each) =>
      each.address === "net.dev" ? { ...each, address: "net.prod" } : each
    );
    body.plan.beside = [{ address: "net.prod", read: { ...prod, id: dev.id } }];
  });
  for (const told of [await ann.refused(6, APPROVE_PLAN), await ci.refused(6, APPLY_PLAN)]) {
    match(told, /^error: Cannot trust the plan in "the\.plan": it says that net\.prod is "net-/);
  }
});

const LIES: readonly (readonly [RegExp, (body: PlanText) => void])[] = [
  [/looks at bucket\.b and changes it/, (body) => body.plan.beside = [{ address: "bucket.b", read: null }]],
  [/looks at nobody\.x, on which nothing in it relies/, (body) => {
    body.plan.beside = [{ address: "nobody.x", read: null }];
  }],
  [/pins bucket\.b twice/, (body) => body.plan.readSet.push({ address: "bucket.b", version: 0 })],
  [/shows the output "x" twice/, (body) => {
    const output = { name: "x", address: "bucket.b", path: "id" };
    body.plan.outputs = [output, output];
  }],
  [/leaves a\.a out twice/, (body) => body.plan.leftOut = ["a.a", "a.a"]],
  [/says that bucket\.b is "bkt-0", and the log has "bkt-/, (body) => {
    resourceIn(body, "bucket.b").read = { id: "bkt-0", fields: {}, outputs: {} };
  }],
  [/both moves bucket\.b and takes it over/, (body) => {
    const facts = { id: "x", fields: {}, outputs: {} };
    const imported = { resourceType: "sim.Bucket", schemaVersion: 1, facts, inputs: {} };
    Object.assign(resourceIn(body, "bucket.b"), { moved: { from: "bucket.a" }, imported });
  }],
];

Deno.test("23: a plan that says of what lives what no read of smelt says is neither approved nor applied", async () => {
  const { project, forge, ci, ann } = await versioningTeam();
  await using _project = project;
  const honest = await project.read(PLAN_FILE);
  for (const [why, edit] of LIES) {
    await project.write(PLAN_FILE, honest);
    await forge(edit);
    for (const told of [await ann.refused(6, APPROVE_PLAN), await ci.refused(6, APPLY_PLAN)]) {
      match(told, /^error: Cannot trust the plan in "the\.plan": /);
      match(told, why);
    }
  }
});
