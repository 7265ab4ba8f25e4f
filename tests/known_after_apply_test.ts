import { deepStrictEqual, doesNotMatch, match } from "node:assert/strict";
import { forgePlan } from "./harness/forged_plan.ts";
import { addHolder, keptProject, type KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";

const NETWORK = 'resource net "a" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';
const PASSWORD = 'resource password "p" : random.Password {\n  length = 20\n}\n';
const FILE = (need: string) =>
  `resource file "f" : local.File {\n  needs ${need} -> content\n  path = "out.txt"\n}\n`;
const PLAN = "the.plan";
const APPROVE = ["plan", "approve", PLAN, "--yes"];

interface Team {
  readonly project: TestProject;
  readonly ada: KeyHolder;
  readonly eve: KeyHolder;
  readonly ann: KeyHolder;
}

/** A project whose changes take one approval; eve may apply, ann approve. */
async function team(source: string): Promise<Team> {
  const { project, ada } = await keptProject(source);
  const eve = await addHolder(project, ada, { name: "eve", roles: ["apply"] });
  const ann = await addHolder(project, ada, { name: "ann", roles: ["approve"] });
  return { project, ada, eve, ann };
}

interface ChangeJson {
  readonly path: string;
  readonly after?: unknown;
  readonly sources?: readonly unknown[];
}

async function changeOf(holder: KeyHolder, address: string, path: string): Promise<ChangeJson | undefined> {
  const { stdout } = await holder.expect(0, ["plan", "--json"]);
  const resources: readonly { readonly address: string; readonly changes: readonly ChangeJson[] }[] =
    JSON.parse(stdout).resources;
  return resources.find((each) => each.address === address)?.changes.find((each) => each.path === path);
}

Deno.test("what is known after the apply is shown with what it will come from, and whether that is a secret", async () => {
  const { project, ada } = await keptProject(NETWORK + PASSWORD + FILE("password.p.result"));
  await using _project = project;
  match(
    (await ada.expect(0, ["plan"])).stdout,
    /^ +\+ content = \(known after apply: password\.p\.result, sensitive\)$/m,
  );
  const secret = { unknown: true, address: "password.p", output: "result", sensitive: true };
  deepStrictEqual((await changeOf(ada, "file.f", "content"))?.after, secret);
  await project.write("main.smelt", NETWORK + PASSWORD + FILE("net.a"));
  match((await ada.expect(0, ["plan"])).stdout, /^ +\+ content = \(known after apply: net\.a\.id\)$/m);
  const id = { unknown: true, address: "net.a", output: "id", sensitive: false };
  deepStrictEqual((await changeOf(ada, "file.f", "content"))?.after, id);
});

Deno.test("what another resource only passes on is shown with what gives it in the end", async () => {
  const note = 'resource note "n" : local.Data {\n  needs password.p.result -> input.word\n}\n';
  const { project, ada } = await keptProject(PASSWORD + note + FILE("note.n.word"));
  await using _project = project;
  const { stdout } = await ada.expect(0, ["plan"]);
  match(stdout, /^ +\+ input\.word = \(known after apply: password\.p\.result, sensitive\)$/m);
  match(stdout, /^ +\+ content = \(known after apply: password\.p\.result, sensitive\)$/m);
});

Deno.test("23: an approver sees that a binding was turned to a secret, though its value is not known yet", async () => {
  const { project, ada, eve, ann } = await team("");
  await using _project = project;
  await ada.expect(0, ["env", "policy", "--approvals", "1", "--yes"]);
  await project.write("main.smelt", NETWORK + PASSWORD + FILE("net.a"));
  const planned = await eve.expect(0, ["plan", "--out", PLAN]);
  match(planned.stdout, /content = \(known after apply: net\.a\.id\)$/m);
  await turn(project, { address: "password.p", output: "result" });
  const { stderr } = await ann.expect(0, APPROVE);
  match(stderr, /content = \(known after apply: password\.p\.result, sensitive\)$/m);
  doesNotMatch(stderr, /net\.a\.id/);
});

Deno.test("23: an approver sees that a binding was turned from one stored secret to another", async () => {
  const root = 'resource password "root" : random.Password {\n  length = 30\n}\n';
  const { project, ada, eve, ann } = await team(PASSWORD + root);
  await using _project = project;
  await ada.expect(0, ["apply", "--yes"]);
  await ada.expect(0, ["env", "policy", "--approvals", "1", "--yes"]);
  await project.write("main.smelt", PASSWORD + root + FILE("password.p.result"));
  match(
    (await eve.expect(0, ["plan", "--out", PLAN])).stdout,
    /\+ content = \(sensitive\) {2}# from password\.p\.result$/m,
  );
  deepStrictEqual((await changeOf(eve, "file.f", "content"))?.sources, [
    { address: "password.p", output: "result" },
  ]);
  await turn(project, { address: "password.root", output: "result" });
  match(
    (await ann.expect(0, APPROVE)).stderr,
    /\+ content = \(sensitive\) {2}# from password\.root\.result$/m,
  );
});

Deno.test("a plan says what a stored resource will take its fields from, need and be replaced with, beside its fields", async () => {
  const other = 'resource net "b" : sim.Network {\n  cidr = "10.1.0.0/16"\n}\n';
  const { project, ada } = await keptProject(NETWORK + other + FILE("net.a"));
  await using _project = project;
  await ada.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", NETWORK + other + FILE("net.b"));
  const turned = (await ada.expect(0, ["plan"])).stdout;
  match(
    turned,
    /~ {3}file\.f : local\.File\n +because content will come from net\.b\.id, no more from net\.a\.id\n/,
  );
  match(turned, /~ content : "net-[0-9a-f]+" -> "net-[0-9a-f]+"$/m);
  const needing = FILE("net.a").replace(
    "  path",
    '  mode = "0600"\n  @replace_triggered_by "net.b.cidr"\n\n  path',
  );
  await project.write("main.smelt", NETWORK + other + needing);
  const bound = (await ada.expect(0, ["plan"])).stdout;
  match(bound, /~ {3}file\.f(.|\n)*because it will be replaced with net\.b\.cidr\n(.|\n)*~ mode : /);
});

/** Signs the plan anew with another source of what the file takes. */
async function turn(
  project: TestProject,
  source: { readonly address: string; readonly output: string },
): Promise<void> {
  await forgePlan({ project, key: "eve", path: PLAN }, ({ plan }) => {
    const wanted = plan.resources?.find((each) => each.address === "file.f")?.wanted;
    const binding = wanted?.bindings[0];
    if (wanted === undefined || binding === undefined) throw new Error("The plan has no such binding");
    const [old] = wanted.dependencies;
    // What is in the plan stays pinned; what it only looked at is no more.
    const isPlanned = plan.resources?.some(({ address }) => address === old);
    const pinned = isPlanned ? undefined : plan.readSet.find(({ address }) => address === old);
    if (pinned !== undefined) pinned.address = source.address;
    wanted.dependencies = [source.address];
    binding.sources = [source];
  });
}
