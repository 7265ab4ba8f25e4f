/**
 * What people wait for, measured on the real program: the best of a few tries, since the machine may be busy with other
 * things. The numbers are those of the budgets in docs/ARCHITECTURE.md.
 */
import { ok, strictEqual } from "node:assert/strict";
import { emptyProject } from "./harness/test_project.ts";

const RESOURCE_COUNT = 5_000;

async function bestMs(attemptCount: number, measured: () => Promise<number>): Promise<number> {
  let best = Infinity;
  for (let attempt = 0; attempt < attemptCount; attempt++) best = Math.min(best, await measured());
  return best;
}

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

Deno.test("smelt --version takes less than 100 ms", async () => {
  await using project = await emptyProject();
  const best = await bestMs(7, () => elapsedMs(() => project.expect(0, ["--version"])));
  ok(best < 100, `the best of 7 took ${Math.round(best)} ms`);
});

Deno.test("apply of 5,000 local.Data takes less than 2 s, and a plan without changes less than 1 s", async () => {
  const stack = Array.from(
    { length: RESOURCE_COUNT },
    (_, index) => `resource data "r${index}" : local.Data {\n  input {\n    index = ${index}\n  }\n}\n`,
  ).join("\n");
  let planMs = Infinity;
  const applyMs = await bestMs(3, async () => {
    await using project = await emptyProject();
    await project.expect(0, ["init"]);
    await project.write("main.smelt", stack);
    const ms = await elapsedMs(async () => {
      const { stdout } = await project.expect(0, ["apply", "--yes"]);
      ok(stdout.includes(`${RESOURCE_COUNT} created`));
    });
    planMs = Math.min(
      planMs,
      await elapsedMs(async () => {
        const { stdout } = await project.expect(0, ["plan", "--detailed-exitcode"]);
        strictEqual(stdout.trimEnd().split("\n").at(-1), `${RESOURCE_COUNT} unchanged`);
      }),
    );
    return ms;
  });
  ok(applyMs < 2_000, `the best apply of 3 took ${Math.round(applyMs)} ms`);
  ok(planMs < 1_000, `the best plan of 3 took ${Math.round(planMs)} ms`);
});
