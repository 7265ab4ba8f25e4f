import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert/strict";
import { examplePlan, exampleResource, exampleStep } from "../tests/support/example_plan.ts";
import { fakeContext } from "../tests/support/fake_context.ts";
import { failure } from "../tests/support/toy_cloud.ts";
import type { RunProgress } from "../project/run_progress.ts";
import { openRunView } from "./run_view.ts";
import { line } from "./text.ts";

const NET = exampleStep("create", "net.main");
const OLD = exampleStep("delete", "net.old", { tier: 1 });
const PLAN = examplePlan([
  exampleResource("net.main", "create"),
  exampleResource("net.old", "delete", { objectId: "net-0" }),
]);

const STORY: readonly RunProgress[] = [
  { type: "RunBegan", run: "abcdef0123456789", stepCount: 2 },
  { type: "StepBegan", step: NET },
  { type: "StepRetries", step: NET, failure: failure("Throttled", "Slow\ndown"), afterMs: 2_000 },
  { type: "StepAccepted", step: NET, id: "net-1", elapsedMs: 2_050 },
  { type: "StepEnded", step: NET, outcome: { kind: "succeeded", by: "call" }, elapsedMs: 2_100 },
  { type: "StepBegan", step: OLD },
  {
    type: "StepEnded",
    step: OLD,
    outcome: { kind: "inDoubt", failure: failure("Timeout", "No answer") },
    elapsedMs: 61_000,
  },
  {
    type: "StepEnded",
    step: exampleStep("update", "db.main"),
    outcome: { kind: "skipped", because: "net.old", reason: "net.old did not end well" },
    elapsedMs: 0,
  },
  { type: "Resolved", address: "net.x", outcome: "notDone", evidence: "absence" },
];

Deno.test("the plain view writes one line for each end and each retry, as it happens", () => {
  const context = fakeContext("file");
  const view = openRunView(context, PLAN, [NET, OLD], "text");
  for (const progress of STORY) view.observe(progress);
  view.note(line("Stopping"));
  view.close();
  deepStrictEqual(context.err.lines, [
    "Run abcdef01: 2 steps",
    "  +   net.main  retrying in 2s: Throttled: Slow\\ndown",
    "  +   net.main  created  net-1  2.1s",
    "  -   net.old  in doubt: it may have been deleted, or not: Timeout  1m01s",
    "  ~   db.main  skipped",
    "  ?   net.x  settled, it was not done: looked for, late enough, and not there",
    "Stopping",
  ]);
  strictEqual(context.err.writes.length, 7, "each line is flushed");
  strictEqual(context.out.text, "");
});

Deno.test("the plain view shows the id of what was made, never that of what it replaces", () => {
  const context = fakeContext("file");
  const swap = exampleStep("replace", "password.a", { objectId: "password-old" });
  const plan = examplePlan([exampleResource("password.a", "replace", { objectId: "password-old" })]);
  const view = openRunView(context, plan, [swap], "text");
  view.observe({ type: "StepBegan", step: swap });
  view.observe({ type: "StepEnded", step: swap, outcome: { kind: "succeeded", by: "call" }, elapsedMs: 3 });
  view.close();
  deepStrictEqual(context.err.lines, ["  -/+ password.a  replaced  3ms"]);
});

Deno.test("the plain view says nothing of a doubt that its step tells, and of one settled by sending again so", () => {
  const context = fakeContext("file");
  const view = openRunView(context, PLAN, [NET], "text");
  view.observe({ type: "Resolved", address: "net.x", outcome: "unknown", evidence: "" });
  view.observe({ type: "Resolved", address: "net.y", outcome: "done", evidence: "resend" });
  view.close();
  deepStrictEqual(context.err.lines, [
    "  ?   net.y  settled, it is done now: sent again under the same token",
  ]);
});

Deno.test("the plain view says once a minute that a silent run goes on", async () => {
  const context = fakeContext("file");
  const view = openRunView(context, PLAN, [NET, OLD], "text");
  view.observe({ type: "StepBegan", step: NET });
  for (let index = 0; index < 9; index++) {
    ok(context.clock.wakeNext());
    await context.clock.settle();
  }
  deepStrictEqual(context.err.lines, [
    "0/2 done, 1 in flight  tier 1/2  1m00s",
    "  +   net.main  creating  1m00s",
    "0/2 done, 1 in flight  tier 1/2  2m00s",
    "  +   net.main  creating  2m00s",
  ]);
  view.close();
  ok(!context.clock.wakeNext());
});

Deno.test("with JSON the view writes one object a line on standard error, and nothing on standard output", () => {
  const context = fakeContext("terminal");
  const view = openRunView(context, PLAN, [NET, OLD], "json");
  for (const progress of STORY) view.observe(progress);
  view.note(line("Stopping"));
  view.close();
  const events = context.err.lines.map((each) => JSON.parse(each).progress);
  deepStrictEqual(events.map((each) => each.event), [
    "run_began",
    "step_began",
    "step_retries",
    "step_accepted",
    "step_ended",
    "step_began",
    "step_ended",
    "step_ended",
    "resolved",
    "note",
  ]);
  deepStrictEqual(events[4], {
    event: "step_ended",
    address: "net.main",
    operation: "create",
    tier: 0,
    outcome: "succeeded",
    by: "call",
    elapsed_ms: 2100,
  });
  deepStrictEqual(events[6].failure, { kind: "Timeout", message: "No answer" });
  strictEqual(events[8].outcome, "not_done");
  strictEqual(context.out.text, "");
  doesNotMatch(context.err.text, /\p{Cf}/u);
});
