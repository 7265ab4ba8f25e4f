import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { applyFolder } from "../examples/embedding/apply.ts";
import { openProject } from "../mod.ts";

const STACK = `
resource data "a" : local.Data {
  input {
    size = 3
  }
}

resource data "b" : local.Data {
  needs data.a.size -> input.size
}
`;

async function inProject(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  Deno.env.set("SMELT_STATE_HOME", `${folder}/state`);
  try {
    await Deno.writeTextFile(`${folder}/main.smelt`, STACK);
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openProject() applies, lists and verifies from a program, and prints nothing", async () => {
  await inProject(async (folder) => {
    const listed = await applyFolder(folder);
    ok(listed.ok);
    deepStrictEqual(listed.value.map(({ address, status }) => [address, status]), [
      ["data.a", "live"],
      ["data.b", "live"],
    ]);
    deepStrictEqual({ ...listed.value[1]?.outputs }, { size: 3 });

    const project = openProject({ folder, who: "test" });
    const plan = await project.plan();
    ok(plan.ok);
    strictEqual(plan.value.summary.unchanged, 2);
    strictEqual(plan.value.steps.length, 0);

    const report = await project.verify();
    ok(report.ok);
    deepStrictEqual(report.value.checks.filter((check) => check.status !== "ok"), []);

    const history = await project.history();
    ok(history.ok);
    ok(history.value.some((entry) => entry.address === "data.a" && entry.type === "CreateSucceeded"));
  });
});

Deno.test("openProject() ends an apply that is not approved without a change", async () => {
  await inProject(async (folder) => {
    const project = openProject({ folder, who: "test" });
    ok((await project.init()).ok);
    const applied = await project.apply({ approve: () => false });
    ok(applied.ok);
    strictEqual(applied.value.kind, "declined");
    const listed = await project.resources();
    deepStrictEqual(listed, { ok: true, value: [] });
  });
});

Deno.test("openProject() pins what it has seen for the user who runs it, whatever it is told to read", async () => {
  await inProject(async (folder) => {
    const project = openProject({ folder, who: "test" });
    ok((await project.init()).ok);
    const before = await Deno.readFile(`${folder}/.smelt/log/default.log`);
    ok((await project.apply({ approve: () => true })).ok);
    await Deno.writeFile(`${folder}/.smelt/log/default.log`, before);
    await rejects(project.plan(), { name: "IntegrityError", kind: "pin" });
  });
});

Deno.test("openProject() answers with a failure where there is no project", async () => {
  await inProject(async (folder) => {
    const answer = await openProject({ folder, who: "test" }).history();
    ok(!answer.ok);
    strictEqual(answer.error.kind, "NoProject");
  });
});
