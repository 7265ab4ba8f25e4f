import { emptyProject, type TestProject } from "../tests/harness/test_project.ts";

/** What something may take at most. */
export interface Budget {
  readonly what: string;
  readonly limit: number;
  readonly unit: "ms" | "MB";
  /** What one try took, in `unit`. Each try starts processes of its own. */
  measure(): Promise<number>;
}

/** Does `work` in a new folder that is removed behind it. */
export async function inProject(work: (project: TestProject) => Promise<number>): Promise<number> {
  await using project = await emptyProject();
  return await work(project);
}

/** Milliseconds of a whole command that must succeed. */
export async function timed(project: TestProject, args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  await project.expect(0, args);
  return performance.now() - startMs;
}
