import type { TestProject } from "../tests/harness/test_project.ts";
import { type Budget, inProject, timed } from "./budget.ts";

/** Whole commands on projects of many resources that are worth nothing. */
export const COMMAND_BUDGETS: readonly Budget[] = [
  {
    what: "smelt --version",
    limit: 100,
    unit: "ms",
    measure: () => inProject((project) => timed(project, ["--version"])),
  },
  ...[1_000, 5_000].flatMap((count): readonly Budget[] => [
    {
      what: `apply of ${count} local.Data`,
      limit: count === 5_000 ? 2_000 : 800,
      unit: "ms",
      measure: () =>
        inProject(async (project) => {
          await prepare(project, count);
          return await timed(project, ["apply", "--yes"]);
        }),
    },
    {
      what: `plan of ${count} without changes`,
      limit: count === 5_000 ? 700 : 400,
      unit: "ms",
      measure: () =>
        inProject(async (project) => {
          await prepare(project, count);
          await project.expect(0, ["apply", "--yes"]);
          return await timed(project, ["plan", "--detailed-exitcode"]);
        }),
    },
    {
      what: `audit verify of an apply of ${count}`,
      limit: 2_000,
      unit: "ms",
      measure: () =>
        inProject(async (project) => {
          await prepare(project, count);
          await project.expect(0, ["apply", "--yes"]);
          return await timed(project, ["audit", "verify"]);
        }),
    },
  ]),
];

async function prepare(project: TestProject, count: number): Promise<void> {
  await project.expect(0, ["init"]);
  const resources = Array.from(
    { length: count },
    (_, index) => `resource data "r${index}" : local.Data {\n  input {\n    index = ${index}\n  }\n}\n`,
  );
  await project.write("main.smelt", resources.join("\n"));
}
