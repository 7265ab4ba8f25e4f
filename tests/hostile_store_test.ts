import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { dirname } from "node:path";
import { sharedTokens } from "./harness/cloud_summary.ts";
import { hurriedClock } from "./harness/hurried_clock.ts";
import { expectInside, type InnerRan, runInside } from "./harness/inner_program.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";
import { Turns } from "./harness/turns.ts";
import { type FileCall, WatchedFiles } from "./harness/watched_files.ts";

/** Every call about the log, blobs, pins, keys, locks and files fails, each in turn: nothing is taken for empty. */

const APPLY = ["apply", "--yes"];
const PLAN = ["plan", "--detailed-exitcode"];
/** How many projects are worked on at once; most of the time of a run that settles a doubt is waiting. */
const WIDTH = 24;

const queue = (label: string, secret: string) =>
  `resource queue "${label}" : sim.Queue {\n  name = "${label}"\n  tags = { key = secret("${secret}") }\n}\n`;
const BEFORE = queue("kept", "one secret") + queue("changed", "two secret") + queue("gone", "three secret");
const AFTER = queue("kept", "one secret") + queue("changed", "another secret") + queue("made", "four secret");

/** How a call can fail. */
const FAILURES: Readonly<Record<string, () => Error>> = {
  EIO: () => new Error("Input/output error (os error 5)"),
  EACCES: () => new Deno.errors.PermissionDenied("Permission denied (os error 13)"),
  ENOSPC: () => new Error("No space left on device (os error 28)"),
};

const LASTING = ["once", "for ever"] as const;

/** One fault: the call of this number fails, alone or with all that come after it. */
interface Fault {
  readonly nth: number;
  readonly failure: string;
  readonly lasts: typeof LASTING[number];
}

/** Whether a call is about what smelt keeps, not about the cloud. */
function isKept({ path }: FileCall): boolean {
  return !/\/\.smelt\/sim(\/|$)/.test(path);
}

/** Runs a command while calls about kept files are counted, and those that `fault` means fail. */
async function runWith(
  files: WatchedFiles,
  project: TestProject,
  args: readonly string[],
  fault: Fault | undefined,
): Promise<{ readonly ran: InnerRan; readonly calls: readonly FileCall[] }> {
  const calls: FileCall[] = [];
  using _ = files.watch(dirname(project.root), {
    before(call) {
      if (!isKept(call)) return;
      calls.push(call);
      const isMeant = fault !== undefined &&
        (fault.lasts === "once" ? calls.length === fault.nth : calls.length >= fault.nth);
      if (isMeant) throw FAILURES[fault.failure]?.();
    },
    after: () => {},
  });
  return { ran: await runInside(project, args), calls };
}

/** The faults of a command: each of its calls fails, alone and with all after it. */
async function faultsOf(
  files: WatchedFiles,
  base: TestProject,
  args: readonly string[],
): Promise<readonly Fault[]> {
  await using project = await base.copy();
  const { calls } = await runWith(files, project, args, undefined);
  return calls.flatMap(({ isChange }, index) => {
    const failures = Object.keys(FAILURES).filter((each) => isChange || each !== "ENOSPC");
    // By turns, so that each kind of failure meets each kind of call.
    const failure = failures[index % failures.length] ?? "EIO";
    return LASTING.map((lasts) => ({ nth: index + 1, failure, lasts }));
  });
}

/** Does `check` for each fault of a command, each on a copy of `base`; gives how many there were. */
async function eachFault(
  base: TestProject,
  args: readonly string[],
  check: (project: TestProject, ran: InnerRan, what: string) => Promise<void>,
): Promise<number> {
  using files = new WatchedFiles();
  const faults = await faultsOf(files, base, args);
  const turns = new Turns(WIDTH);
  await Promise.all(faults.map((fault) =>
    turns.take(async () => {
      await using project = await base.copy();
      const { ran, calls } = await runWith(files, project, args, fault);
      const call = calls[fault.nth - 1];
      const what = `${args.join(" ")}: ${fault.failure} ${fault.lasts} at ${call?.name} ${
        call?.path.slice(dirname(project.root).length)
      }`;
      doesNotMatch(ran.stderr, /^\s+at .*:\d+|bug of smelt/m, what);
      await check(project, ran, what);
    })
  ));
  return faults.length;
}

async function applied(source: string): Promise<TestProject> {
  const project = await newProject(source);
  await expectInside(project, 0, APPLY);
  return project;
}

/** Commands that only read, and what they print when nothing fails. */
const READING = [
  PLAN,
  ["query", "--json"],
  ["history", "--json"],
  ["show", "queue.kept"],
  ["state", "ls"],
  ["audit", "verify"],
  ["audit", "attestation"],
  ["audit", "sbom"],
  ["graph"],
  ["validate"],
];

Deno.test("20: whichever call of a store fails, a reading command says so or prints what there is, and never less", async () => {
  await using base = await applied(BEFORE);
  let count = 0;
  for (const args of READING) {
    const whole = await expectInside(base, 0, args);
    count += await eachFault(base, args, async (project, ran, what) => {
      // Who audits need not have the keys: what they open is then told as not looked at.
      const isPartial = args[0] === "audit" && /^ {2}warning V12/m.test(ran.stdout);
      const told = ran.stdout.replaceAll(dirname(project.root), dirname(base.root));
      if (ran.code === 0 && !isPartial) strictEqual(told, whole.stdout, what);
      if (ran.code !== 0) match(ran.stderr + ran.stdout, /error|FAILED/, what);
      doesNotMatch(ran.stdout, /to create|Nothing is|No resources/, what);
      deepStrictEqual([await project.journal(), await Deno.readFile(project.logPath)], [
        await base.journal(),
        await Deno.readFile(base.logPath),
      ], what);
    });
  }
  ok(count > 200, `${count} faults`);
});

Deno.test("20: whichever call of a store fails, an apply doubles and forgets nothing, and the next one puts it right", async () => {
  await using base = await applied(BEFORE);
  await base.write("main.smelt", AFTER);
  await using whole = await base.copy();
  await expectInside(whole, 0, APPLY);
  const wanted = await livesOf(whole);
  const before = await Deno.readFile(base.logPath);
  const count = await eachFault(base, APPLY, async (project, _, what) => {
    const log = await Deno.readFile(project.logPath);
    deepStrictEqual(log.subarray(0, before.length), before, what);
    await healed(project, what);
    deepStrictEqual(await livesOf(project), wanted, what);
  });
  ok(count > 200, `${count} faults`);
});

/** All that ever was in the cloud, with how often it was changed. */
async function livesOf(project: TestProject): Promise<readonly string[]> {
  return (await project.ledger()).objects.map(({ fields, updates, deletedAt }) =>
    `${fields["name"]} changed ${updates.length} times, ${deletedAt === undefined ? "live" : "gone"}`
  ).sort();
}

/** Another apply does the rest, the log verifies, and nothing is left to do. */
async function healed(project: TestProject, what: string): Promise<void> {
  for (const args of [APPLY, ["audit", "verify"], PLAN]) {
    const { code, stdout, stderr } = await runInside(project, args, hurriedClock);
    strictEqual(code, 0, `${what}; then ${args.join(" ")}: ${stdout}${stderr}`);
  }
  deepStrictEqual(sharedTokens(await project.ledger()), [], what);
}
