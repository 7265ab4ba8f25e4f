/**
 * Runs the gates and the tests, each as a child process, and prints one line for each. `test.ts ok` leaves out what
 * runs whole programs. The very last line is `N passed, N failed`, in which a gate counts as one test. Exits with 1
 * when anything failed, or when a group that should hold tests is empty.
 */
import { projectFiles } from "./project_files.ts";
import { complain, say } from "./say.ts";
import { type TestGroup, testGroups } from "./test_groups.ts";
import { notesIn, skippedTests, type TestCount, testCount, withoutPassed } from "./test_summary.ts";

/** One child process: a gate, which passes or fails as one, or a group of tests. */
interface Step {
  readonly name: string;
  readonly kind: "gate" | "tests";
  readonly args: readonly string[];
  /** Beside those that it has anyway. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a child printed, how it ended and how long it took. */
interface Ran {
  readonly output: string;
  readonly exitCode: number;
  readonly seconds: number;
}

const GATES: readonly Step[] = [
  gate("modules", ["install", "-q"]),
  gate("format", ["fmt", "--check", "-q"]),
  gate("lint", ["lint", "-q"]),
  gate("types", ["check", "-q"]),
  gate("layers", ["run", "-q", "--no-prompt", "-R=.", "tools/layers.ts"]),
  gate("licences", ["run", "-q", "--no-prompt", "-R", "--allow-run", "tools/licences.ts"]),
  gate("supply", ["run", "-q", "--no-prompt", "-R", "--allow-run", "tools/supply.ts"]),
  gate("advisories", ["run", "-q", "--no-prompt", "-R=.", "--allow-run", "tools/advisories.ts"]),
];

/** Types are checked by a gate of their own, for all files at once. */
const TEST_FLAGS: readonly string[] = ["test", "-q", "--no-prompt", "--no-check"];
/** Tests of whole programs wait for them half of the time: one file more than there are processors runs at once. */
const WAITING_JOBS = { DENO_JOBS: Deno.env.get("DENO_JOBS") ?? String(navigator.hardwareConcurrency + 1) };
const FAST_GROUPS: readonly TestGroup["name"][] = ["core", "edges", "simulation"];

if (import.meta.main) Deno.exit(runAll(Deno.args));

/** Runs what `args` ask for and returns the exit code. */
function runAll(args: readonly string[]): number {
  const isFast = args[0] === "ok";
  const groups = testGroups(projectFiles(".")).filter(({ name }) => !isFast || FAST_GROUPS.includes(name));
  const steps = [...GATES, ...groups.flatMap(groupSteps)];
  const counts = steps.map(runStep);
  const empty = groups.filter(({ name, files }) => files.length === 0 && name !== "speed");
  for (const { name } of empty) say(`FAILED ${name}: found no test`);
  const failed = sum(counts, "failed") + empty.length;
  say(`${sum(counts, "passed")} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function gate(name: string, args: readonly string[]): Step {
  return { name, kind: "gate", args };
}

function groupSteps({ name, files }: TestGroup): readonly Step[] {
  if (files.length === 0) return [];
  const permissions = name === "core" ? [] : ["-P=test"];
  const speed = name === "speed" ? [] : ["--parallel"];
  const env = name === "whole program" ? WAITING_JOBS : {};
  return [{ name, kind: "tests", args: [...TEST_FLAGS, ...permissions, ...speed, ...files], env }];
}

function runStep(step: Step): TestCount {
  const ran = runDeno(step);
  const isGood = ran.exitCode === 0;
  const count = step.kind === "tests"
    ? testCount(ran.output, ran.exitCode)
    : { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, ignored: 0 };
  if (count.failed > 0) complain(withoutPassed(ran.output));
  say(stepLine(step, count, ran.seconds));
  if (step.kind === "gate") { for (const each of notesIn(ran.output)) say(each); }
  for (const name of skippedTests(ran.output)) say(`  skipped: ${name}`);
  return count;
}

function stepLine(step: Step, count: TestCount, seconds: number): string {
  const verdict = count.failed === 0 ? "ok    " : "FAILED";
  const tests = step.kind === "tests" ? `  ${count.passed} passed, ${count.failed} failed` : "";
  const ignored = count.ignored === 0 ? "" : `, ${count.ignored} ignored`;
  return `${verdict} ${step.name.padEnd(14)}${seconds.toFixed(1).padStart(6)} s${tests}${ignored}`;
}

function runDeno({ args, env = {} }: Step): Ran {
  const startMs = performance.now();
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  });
  const { code, stdout, stderr } = command.outputSync();
  const text = new TextDecoder();
  const output = `${text.decode(stdout)}${text.decode(stderr)}`;
  return { output, exitCode: code, seconds: (performance.now() - startMs) / 1000 };
}

function sum(counts: readonly TestCount[], field: keyof TestCount): number {
  return counts.reduce((total, count) => total + count[field], 0);
}
