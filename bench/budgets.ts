/**
 * Measures the budgets of docs/benchmarks.md on the real program and prints them beside what they took: the best of a few
 * tries. Ends with 1 when one is broken. Run it on a quiet machine: `deno task bench`.
 */
import { emptyProject, type TestProject } from "../tests/harness/test_project.ts";

const encoder = new TextEncoder();

interface Budget {
  readonly what: string;
  readonly limitMs: number;
  /** Milliseconds of one try. */
  measure(): Promise<number>;
}

const BUDGETS: readonly Budget[] = [
  {
    what: "smelt --version",
    limitMs: 100,
    measure: () => inProject((project) => timed(project, ["--version"])),
  },
  ...[1_000, 5_000].flatMap((count): readonly Budget[] => [
    {
      what: `apply of ${count} local.Data`,
      limitMs: count === 5_000 ? 2_000 : 800,
      measure: () =>
        inProject(async (project) => {
          await prepare(project, count);
          return await timed(project, ["apply", "--yes"]);
        }),
    },
    {
      what: `plan of ${count} without changes`,
      limitMs: count === 5_000 ? 700 : 400,
      measure: () =>
        inProject(async (project) => {
          await prepare(project, count);
          await project.expect(0, ["apply", "--yes"]);
          return await timed(project, ["plan", "--detailed-exitcode"]);
        }),
    },
    {
      what: `audit verify of an apply of ${count}`,
      limitMs: 2_000,
      measure: () =>
        inProject(async (project) => {
          await prepare(project, count);
          await project.expect(0, ["apply", "--yes"]);
          return await timed(project, ["audit", "verify"]);
        }),
    },
  ]),
];

async function inProject(work: (project: TestProject) => Promise<number>): Promise<number> {
  await using project = await emptyProject();
  return await work(project);
}

async function prepare(project: TestProject, count: number): Promise<void> {
  await project.expect(0, ["init"]);
  const resources = Array.from(
    { length: count },
    (_, index) => `resource data "r${index}" : local.Data {\n  input {\n    index = ${index}\n  }\n}\n`,
  );
  await project.write("main.smelt", resources.join("\n"));
}

async function timed(project: TestProject, args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  await project.expect(0, args);
  return performance.now() - startMs;
}

async function bestOf(attemptCount: number, measure: () => Promise<number>): Promise<number> {
  let best = Infinity;
  for (let attempt = 0; attempt < attemptCount; attempt++) best = Math.min(best, await measure());
  return best;
}

/** Measures one budget, says how it went, and whether it is kept. */
async function check({ what, limitMs, measure }: Budget): Promise<boolean> {
  const best = await bestOf(5, measure);
  const verdict = best <= limitMs ? "kept" : "BROKEN";
  const took = `${Math.round(best)} ms`.padStart(9);
  Deno.stdout.writeSync(encoder.encode(`${what.padEnd(34)} ${took}  budget ${limitMs} ms  ${verdict}\n`));
  return best <= limitMs;
}

const broken: string[] = [];
for (const budget of BUDGETS) if (!(await check(budget))) broken.push(budget.what);
Deno.exit(broken.length === 0 ? 0 : 1);
