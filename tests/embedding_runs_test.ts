import { match, ok, strictEqual } from "node:assert/strict";
import { applyVerdict, openProject, type Project, stack } from "../mod.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

/** Dead runs, as a program that embeds smelt meets them. */

const NET = `resource net "main" : sim.Network {
  cidr = "10.0.0.0/16"
}
`;
const CRASH = [{ operation: "create", type: "sim.Network", effect: "crashAfter" }];

/** A project of which an apply has died in its first call, and the name of that run. */
async function died(): Promise<{ readonly project: TestProject; readonly run: string }> {
  const project = await newProject(NET);
  await project.expect(137, ["apply", "--yes"], { env: { SMELT_SIM_FAULTS: JSON.stringify(CRASH) } });
  const [, run = ""] = /"run":"([0-9a-f]{32})"[^\n]*"type":"RunStarted"/.exec(
    await project.read(".smelt/log/default.log"),
  ) ?? [];
  return { project, run };
}

function embedded({ root, place }: TestProject): Project {
  const readVariable = (name: string) => name === "SMELT_STATE_HOME" ? place.stateFolder : undefined;
  return openProject({ folder: root, who: "program", readVariable });
}

Deno.test("unlock() ends a dead run, says when it had ended, and resume() takes it up without making anything twice", async () => {
  const { project, run } = await died();
  await using _ = project;
  const program = embedded(project);
  const ended = await program.unlock(run.slice(0, 8), { why: "it died" });
  ok(ended.ok && ended.value.by !== undefined);
  match(ended.value.summary, /is ended: its process is gone/);
  const again = await program.unlock(run);
  ok(again.ok && again.value.by === undefined);
  match(again.value.summary, /has ended already/);
  const wanted = stack((s) => ({ net: s.sim.Network("main", { cidr: "10.0.0.0/16" }, { kind: "net" }).id }));
  const resumed = await program.resume(run, { stack: wanted, approve: () => true }).result();
  ok(resumed.ok);
  strictEqual(applyVerdict(resumed.value), "unchanged");
  strictEqual((await project.ledger()).objects.length, 1);
  const nobody = await program.unlock("0".repeat(32));
  ok(!nobody.ok);
  strictEqual(nobody.error.kind, "NotFound");
});

Deno.test("resume() ends a run whose process is gone by itself, names it, and refuses what is over", async () => {
  const { project, run } = await died();
  await using _ = project;
  const program = embedded(project);
  const resumed = await program.resume(run, { approve: () => true }).result();
  ok(resumed.ok, resumed.ok ? "" : resumed.error.message);
  const history = await program.history();
  ok(history.ok && history.value.some(({ what }) => what.includes(`taking up the run ${run}`)));
  strictEqual((await project.ledger()).objects.length, 1);
  const over = history.value.findLast(({ type }) => type === "RunFinished")?.run ?? "";
  const refused = await program.resume(over, { approve: () => true }).result();
  ok(!refused.ok);
  strictEqual(refused.error.kind, "RunEnded");
});
