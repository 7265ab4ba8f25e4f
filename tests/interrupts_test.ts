import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { RunningSmelt } from "./harness/smelt_process.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";
import { untilThere } from "./harness/until_there.ts";

/** Four networks of one tier, and a subnet of the next on each. */
const TIERS = [0, 1, 2, 3].map((nth) =>
  `resource net "n${nth}" : sim.Network {
  name = "n${nth}"
  cidr = "10.${nth}.0.0/16"
}
resource sub "s${nth}" : sim.Subnet {
  needs net.n${nth} -> network_id
  name = "s${nth}"
  cidr = "10.${nth}.1.0/24"
}
`
).join("");

function faults(effect: unknown): Readonly<Record<string, string>> {
  return {
    SMELT_SIM_FAULTS: JSON.stringify(
      [1, 2].map((nth) => ({ operation: "create", type: "sim.Network", nth, effect })),
    ),
  };
}

/** Starts an apply of two at a time, and waits until two calls are in flight. */
async function inTier(project: TestProject, effect: unknown): Promise<RunningSmelt> {
  const running = project.start(["apply", "--yes", "--parallelism", "2"], { env: faults(effect) });
  await untilThere(
    project,
    running,
    async () => (await project.journal()).split('"fact":"FaultMet"').length > 2,
  );
  return running;
}

async function healed(project: TestProject): Promise<void> {
  await project.expect(0, ["apply", "--yes"]);
  await project.expect(0, ["plan", "--detailed-exitcode"]);
  await project.expect(0, ["audit", "verify"]);
  const { objects, live } = await project.ledger();
  strictEqual(live.length, 8);
  strictEqual(objects.length, 8);
}

/** How each kind of event is told, and how often. */
async function told(project: TestProject, wanted: RegExp): Promise<number> {
  const { stdout } = await project.expect(0, ["history"]);
  return stdout.split("\n").filter((each) => wanted.test(each)).length;
}

Deno.test("29: SIGINT once in a tier: what is in flight is finished and recorded, nothing new starts, the next run does the rest", async () => {
  await using project = await newProject(TIERS);
  const running = await inTier(project, { latency: 2_000 });
  running.kill("SIGINT");
  const ran = await running.ended();
  deepStrictEqual([ran.signal, ran.code], [null, 7], ran.stdout + ran.stderr);
  match(ran.stderr, /Stopping: nothing new is started, calls in flight finish/);
  strictEqual((await project.ledger()).objects.length, 2);
  strictEqual(await told(project, / began to create a /), 2);
  strictEqual(await told(project, / created net/), 2);
  strictEqual(await told(project, /finished: interrupted/), 1);
  strictEqual(await told(project, /left in doubt/), 0);
  match((await project.expect(0, ["runs"])).stdout, /No run is live/);
  match((await project.expect(0, ["runs", "--all"])).stdout, /interrupted\n +2 created$/m);
  await healed(project);
});

Deno.test("29: SIGINT twice in a tier: what is in flight is recorded as unknown, and the next run settles it, nothing made twice", async () => {
  await using project = await newProject(TIERS);
  const running = await inTier(project, "hang");
  running.kill("SIGINT");
  await running.printed("Stopping: nothing new is started");
  const secondMs = performance.now();
  running.kill("SIGINT");
  const ran = await running.ended();
  ok(performance.now() - secondMs < 5_000, "it leaves at once");
  deepStrictEqual([ran.signal, ran.code], [null, 8], ran.stdout + ran.stderr);
  match(ran.stderr, /Leaving: what is in flight is recorded as unknown/);
  strictEqual(await told(project, / was left in doubt: /), 2);
  strictEqual(await told(project, /finished: interrupted/), 1);
  await project.expect(8, ["audit", "verify"]);
  const { stdout } = await project.expect(0, ["runs", "--all"]);
  match(
    stdout,
    /interrupted\n +2 skipped, 2 unknown\n +in doubt: net\.n\d \(create\), net\.n\d \(create\)$/m,
  );
  await healed(project);
  ok(await told(project, /settled as /) >= 2);
});
