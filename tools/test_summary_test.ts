import { deepStrictEqual } from "node:assert/strict";
import { testGroups } from "./test_groups.ts";
import { notesIn, skippedTests, testCount, withoutPassed } from "./test_summary.ts";

Deno.test("testCount() reads the last summary line", () => {
  const output =
    "ok | 9 passed | 0 failed (1ms)\nx ... ok\n\nok | 4 passed (4 steps) | 0 failed | 2 ignored (74ms)\n";
  deepStrictEqual(testCount(output, 0), { passed: 4, failed: 0, ignored: 2 });
});

Deno.test("testCount() reads a failed run", () => {
  const output =
    "FAILED | 2 passed (1 step) | 3 failed (2 steps) | 1 ignored | 4 filtered out (33ms)\n\nerror: Test failed\n";
  deepStrictEqual(testCount(output, 1), { passed: 2, failed: 3, ignored: 1 });
});

Deno.test("testCount() counts a run that broke before its summary as one failure", () => {
  deepStrictEqual(testCount("error: Type checking failed.\n", 1), { passed: 0, failed: 1, ignored: 0 });
});

Deno.test("testCount() counts a run that exits badly with all tests passed as one failure", () => {
  deepStrictEqual(testCount("ok | 3 passed | 0 failed (1ms)\n", 137), { passed: 3, failed: 1, ignored: 0 });
});

Deno.test("testCount() counts a run of no test as one failure", () => {
  deepStrictEqual(testCount("ok | 0 passed | 0 failed (0ms)\n", 0), { passed: 0, failed: 1, ignored: 0 });
  deepStrictEqual(testCount("", 0), { passed: 0, failed: 1, ignored: 0 });
  deepStrictEqual(testCount("ok | 0 passed | 0 failed | 2 ignored (0ms)\n", 0).failed, 1);
});

Deno.test("skippedTests() names what was left out, beside others or not", () => {
  const output = "a (needs go: run deno task setup) ... ignored (0ms)\nb ... ok (4ms)\n" +
    "./tests/c_test.ts => c => d ... ignored (2ms)\n";
  deepStrictEqual(skippedTests(output), ["a (needs go: run deno task setup)", "c => d"]);
});

Deno.test("testGroups() puts every test file into exactly one group", () => {
  const paths = [
    "cli_test.ts",
    "engine/fold.ts",
    "engine/fold_test.ts",
    "lang/lexer_test.ts",
    "providers/sim/cloud_test.ts",
    "store/journal_test.ts",
    "tests/apply_speed_test.ts",
    "tests/e2e/kill_test.ts",
    "tests/laws_test.ts",
    "tests/sim/simulate_test.ts",
    "tools/tidy_test.ts",
  ];
  deepStrictEqual(testGroups(paths), [
    { name: "core", files: ["engine/fold_test.ts", "lang/lexer_test.ts"] },
    {
      name: "edges",
      files: ["cli_test.ts", "providers/sim/cloud_test.ts", "store/journal_test.ts", "tools/tidy_test.ts"],
    },
    { name: "simulation", files: ["tests/sim/simulate_test.ts"] },
    { name: "whole program", files: ["tests/e2e/kill_test.ts", "tests/laws_test.ts"] },
    { name: "speed", files: ["tests/apply_speed_test.ts"] },
  ]);
});

Deno.test("withoutPassed() keeps what tells of a failure", () => {
  const output =
    "a ... ok (125µs)\nb ... FAILED (2ms)\nc ... ignored (0ms)\nerror: wanted 1 ... ok\n\nFAILED | 1 passed\n";
  deepStrictEqual(withoutPassed(output), "b ... FAILED (2ms)\nerror: wanted 1 ... ok\n\nFAILED | 1 passed");
});

Deno.test("notesIn() keeps what a gate notes, and nothing else", () => {
  const output = "supply: 1 package\nnote: advisories: the registry does not answer\nno note: x\n";
  deepStrictEqual(notesIn(output), ["note: advisories: the registry does not answer"]);
});
