import { strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { RUNTIME_FLAGS } from "../project/runtime_flags.ts";
import type { TestProject } from "../tests/harness/test_project.ts";
import { type Budget, inProject, timed } from "./budget.ts";
import { largeProject } from "./large_project.ts";
import { peakMegabytes } from "./peak_megabytes.ts";

const COLD_SYNTAX = fileURLToPath(new URL("cold_syntax.ts", import.meta.url));
const COUNT = 5_000;

/** What a process takes that meets a file of 5,000 resources, 1.2 MB, for the first time. */
export const LANGUAGE_BUDGETS: readonly Budget[] = [
  {
    what: `first parse of ${COUNT}`,
    limit: 70,
    unit: "ms",
    measure: () => coldSyntax("parse", largeProject(COUNT)),
  },
  {
    what: `first parse and format of ${COUNT}`,
    limit: 150,
    unit: "ms",
    measure: () => coldSyntax("format", largeProject(COUNT)),
  },
  {
    what: `the same, changed and checked`,
    limit: 500,
    unit: "ms",
    // The empty lines at the end go, so the result is parsed again, compared and formatted again.
    measure: () => coldSyntax("format-checked", `${largeProject(COUNT)}\n\n`),
  },
  {
    what: `validate of ${COUNT}`,
    limit: 600,
    unit: "ms",
    measure: () =>
      inProject(async (project) => {
        await prepare(project);
        return await timed(project, ["validate"]);
      }),
  },
  {
    what: `memory of validate of ${COUNT}`,
    limit: 200,
    unit: "MB",
    measure: () =>
      inProject(async (project) => {
        await prepare(project);
        return await peakMegabytes(project, ["validate"]);
      }),
  },
];

async function prepare(project: TestProject): Promise<void> {
  await project.expect(0, ["init"]);
  await project.write("main.smelt", largeProject(COUNT));
}

/** Milliseconds of `work` in a process of its own, its start and the reading of the file left out. */
async function coldSyntax(work: string, text: string): Promise<number> {
  return await inProject(async (project) => {
    await project.write("main.smelt", text);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      // Started as the launcher starts the program.
      args: [
        "run",
        "-q",
        "--no-prompt",
        "--no-check",
        ...RUNTIME_FLAGS,
        "-R=.",
        COLD_SYNTAX,
        work,
        "main.smelt",
      ],
      cwd: project.root,
    }).output();
    strictEqual(code, 0, new TextDecoder().decode(stderr));
    return Number(new TextDecoder().decode(stdout));
  });
}
