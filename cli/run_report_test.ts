import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { exampleStep } from "../tests/support/example_plan.ts";
import { failure } from "../tests/support/toy_cloud.ts";
import type { StepOutcome } from "../project/run_progress.ts";
import { countResults, runExitKind, type RunReport, type StepResult } from "./run_report.ts";

const DONE: StepOutcome = { kind: "succeeded", by: "call" };
const FAILED: StepOutcome = { kind: "failed", failure: { kind: "Moved", message: "moved" } };
const DOUBT: StepOutcome = { kind: "inDoubt", failure: failure("Timeout", "late") };
const SKIPPED: StepOutcome = { kind: "skipped", because: "a.a", reason: "a.a did not end well" };

const NOTHING = {
  created: 0,
  updated: 0,
  replaced: 0,
  deleted: 0,
  recorded: 0,
  forgotten: 0,
  moved: 0,
  imported: 0,
  failed: 0,
  inDoubt: 0,
  skipped: 0,
};

function result(operation: Parameters<typeof exampleStep>[0], address: string, outcome = DONE): StepResult {
  return { step: exampleStep(operation, address), outcome };
}

function report(facts: Partial<RunReport>): RunReport {
  return {
    command: "apply",
    environment: "dev",
    run: "r",
    end: "succeeded",
    results: [],
    deposed: [],
    undecided: [],
    kept: [],
    unsavedAt: undefined,
    repairs: [],
    ...facts,
  };
}

Deno.test("countResults() counts each operation", () => {
  const results = [
    result("create", "a.a"),
    result("update", "a.b"),
    result("delete", "a.c"),
    result("rebind", "a.d"),
    result("forget", "a.e"),
  ];
  deepStrictEqual(countResults(results), {
    ...NOTHING,
    created: 1,
    updated: 1,
    deleted: 1,
    recorded: 1,
    forgotten: 1,
    moved: 0,
    imported: 0,
  });
});

Deno.test("countResults() counts a replacement once, whichever object goes first", () => {
  const newFirst = [result("replace", "a.a"), result("deleteDeposed", "a.a")];
  const oldFirst = [result("delete", "a.a"), result("create", "a.a")];
  for (const results of [newFirst, oldFirst]) {
    deepStrictEqual(countResults(results), { ...NOTHING, replaced: 1 });
  }
  const half = [result("delete", "a.a"), result("create", "a.a", FAILED)];
  deepStrictEqual(countResults(half), { ...NOTHING, deleted: 1, failed: 1 });
});

Deno.test("countResults() counts the deletion of an object that an earlier run left over", () => {
  deepStrictEqual(countResults([result("deleteDeposed", "a.a")]), { ...NOTHING, deleted: 1 });
});

Deno.test("countResults() counts a resource as failed once, not as skipped besides", () => {
  const results = [
    result("replace", "a.a", FAILED),
    result("deleteDeposed", "a.a", SKIPPED),
    result("update", "a.b", SKIPPED),
    result("create", "a.c", DOUBT),
  ];
  deepStrictEqual(countResults(results), { ...NOTHING, failed: 1, skipped: 1, inDoubt: 1 });
});

Deno.test("runExitKind() is ok only when everything ended well", () => {
  strictEqual(runExitKind(report({ results: [result("create", "a.a")] })), "ok");
  const mixed = [result("create", "a.a"), result("create", "a.b", FAILED)];
  strictEqual(runExitKind(report({ results: mixed, end: "partial" })), "partial");
  strictEqual(runExitKind(report({ results: [result("create", "a.b", FAILED)], end: "failed" })), "error");
  strictEqual(
    runExitKind(report({ results: [result("create", "a.a", SKIPPED)], end: "interrupted" })),
    "error",
  );
  strictEqual(runExitKind(report({ results: [result("create", "a.a")], end: "lost" })), "partial");
});

Deno.test("runExitKind() puts what is unsettled first", () => {
  const results = [result("create", "a.a"), result("create", "a.b", FAILED), result("create", "a.c", DOUBT)];
  strictEqual(runExitKind(report({ results, end: "partial" })), "inDoubt");
  const deposed = [{ address: "a.a", id: "old" }];
  strictEqual(runExitKind(report({ results: [result("create", "a.a")], deposed })), "inDoubt");
  strictEqual(runExitKind(report({ results: [result("create", "a.a")], unsavedAt: "f" })), "inDoubt");
});

Deno.test("runExitKind() of a destroy that keeps something is partial", () => {
  const results = [result("delete", "a.a")];
  strictEqual(runExitKind(report({ command: "destroy", results, kept: ["a.b"] })), "partial");
});
