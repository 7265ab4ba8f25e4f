/** Attacks by somebody who has a key that may apply, on the runs of others. */
import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import type { Event } from "../engine/event.ts";
import { giveUpCommand } from "../engine/given_up_secrets.ts";
import type { ProjectPorts } from "../project/project_ports.ts";
import type { Batch } from "../store/journal_port.ts";
import { loadRecordChecks } from "../store/record_checks.ts";
import { forge, recordsOf, stolenKey } from "./harness/forged_log.ts";
import { addHolder, keptProject } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";
import { withMethods } from "./harness/with_methods.ts";

/** Somebody's ports, with a call just before the first append that holds such an event. */
function struckBefore(
  ports: ProjectPorts,
  isMoment: (event: Event) => boolean,
  strike: (run: string) => Promise<void>,
): ProjectPorts {
  let isOver = false;
  return {
    ...ports,
    async openEnvironment(...request) {
      const opened = await ports.openEnvironment(...request);
      if (!opened.ok) return opened;
      const { journal } = opened.value;
      const append = async (batch: Batch) => {
        if (!isOver && batch.events.some(isMoment)) {
          isOver = true;
          await strike(batch.run);
        }
        return await journal.append(batch);
      };
      return { ok: true, value: { ...opened.value, journal: withMethods(journal, { append }) } };
    },
  };
}

const bucket = (owner: string) =>
  `resource bucket "b" : sim.Bucket {\n  name = "logs"\n  tags = { owner = "${owner}" }\n}\n`;

async function startOf(project: TestProject, run: string): Promise<Event & { type: "RunStarted" }> {
  const events = (await recordsOf(project)).flatMap((record) => record.events);
  const found = events.find((event) => event.type === "RunStarted" && event.run === run);
  ok(found?.type === "RunStarted");
  return found;
}

Deno.test("P14: another key writes nothing into a live run, neither its changes nor its end", async () => {
  const { project, ada } = await keptProject(bucket("ops"));
  await using _project = project;
  await addHolder(project, ada, { name: "thief", roles: ["apply"] });
  const ci = await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  const ann = await addHolder(project, ada, { name: "ann", roles: ["approve"] });
  await ada.expect(0, ["apply", "--yes"]);
  await ada.expect(0, ["env", "policy", "--approvals", "1", "--yes"]);
  await project.write("main.smelt", bucket("dev"));
  await ci.expect(0, ["plan", "--out", "p"]);
  await ann.expect(0, ["plan", "approve", "p", "--yes"]);
  const checks = await loadRecordChecks();
  const thief = await stolenKey(project, checks, "thief");
  const [object] = (await project.ledger()).objects;
  ok(object !== undefined);
  const ports = struckBefore(ci.ports, (event) => event.type === "UpdateSucceeded", async (run) => {
    const events: readonly Event[] = [
      { type: "OutcomeResolved", address: "bucket.b", token: await openToken(project), ...NOT_DONE },
      { type: "Forgotten", address: "bucket.b", id: object.id },
      { type: "RunRenewed" },
      { type: "RunFinished", outcome: "succeeded" },
    ];
    await forge(project, checks, thief, { run, events });
  });
  const applied = await ci.run(["apply", "--yes", "--plan-file", "p"], "", ports);
  strictEqual(applied.code, 0, applied.stdout + applied.stderr);
  match((await ada.expect(0, ["state", "ls"])).stdout, /bucket\.b/);
  match((await ada.expect(0, ["plan"])).stdout, /1 unchanged/);
  const { stdout } = await ada.expect(0, ["audit", "verify"]);
  match(stdout, /warning V7 /);
  for (const type of ["OutcomeResolved", "Forgotten", "RunRenewed", "RunFinished"]) {
    match(stdout, new RegExp(`${type}.* is void \\(RunOfOther\\)`));
  }
});

const NOT_DONE = { outcome: "notDone", evidence: "absence" } as const;

async function openToken(project: TestProject): Promise<string> {
  const events = (await recordsOf(project)).flatMap((record) => record.events);
  const started = events.findLast((event) => event.type === "UpdateStarted");
  ok(started?.type === "UpdateStarted");
  return started.token;
}

const STORE = `resource store "s" : local.Data {\n  input { pw = secret("correct-horse-battery") }\n}\n`;

Deno.test("P14: what another key says under the name of a run is told as that key's, not as said by who started the run", async () => {
  const { project, ada } = await keptProject(bucket("ops"));
  await using _project = project;
  await addHolder(project, ada, { name: "thief", roles: ["apply"] });
  await ada.expect(0, ["apply", "--yes"]);
  const checks = await loadRecordChecks();
  const started = (await recordsOf(project)).flatMap((record) => record.events)
    .findLast((event) => event.type === "RunStarted");
  ok(started?.type === "RunStarted");
  const { run } = started;
  const [object] = (await project.ledger()).objects;
  ok(object !== undefined);
  const events: readonly Event[] = [
    { type: "Observed", address: "bucket.b", id: object.id, found: null },
    { type: "Tainted", address: "bucket.b", reason: "bad" },
  ];
  await forge(project, checks, await stolenKey(project, checks, "thief"), { run, events });
  const told = JSON.parse((await ada.expect(0, ["history", "--json", "--limit", "2"])).stdout);
  for (const entry of told) strictEqual(`${entry.who} ${entry.command}`, "thief undefined");
});

Deno.test("P14: nobody has an admin give secrets up by taking over the name of its run", async () => {
  const { project, ada } = await keptProject(STORE);
  await using _project = project;
  await addHolder(project, ada, { name: "thief", roles: ["apply"] });
  await ada.expect(0, ["apply", "--yes"]);
  const checks = await loadRecordChecks();
  const thief = await stolenKey(project, checks, "thief");
  const [, id = ""] = /"blob":"([0-9a-f]{32})\//.exec(await project.read(".smelt/log/default.log")) ?? [];
  const isDrop = (event: Event) => event.type === "SecretsRotated" && event.dropped !== undefined;
  const ports = struckBefore(ada.ports, isDrop, async (run) => {
    const started = { ...await startOf(project, run), command: giveUpCommand([id]), writes: [], reads: [] };
    await forge(project, checks, thief, {
      run: "f".repeat(32),
      events: [{ type: "RunBroken", run, reason: "silent" }],
    });
    await forge(project, checks, thief, { run, events: [started] });
  });
  const rotated = await ada.run(["secrets", "rotate"], "", ports);
  ok(rotated.code !== 0, rotated.stdout);
  const { stdout } = await ada.expect(0, ["audit", "verify"]);
  match(stdout, /RunStarted is void \(RunExists\)/);
  doesNotMatch(stdout, /given up/);
  await Deno.remove(`${project.root}/.smelt/blobs`, { recursive: true });
  match((await ada.expect(6, ["audit", "verify"])).stdout, /FAILED +V12/);
});

Deno.test("P14: the name of a run that is over starts no run again, whoever signs it", async () => {
  const { project, ada } = await keptProject(bucket("ops"));
  await using _project = project;
  await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  await ada.expect(0, ["apply", "--yes"]);
  const checks = await loadRecordChecks();
  const [object] = (await project.ledger()).objects;
  ok(object !== undefined);
  const events = (await recordsOf(project)).flatMap((record) => record.events);
  const first = events.findLast((event) => event.type === "RunStarted");
  ok(first?.type === "RunStarted");
  for (const name of ["local", "ci"]) {
    await forge(project, checks, await stolenKey(project, checks, name), {
      run: first.run,
      events: [first, { type: "Forgotten", address: "bucket.b", id: object.id }],
    });
  }
  const { stdout } = await ada.expect(0, ["audit", "verify"]);
  strictEqual(stdout.match(/RunStarted is void \(RunExists\)/g)?.length, 2, stdout);
  strictEqual(stdout.match(/Forgotten is void \(RunNotLive\)/g)?.length, 2, stdout);
  match((await ada.expect(0, ["plan"])).stdout, /1 unchanged/);
});
