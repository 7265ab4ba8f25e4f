import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { IntegrityError } from "../engine/integrity_error.ts";
import { type ApplyListener, applyProject } from "../project/apply_project.ts";
import { planProject } from "../project/plan_project.ts";
import { verifyProject } from "../project/verify_project.ts";
import type { Repair } from "../store/log_backend.ts";
import { flippedBit, writeByte } from "./harness/flipped_bit.ts";
import { PRELOAD_KILL } from "./harness/kill_scenario.ts";
import { killAt } from "./harness/kill_at_append.ts";
import { portsOf } from "./harness/project_ports.ts";
import { rememberSignatures } from "./harness/remembered_signatures.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

const NETWORK = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
`;
const QUEUES = `resource queue "a" : sim.Queue {
  count = 4
  name = "a\${each.index}"
}
`;
const NOTES = `resource data "a" : local.Data {
  count = 3
}
`;

/** A log of at least 20 records: creations, and a run that only deletes. */
async function grownProject(): Promise<TestProject> {
  const project = await newProject(NETWORK + QUEUES);
  await project.expect(0, ["apply", "--yes", "--parallelism", "1"]);
  await project.write("main.smelt", "");
  await project.expect(0, ["apply", "--yes", "--parallelism", "1"]);
  await project.write("main.smelt", NETWORK + QUEUES);
  return project;
}

const PLAN = { command: "apply", environment: undefined, files: [], refresh: "all" } as const;
const NEVER = new AbortController().signal;

const GO_ON = true;

/** Lets everything through: what is refused is refused by the log. */
const ANYTHING_GOES: ApplyListener = {
  repaired: () => {},
  noticed: () => {},
  settled: () => {},
  approve: () => Promise.resolve(GO_ON),
  refused: () => {},
  progress: () => {},
  interrupts: { stop: NEVER, leave: NEVER },
};

Deno.test("one flipped bit in any byte of the log, and neither plan nor apply goes on or calls a provider", async () => {
  await using project = await grownProject();
  const bytes = await Deno.readFile(project.logPath);
  ok(bytes.filter((byte) => byte === 0x0a).length >= 20);
  using _ = rememberSignatures();
  const ports = {
    ...portsOf(project, "unpinned"),
    registry: (): never => {
      throw new Error("A provider was asked for");
    },
  };
  using file = await Deno.open(project.logPath, { write: true });
  await project.unchangedBy(async () => {
    for (const [at, byte] of bytes.entries()) {
      writeByte(file, at, flippedBit(at, byte));
      const request = { ...PLAN, parallelism: 10, why: undefined };
      await Promise.all([
        rejects(planProject(ports, PLAN), IntegrityError, `plan, byte ${at}`),
        rejects(applyProject(ports, request, ANYTHING_GOES), IntegrityError, `apply, byte ${at}`),
      ]);
      writeByte(file, at, byte);
    }
  });
});

Deno.test("a log flipped at 12 places: plan and apply of the program end with 6 and call no provider", async () => {
  await using project = await grownProject();
  const bytes = await Deno.readFile(project.logPath);
  using file = await Deno.open(project.logPath, { write: true });
  for (let nth = 0; nth < 12; nth++) {
    const at = Math.floor(nth * (bytes.length - 1) / 11);
    writeByte(file, at, flippedBit(at, bytes[at] ?? 0));
    await project.unchangedBy(async () => {
      for (const args of [["plan"], ["apply", "--yes"]]) {
        const { stdout, stderr } = await project.expect(6, args);
        strictEqual(stdout, "");
        ok(/^error: .*\n {2}where: default record \d+\n/m.test(stderr), stderr);
        ok(!stderr.includes("    at "), stderr);
      }
    });
    writeByte(file, at, bytes[at] ?? 0);
  }
  await project.expect(0, ["audit", "verify"]);
});

/** A project whose last run was killed once its last record was written: 5 appends of `NOTES`, alone. */
async function projectCutShort(): Promise<TestProject> {
  const project = await newProject(NOTES.replace("count = 3", "count = 1"));
  const env = { SMELT_TEST_KILL: killAt(4, "unsynced") };
  const killed = await project.run(["apply", "--yes"], { flags: [PRELOAD_KILL], env });
  strictEqual(killed.signal, "SIGKILL");
  ok((await Deno.readTextFile(project.logPath)).trimEnd().includes('"type":"RunFinished"'));
  await project.write("main.smelt", NOTES);
  return project;
}

Deno.test("a last line cut short: plan ignores it and leaves it, apply mends it and says so, wherever it was cut", async () => {
  await using project = await projectCutShort();
  // Without a pin of this user: each cut starts again from the same log.
  const ports = portsOf(project, "unpinned");
  const bytes = await Deno.readFile(project.logPath);
  const start = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
  for (let size = start + 1; size < bytes.length; size += size > bytes.length - 8 ? 1 : 7) {
    await Deno.writeFile(project.logPath, bytes.subarray(0, size));
    const planned = await project.unchangedBy(() => planProject(ports, PLAN));
    ok(planned.ok);
    strictEqual(planned.value.steps.length, 2);
    const repairs: Repair[] = [];
    const applied = await applyProject(ports, { ...PLAN, parallelism: 10, why: undefined }, {
      ...ANYTHING_GOES,
      repaired: (each) => void repairs.push(...each),
    });
    ok(applied.ok && applied.value.kind === "ran" && applied.value.run.end === "succeeded", `cut at ${size}`);
    const isWhole = size === bytes.length - 1;
    const [repair, ...others] = repairs;
    deepStrictEqual(others, []);
    deepStrictEqual([repair?.kind, repair?.sizeBytes], isWhole ? ["completed", 0] : ["cut", size - start]);
    if (repair?.keptAt !== undefined) await Deno.remove(repair.keptAt);
    const report = await verifyProject(ports, undefined);
    ok(report.ok);
    deepStrictEqual(report.value.checks.filter((each) => each.status === "failed"), []);
  }
});

Deno.test("a last line cut short: the program says what it cut off and where it keeps it", async () => {
  await using project = await projectCutShort();
  const bytes = await Deno.readFile(project.logPath);
  await Deno.truncate(project.logPath, bytes.length - 20);
  await project.unchangedBy(() => project.expect(2, ["plan", "--detailed-exitcode"]));
  const { stderr } = await project.expect(0, ["apply", "--yes"]);
  const told = /unfinished record, .* (\d+) bytes were cut off and kept in "([^"]+)"/.exec(stderr);
  strictEqual((await Deno.readFile(told?.[2] ?? "")).length, Number(told?.[1]));
  await project.expect(0, ["audit", "verify"]);
  await project.expect(0, ["plan", "--detailed-exitcode"]);
});
