import { match, ok, strictEqual } from "node:assert/strict";
import type { Ran } from "./smelt_process.ts";
import type { TestProject } from "./test_project.ts";

/** No bad input keeps a command busy for longer. */
const LIMIT_MS = 2_000;

/** No bad input takes more memory than this: with more, the runtime ends the program. */
const HEAP_LIMIT = "--v8-flags=--max-old-space-size=384";

/** Room for the thousand errors that are kept of one file. */
const OUTPUT_LIMIT = 500_000;

/**
 * Runs `smelt plan`, which must refuse the project: with 1, in words, in time, within its memory, without a trace of the
 * program's inside. One that takes longer gets a second chance, since the machine may have been busy.
 */
export async function soonRefused(project: TestProject, says: RegExp, args = ["plan"]): Promise<void> {
  const startMs = performance.now();
  let ran = await refusedPlan(project, args);
  let elapsedMs = performance.now() - startMs;
  if (elapsedMs > LIMIT_MS) {
    const againMs = performance.now();
    ran = await refusedPlan(project, args);
    elapsedMs = performance.now() - againMs;
  }
  match(ran.stderr, says);
  ok(elapsedMs <= LIMIT_MS, `took ${elapsedMs.toFixed(0)} ms`);
}

async function refusedPlan(project: TestProject, args: readonly string[]): Promise<Ran> {
  const ran = await project.expect(1, args, { flags: [HEAP_LIMIT] });
  ok(!/^\s+at .*:\d+/m.test(ran.stderr), ran.stderr);
  ok(ran.stderr.length < OUTPUT_LIMIT, `said ${ran.stderr.length} characters`);
  strictEqual(ran.stdout, "");
  return ran;
}
