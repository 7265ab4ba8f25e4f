import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { RunSummary } from "../audit/run_history.ts";
import { endingText, findRun, runText } from "./find_run.ts";

function summary(run: string, end: RunSummary["end"] = undefined): RunSummary {
  return {
    started: {
      type: "RunStarted",
      run,
      command: "apply",
      writes: [],
      reads: [],
      host: "box",
      who: "ann",
      ttlMs: 30_000,
    },
    keyName: "local",
    startedAt: "2026-01-02T03:04:05.000Z",
    last: { seq: 3, at: "2026-01-02T03:04:06.000Z" },
    end,
    counts: { created: 0, updated: 0, deleted: 0, failed: 0, skipped: 0, unknown: 0, settled: 0 },
  };
}

const RUNS = ["abcdef00", "abcdef11", "12345678"].map((each) => summary(each.padEnd(32, "0")));

function refusal(text: string): string {
  const found = findRun(text, RUNS, "default");
  ok(!found.ok);
  const { message, hint = "", details = [] } = found.error;
  return [message, ...details, hint].join("\n");
}

Deno.test("findRun() takes the beginning of a name that only one run has", () => {
  const found = findRun("123456", RUNS, "default");
  strictEqual(found.ok ? found.value : undefined, RUNS[2]);
  deepStrictEqual(findRun("abcdef11", RUNS, "default"), { ok: true, value: RUNS[1] });
});

Deno.test("findRun() names all that a beginning may mean", () => {
  match(
    refusal("abcdef"),
    /^Cannot tell which run is meant: 2 names begin with "abcdef"\nabcdef000+ {2}apply by ann\nabcdef110+ {2}apply by ann\nGive more digits$/,
  );
});

Deno.test("findRun() refuses what is too short or no hex, and names a near run", () => {
  for (const text of ["12345", "", "xyzxyz", "ABCDEF", "1".repeat(33)]) {
    match(
      refusal(text),
      /^Cannot tell which run is meant: expected 6 to 32 hex digits of its name, found ".*"\nsmelt runs --all lists all$/,
    );
  }
  match(
    refusal("12345679"),
    /^The log of default has never known a run "12345679"\nDid you mean "12345678"\?$/,
  );
  match(refusal("999999"), /\nsmelt runs --all lists all$/);
});

Deno.test("runText() and endingText() say which run it was and how it ended", () => {
  const [first] = RUNS;
  ok(first !== undefined);
  strictEqual(runText(first), "apply by ann on box since 2026-01-02T03:04:05.000Z (run abcdef00)");
  const at = "2026-01-02T03:04:06.000Z";
  const ends: readonly RunSummary["end"][] = [
    undefined,
    { kind: "finished", outcome: "partial", at },
    { kind: "broken", reason: "lockFree", by: "b", at },
    { kind: "broken", reason: "silent", by: "b", at },
    { kind: "revoked", at },
  ];
  deepStrictEqual(ends.map((end) => endingText({ end })), [
    "has not ended",
    "partial",
    "its process was gone",
    "it was silent too long",
    "its key was revoked",
  ]);
});
