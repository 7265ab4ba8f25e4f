import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { exampleStep } from "../../tests/support/example_plan.ts";
import { failure } from "../../tests/support/toy_cloud.ts";
import type { StepOutcome } from "../../project/run_progress.ts";
import { runExitKind, type RunReport, type StepResult } from "../run_report.ts";
import type { Line } from "../text.ts";
import { failureText } from "./failure_text.ts";
import { jsonText } from "./json_text.ts";
import { outcomeJson } from "./outcome_json.ts";
import { countLine, unsettledLines } from "./outcome_text.ts";

const DONE: StepOutcome = { kind: "succeeded", by: "call" };

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

function textOf(line: Line): string {
  return line.map((part) => part.text).join("");
}

const FAILED_CALL: StepOutcome = {
  kind: "failed",
  failure: { kind: "Call", failure: failure("QuotaExceeded", "No more than 2") },
};

Deno.test("countLine() tells in one line what was done", () => {
  const results = [
    result("create", "a.a"),
    result("create", "a.b"),
    result("update", "a.c"),
    result("delete", "a.d"),
  ];
  strictEqual(textOf(countLine(report({ results }))), "Applied: 2 created, 1 updated, 1 deleted");
  const destroyed = report({ command: "destroy", results: [result("delete", "a.a")] });
  strictEqual(textOf(countLine(destroyed)), "Destroyed: 1 deleted");
});

Deno.test("countLine() does not say applied of what was applied in part", () => {
  const partial = report({
    end: "partial",
    results: [result("create", "a.a"), result("create", "a.b", FAILED_CALL)],
  });
  strictEqual(textOf(countLine(partial)), "Applied in part: 1 created, 1 failed");
  const failed = report({ end: "failed", results: [result("create", "a.b", FAILED_CALL)] });
  strictEqual(textOf(countLine(failed)), "Applied nothing: 0 changed, 1 failed");
});

Deno.test("unsettledLines() gives every failure its reason, and groups what was skipped by it", () => {
  const skipped: StepOutcome = { kind: "skipped", because: "db.main", reason: "db.main did not end well" };
  const results = [
    result("create", "db.main", FAILED_CALL),
    ...Array.from({ length: 8 }, (_, index) => result("create", `app.a${index}`, skipped)),
    result("update", "q.main", { kind: "inDoubt", failure: failure("Timeout", "No answer within 5 s") }),
  ];
  const shown = unsettledLines(
    report({ end: "partial", results, deposed: [{ address: "net.main", id: "net-0" }] }),
  );
  deepStrictEqual(shown.map(textOf), [
    "error: Cannot create db.main (QuotaExceeded): No more than 2",
    "skipped: app.a0, app.a1, app.a2, app.a3, app.a4 and 3 more: db.main did not end well",
    "in doubt: q.main may have been updated, or not: No answer within 5 s (Timeout)",
    "hint: smelt recover looks at the provider and settles it; so does the next smelt apply, first of all",
    "left over: net-0, replaced as the object of net.main and still there: the next smelt apply deletes it",
  ]);
});

Deno.test("unsettledLines() is empty when all went well", () => {
  deepStrictEqual(unsettledLines(report({ results: [result("create", "a.a")] })), []);
});

Deno.test("unsettledLines() says how a run was cut off, and where outcomes are kept", () => {
  match(
    textOf(unsettledLines(report({ end: "interrupted" }))[0] ?? []),
    /^interrupted: nothing more was started/,
  );
  match(textOf(unsettledLines(report({ end: "lost" }))[0] ?? []), /Another run held this one for dead/);
  const broken = unsettledLines(report({ end: "broken", unsavedAt: ".smelt/unsaved/r.json" })).map(textOf);
  match(broken.join("\n"), /took no more records[^]*kept in \.smelt\/unsaved\/r\.json/);
});

Deno.test("failureText() has a sentence for each way in which the log refuses", () => {
  const address = "net.main";
  const started = {
    type: "RunStarted" as const,
    run: "abcdef0123456789",
    command: "apply",
    writes: [],
    reads: [],
    host: "box",
    who: "eve",
    ttlMs: 1,
  };
  const holder = {
    started,
    keyId: "k",
    leave: "change" as const,
    writes: new Set<string>(),
    reads: new Set<string>(),
    startedAt: "2026-01-02T03:04:05.000Z",
    lastSeq: 2,
  };
  const refusals = [
    { kind: "NotOpened" },
    { kind: "AlreadyOpened" },
    { kind: "EnvironmentClosed" },
    { kind: "KeyNotTrusted", keyId: "0123456789", role: "apply" },
    { kind: "LastAdmin", keyId: "0123456789" },
    { kind: "RunNotLive", run: "abcdef0123" },
    { kind: "RunOfOther", run: "abcdef0123", keyId: "0123456789" },
    { kind: "RunExists", run: "abcdef0123" },
    { kind: "ClaimTaken", holder, addresses: [address] },
    { kind: "NotApproved", plan: undefined, found: 0, wanted: 2 },
    { kind: "OwnPlan", keyId: "abcdef0123" },
    { kind: "PlanUsed", plan: "abcdef0123", run: "abcdef0123" },
    { kind: "NotClaimed", address },
    { kind: "VersionMoved", address, decidedOn: 3, found: 4 },
    { kind: "TokenUsed", address, token: "abcdef0123" },
    { kind: "TokenNotOpen", address, token: "abcdef0123" },
    { kind: "IntentOpen", address },
    { kind: "ResourceProtected", address },
    { kind: "DeleteUnderWay", address },
    { kind: "NoSuchObject", address, id: "net-1" },
    { kind: "DependentsRemain", address, dependents: ["db.main"] },
    { kind: "AlreadyLives", address, id: "net-1" },
    { kind: "SharedId", address, id: "net-1", holders: [address, "net.other"] },
    { kind: "DataKeyActive", dataKey: "abcdef0123" },
    { kind: "OldDataKey", address, blob: "b" },
    { kind: "NoLoss", seq: 9 },
    { kind: "OtherAccount", provider: "sim", bound: "one", found: "two" },
  ] as const;
  const seen = new Set<string>();
  for (const refusal of refusals) {
    const { kind, message } = failureText({ kind: "Refused", refusal });
    strictEqual(kind, refusal.kind);
    match(message, /^[a-z][^]{15,}[^.]$/, kind);
    ok(!/undefined|\[object/.test(message), message);
    seen.add(message);
  }
  strictEqual(seen.size, refusals.length);
  match(
    [...seen].join("\n"),
    /apply by eve on box since 2026-01-02T03:04:05\.000Z \(run abcdef01\) holds net\.main/,
  );
  match([...seen].join("\n"), /net-1" of net\.main also belongs to net\.other/);
});

Deno.test("failureText() says what a source has instead", () => {
  const missing = {
    kind: "MissingOutput",
    source: { address: "net.main", output: "idd" },
    available: ["id", "arn"],
  };
  deepStrictEqual(failureText({ kind: "Binding", missing: { ...missing, kind: "MissingOutput" } }), {
    kind: "MissingOutput",
    message: 'net.main has no output "idd": it has id, arn',
  });
});

Deno.test("outcomeJson() tells each step, the counts and the exit code", () => {
  const results = [{ ...result("create", "a.a"), id: "x-1" }, result("deleteDeposed", "a.b", FAILED_CALL)];
  deepStrictEqual(JSON.parse(jsonText(outcomeJson(report({ end: "partial", results }), "partial"))), {
    command: "apply",
    environment: "dev",
    run: "r",
    end: "partial",
    results: [
      { address: "a.a", operation: "create", id: "x-1", outcome: "succeeded", by: "call" },
      {
        address: "a.b",
        operation: "delete_deposed",
        outcome: "failed",
        failure: { kind: "QuotaExceeded", message: "No more than 2" },
      },
    ],
    created: 1,
    updated: 0,
    replaced: 0,
    deleted: 0,
    recorded: 0,
    forgotten: 0,
    moved: 0,
    imported: 0,
    failed: 1,
    skipped: 0,
    in_doubt: 0,
    undecided: [],
    kept: [],
    deposed: [],
    repairs: [],
    exit: { code: 7, kind: "partial" },
  });
});

Deno.test("outcomeJson() has one shape, whether there was anything to do or not", () => {
  const repairs = [{ kind: "cut", sizeBytes: 9, keptAt: "log/dev.cut" }] as const;
  const empty = report({ run: undefined, end: "nothing", repairs });
  const told = JSON.parse(jsonText(outcomeJson(empty, runExitKind(empty))));
  deepStrictEqual(Object.keys(told), Object.keys(JSON.parse(jsonText(outcomeJson(report({}), "ok")))));
  deepStrictEqual([told.run, told.end, told.results, told.exit], [null, "nothing", [], {
    code: 0,
    kind: "ok",
  }]);
  deepStrictEqual(told.repairs, [{ kind: "cut", size_bytes: 9, kept_at: "log/dev.cut" }]);
});
