import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { dirname } from "node:path";
import { sharedTokens } from "./harness/cloud_summary.ts";
import { hurriedClock } from "./harness/hurried_clock.ts";
import { expectInside, runInside } from "./harness/inner_program.ts";
import { FragileDisk } from "./harness/power_loss.ts";
import { emptyProject, newProject, type TestProject } from "./harness/test_project.ts";
import { Turns } from "./harness/turns.ts";
import { WatchedFiles } from "./harness/watched_files.ts";

/** The power fails at each change of a file, and whatever was not synced by then is gone. */

const WIDTH = 10;
const queue = (label: string, secret: string) =>
  `resource queue "${label}" : sim.Queue {\n  name = "${label}"\n  tags = { key = secret("${secret}") }\n}\n`;
const BEFORE = queue("changed", "one secret") + queue("gone", "two secret");
const AFTER = queue("changed", "another secret") + queue("made", "three secret");

/** The cloud does not lose power, nor do the files that people write. */
function isKept(path: string): boolean {
  return !/\/\.smelt\/sim(\/|$)/.test(path);
}

/** Runs a command whose power fails at its change `failAt`; gives how many changes it came to. */
async function runUntil(
  files: WatchedFiles,
  project: TestProject,
  args: readonly string[],
  failAt: number,
): Promise<number> {
  const folder = dirname(project.root);
  const disk = new FragileDisk(folder, failAt, isKept);
  {
    using _ = files.watch(folder, disk);
    await runInside(project, args);
  }
  if (failAt < Infinity) disk.restore();
  return disk.changeCount;
}

/** Does `check` on copies of `base`, each of which lost its power at another change of a command. */
async function eachLoss(
  base: TestProject,
  args: readonly string[],
  check: (project: TestProject, what: string) => Promise<void>,
): Promise<number> {
  using files = new WatchedFiles();
  await using undisturbed = await base.copy();
  const changeCount = await runUntil(files, undisturbed, args, Infinity);
  const turns = new Turns(WIDTH);
  await Promise.all(Array.from({ length: changeCount }, (_, index) =>
    turns.take(async () => {
      await using project = await base.copy();
      await runUntil(files, project, args, index + 1);
      await check(project, `${args.join(" ")}, power lost at change ${index + 1} of ${changeCount}`);
    })));
  return changeCount;
}

async function livesOf(project: TestProject): Promise<readonly string[]> {
  return (await project.ledger()).objects.map(({ fields, updates, deletedAt }) =>
    `${fields["name"]} changed ${updates.length} times, ${deletedAt === undefined ? "live" : "gone"}`
  ).sort();
}

Deno.test("3: whatever was not synced is lost at any step of an apply: the log verifies, and the next apply does the rest once", async () => {
  await using base = await newProject(BEFORE);
  await expectInside(base, 0, ["apply", "--yes"]);
  await base.write("main.smelt", AFTER);
  await using whole = await base.copy();
  await expectInside(whole, 0, ["apply", "--yes"]);
  const wanted = await livesOf(whole);
  const before = await Deno.readTextFile(base.logPath);
  const count = await eachLoss(base, ["apply", "--yes"], async (project, what) => {
    ok((await Deno.readTextFile(project.logPath)).startsWith(before), what);
    const audit = await runInside(project, ["audit", "verify"]);
    ok(audit.code === 0 || audit.code === 8, `${what}: ${audit.stdout}${audit.stderr}`);
    for (const args of [["apply", "--yes"], ["audit", "verify"], ["plan", "--detailed-exitcode"]]) {
      const { code, stdout, stderr } = await runInside(project, args, hurriedClock);
      strictEqual(code, 0, `${what}; then ${args.join(" ")}: ${stdout}${stderr}`);
    }
    deepStrictEqual(await livesOf(project), wanted, what);
    deepStrictEqual(sharedTokens(await project.ledger()), [], what);
  });
  ok(count > 40, `${count} changes`);
});

Deno.test("3: whatever was not synced is lost at any step of an init: another init completes it, or it was complete", async () => {
  await using base = await emptyProject();
  const count = await eachLoss(base, ["init"], async (project, what) => {
    const again = await runInside(project, ["init"]);
    if (again.code !== 0) match(again.stderr, /is a project already/, what);
    await project.write("main.smelt", AFTER);
    for (const args of [["apply", "--yes"], ["audit", "verify"]]) {
      const { code, stdout, stderr } = await runInside(project, args);
      strictEqual(code, 0, `${what}; then ${args.join(" ")}: ${stdout}${stderr}`);
    }
  });
  ok(count > 10, `${count} changes`);
});
