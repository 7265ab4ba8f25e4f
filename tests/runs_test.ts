import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { RunningSmelt } from "./harness/smelt_process.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";
import { untilThere } from "./harness/until_there.ts";

const STACK = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
resource sub "a" : sim.Subnet {
  needs net.main -> network_id
  name = "a"
  cidr = "10.0.1.0/24"
}
`;

/** Calls that create a network hang until their sender gives up. */
const HANGS = {
  SMELT_SIM_FAULTS: '[{"operation": "create", "type": "sim.Network", "nth": 1, "effect": "hang"}]',
};

/** Starts an apply whose first call hangs, and gives the name of its run. */
async function hangingRun(
  project: TestProject,
): Promise<{ readonly run: string; readonly running: RunningSmelt }> {
  const running = project.start(["apply", "--yes"], { env: HANGS });
  await untilThere(project, running, async () => (await project.journal()).includes('"fact":"FaultMet"'));
  const [run = ""] = (await liveRuns(project)).map((each) => each.run);
  return { run, running };
}

interface ToldRun {
  readonly run: string;
  readonly command: string;
  readonly state: string;
  readonly lock?: string;
  readonly resumes?: string;
  readonly end?: { readonly kind: string; readonly outcome?: string; readonly by?: string };
  readonly claims: { readonly writes: readonly string[]; readonly reads: readonly string[] };
  readonly open: readonly { readonly address: string; readonly operation: string }[];
  readonly counts: Readonly<Record<string, number>>;
}

async function liveRuns(project: TestProject, ...options: string[]): Promise<readonly ToldRun[]> {
  const { stdout } = await project.expect(0, ["runs", "--json", ...options]);
  return JSON.parse(stdout).runs;
}

Deno.test("runs tells who lives and what they hold; unlock and resume refuse who lives, and take up who died", async () => {
  await using project = await newProject(STACK);
  match((await project.expect(0, ["runs"])).stdout, /^No run is live$/m);
  const { run, running } = await hangingRun(project);
  const short = run.slice(0, 8);

  const [live] = await liveRuns(project);
  deepStrictEqual([live?.state, live?.lock, live?.command], ["live", "held", "apply"]);
  deepStrictEqual(live?.claims, { writes: ["net.main", "sub.a"], reads: [] });
  deepStrictEqual(live?.open, [{ address: "net.main", operation: "create" }]);
  const told = (await project.expect(0, ["runs"])).stdout;
  match(told, new RegExp(`^${short} {2}apply by tester on ${Deno.hostname()} since \\d{4}-.* live$`, "m"));
  match(told, /^ +changes net\.main, sub\.a$/m);
  match(told, /^ +under way: net\.main \(create\)$/m);
  for (const command of ["unlock", "resume"]) {
    const { stderr } = await project.unchangedBy(() => project.expect(5, [command, short, "--yes"]));
    match(
      stderr,
      /Cannot take the run for dead, its process holds its lock .*: apply by tester on .* since /,
    );
    match(stderr, /it holds net\.main, sub\.a/);
  }

  running.kill("SIGKILL");
  await running.ended();
  const dead = (await project.expect(0, ["runs"])).stdout;
  match(dead, new RegExp(`^${short} .* dead$`, "m"));
  match(dead, /in doubt: net\.main \(create\)/);
  await project.unchangedBy(() => project.expect(4, ["unlock", short]));
  match(
    (await project.expect(0, ["unlock", short, "--yes", "--why", "it died"])).stdout,
    /its process is gone/,
  );
  match(
    (await project.expect(0, ["history"])).stdout,
    new RegExp(`ended the run ${run}, whose process was gone`),
  );
  match(
    (await project.unchangedBy(() => project.expect(0, ["unlock", short, "--yes"]))).stdout,
    /has ended already: its process was gone/,
  );
  deepStrictEqual(await liveRuns(project), []);

  const resumed = await project.expect(0, ["resume", short, "--yes"]);
  match(resumed.stderr, new RegExp(`note: taking up apply by tester on .* \\(run ${short}\\), which ended`));
  strictEqual((await project.ledger()).objects.length, 2);
  const all = await liveRuns(project, "--all");
  strictEqual(all[0]?.end?.kind, "broken");
  deepStrictEqual(
    all.filter((each) => each.resumes === run).map((each) => [each.command, each.end?.outcome]),
    [["apply", "succeeded"], ["apply", "succeeded"]],
  );
  deepStrictEqual(all.map((each) => each.counts["created"]), [0, 0, 0, 1]);
  strictEqual(all[2]?.counts["settled"], 1);
  match((await project.expect(0, ["runs", "--all"])).stdout, new RegExp(`takes up ${short}`));
  await project.expect(0, ["audit", "verify"]);
  await project.expect(0, ["plan", "--detailed-exitcode"]);
});

Deno.test("resume ends a run whose process is gone, and takes a destroy up as a destroy", async () => {
  await using project = await newProject(STACK);
  await project.expect(0, ["apply", "--yes"]);
  const env = {
    SMELT_SIM_FAULTS: '[{"operation": "delete", "type": "sim.Subnet", "effect": "crashAfter"}]',
  };
  strictEqual((await project.run(["destroy", "--yes"], { env })).signal, "SIGKILL");
  const [dead] = await liveRuns(project);
  ok(dead !== undefined);
  strictEqual(dead.lock, "free");
  await project.expect(0, ["resume", dead.run.slice(0, 6), "--yes"]);
  deepStrictEqual(await liveRuns(project), []);
  strictEqual((await project.ledger()).live.length, 0);
  await project.expect(0, ["audit", "verify"]);
});

Deno.test("unlock and resume name a near run, and say when there is nothing to do", async () => {
  await using project = await newProject(STACK);
  await project.expect(0, ["apply", "--yes"]);
  const [{ run } = { run: "" }] = await liveRuns(project, "--all");
  const near = (run.startsWith("0") ? "1" : "0") + run.slice(1, 8);
  await project.unchangedBy(async () => {
    match(
      (await project.expect(1, ["resume", near])).stderr,
      new RegExp(`Did you mean "${run.slice(0, 8)}"`),
    );
    match((await project.expect(1, ["unlock", near])).stderr, /has never known a run/);
    match((await project.expect(1, ["unlock", run.slice(0, 5)])).stderr, /expected 6 to 32 hex digits/);
    match(
      (await project.expect(1, ["resume", run.slice(0, 6)])).stderr,
      /nothing to resume: apply by tester .* has succeeded/,
    );
    match((await project.expect(0, ["unlock", run, "--yes"])).stdout, /has ended already: succeeded/);
  });
});
