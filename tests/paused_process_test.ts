import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Event } from "../engine/event.ts";
import { portsOf } from "./harness/project_ports.ts";
import type { RunningSmelt } from "./harness/smelt_process.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";
import { untilThere } from "./harness/until_there.ts";
import { openInitialised } from "../project/workspace.ts";

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
const SLOW = {
  SMELT_SIM_FAULTS: '[{"operation": "create", "type": "sim.Network", "nth": 1, "effect": {"latency": 3000}}]',
};

interface Stored {
  readonly run: string;
  readonly event: Event;
}

async function eventsOf(project: TestProject): Promise<readonly Stored[]> {
  const lines = (await Deno.readTextFile(project.logPath)).split("\n").slice(0, -1);
  return lines.flatMap((line) => {
    const record: { readonly run: string; readonly events: readonly Event[] } = JSON.parse(
      line.split("\t")[0] ?? "",
    );
    return record.events.map((event) => ({ run: record.run, event }));
  });
}

/** An apply that stands still in its first call. */
async function stopped(
  project: TestProject,
): Promise<{ readonly run: string; readonly running: RunningSmelt }> {
  const running = project.start(["apply", "--yes"], { env: SLOW });
  await untilThere(project, running, async () => (await project.journal()).includes('"fact":"FaultMet"'));
  // Meanwhile it lets go of the cloud's own lock.
  const [{ run } = { run: "" }] = JSON.parse((await project.expect(0, ["runs", "--json"])).stdout).runs;
  running.kill("SIGSTOP");
  return { run, running };
}

/** Ends the run as another machine does that has heard nothing of it for its ttl. */
async function breakFromAfar(project: TestProject, run: string): Promise<void> {
  const ports = portsOf(project);
  const found = await openInitialised(project.root, undefined);
  ok(found.ok);
  const { workspace, chosen } = found.value;
  const opened = await ports.openEnvironment(workspace.paths, { ...chosen, purpose: "write" });
  ok(opened.ok);
  const broken = { type: "RunBroken", run, reason: "silent" } as const;
  const answer = await opened.value.journal.append({
    run: "b".repeat(32),
    events: [broken],
    decidedOn: new Map(),
  });
  ok(answer.ok);
  await opened.value.close();
}

/** What the log holds of `run` after it was ended. */
async function writtenAfterEnd(project: TestProject, run: string): Promise<readonly string[]> {
  const events = await eventsOf(project);
  const at = events.findIndex(({ event }) => event.type === "RunBroken" && event.run === run);
  return events.slice(at + 1).filter((each) => each.run === run).map(({ event }) => event.type);
}

async function healed(project: TestProject): Promise<void> {
  await project.expect(0, ["apply", "--yes"]);
  await project.expect(0, ["plan", "--detailed-exitcode"]);
  await project.expect(0, ["audit", "verify"]);
  const { objects, live } = await project.ledger();
  deepStrictEqual([objects.length, live.length], [2, 2]);
}

Deno.test("5: a stopped process is not taken for dead; ended from afar it keeps the outcome of its call, and its other writes are refused", async () => {
  await using project = await newProject(STACK);
  const { run, running } = await stopped(project);
  match(
    (await project.unchangedBy(() => project.expect(5, ["unlock", run, "--yes"]))).stderr,
    /holds its lock/,
  );
  await breakFromAfar(project, run);
  running.kill("SIGCONT");
  const ran = await running.ended();
  ok(ran.code !== 0 && ran.signal === null, ran.stdout + ran.stderr);
  deepStrictEqual(await writtenAfterEnd(project, run), ["CreateAccepted", "CreateSucceeded"]);
  strictEqual((await project.ledger()).objects.length, 1);
  await healed(project);
});

Deno.test("5: a process that wakes after another has settled its call and applied everything changes nothing", async () => {
  await using project = await newProject(STACK);
  const { run, running } = await stopped(project);
  await breakFromAfar(project, run);
  await project.expect(0, ["apply", "--yes"]);
  running.kill("SIGCONT");
  const ran = await running.ended();
  ok(ran.code !== 0 && ran.signal === null, ran.stdout + ran.stderr);
  deepStrictEqual(await writtenAfterEnd(project, run), []);
  await healed(project);
});
