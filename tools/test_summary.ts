import { NOTE } from "./say.ts";

/** How many tests a run of `deno test` counted. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
}

const SUMMARY =
  /^(?:ok|FAILED) \| (\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed(?: \(\d+ steps?\))?(?: \| (\d+) ignored)?/gm;

/**
 * Reads the summary line at the end of the output of `deno test`, made without colours. A run that failed counts at
 * least one failure, and so does one that ran no test: silence is never success.
 */
export function testCount(output: string, exitCode: number): TestCount {
  const summary = [...output.matchAll(SUMMARY)].at(-1);
  const [passed, failed, ignored] = [1, 2, 3].map((group) => Number(summary?.[group] ?? 0));
  const count = { passed: passed ?? 0, failed: failed ?? 0, ignored: ignored ?? 0 };
  const isBad = exitCode !== 0 || count.passed + count.failed === 0;
  return isBad && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** The output of a failed run without the lines of the tests that passed. */
export function withoutPassed(output: string): string {
  return output.split("\n").filter((line) => !/ \.\.\. (?:ok|ignored) \(\d+\S+\)$/.test(line)).join("\n")
    .trimEnd();
}

/** What a gate that passed wants to be known all the same. */
export function notesIn(output: string): readonly string[] {
  return output.split("\n").filter((line) => line.startsWith(NOTE));
}

/** The names of the tests that were left out. */
export function skippedTests(output: string): readonly string[] {
  return [...output.matchAll(/^(?:\S+_test\.ts => )?(.+) \.\.\. ignored \(\d+\S+\)$/gm)].flatMap(([, name]) =>
    name ?? []
  );
}
