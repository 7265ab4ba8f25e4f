import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { examplePlan, exampleResource, exampleStep } from "../tests/support/example_plan.ts";
import { fakeContext } from "../tests/support/fake_context.ts";
import { screenOf } from "../tests/support/screen.ts";
import { failure } from "../tests/support/toy_cloud.ts";
import { openRunView } from "./run_view.ts";
import { line } from "./text.ts";

const NET = exampleStep("create", "net.main");
const DATABASE = exampleStep("update", "db.main", { tier: 1, after: [NET.id] });
const PLAN = examplePlan([
  exampleResource("net.main", "create"),
  exampleResource("db.main", "update", { objectId: "db-1", tier: 1 }),
]);
const DONE = { kind: "succeeded", by: "call" } as const;

/** Opens the view on a terminal; `tick` is a tenth of a second. */
function openLive(size: { readonly columns: number; readonly rows: number } = { columns: 80, rows: 24 }) {
  const context = fakeContext("terminal");
  Object.assign(context.size, size);
  const view = openRunView(context, PLAN, [NET, DATABASE], "text");
  const tick = async (count = 1) => {
    for (let index = 0; index < count; index++) {
      ok(context.clock.wakeNext(), "the view keeps time");
      await context.clock.settle();
    }
  };
  const screen = () => screenOf(context.err.text, context.size.columns).slice(0, -1);
  return { context, view, tick, screen };
}

Deno.test("the live view shows each step in flight with state and time, and the count below", async () => {
  const { view, tick, screen } = openLive();
  view.observe({ type: "RunBegan", run: "r".repeat(32), stepCount: 2 });
  view.observe({ type: "StepBegan", step: NET });
  await tick();
  deepStrictEqual(screen(), ["  +   net.main  creating  0s", "0/2 done, 1 in flight  tier 1/2  0s"]);
  await tick(30);
  deepStrictEqual(screen(), ["  +   net.main  creating  3s", "0/2 done, 1 in flight  tier 1/2  3s"]);
  view.observe({ type: "StepAccepted", step: NET, id: "net-1", elapsedMs: 3_000 });
  await tick();
  strictEqual(screen()[0], "  +   net.main  creating, accepted net-1  3s");
  view.close();
});

Deno.test("the live view leaves a line for good when a step ends", async () => {
  const { view, tick, screen } = openLive();
  view.observe({ type: "StepBegan", step: NET });
  view.observe({ type: "StepAccepted", step: NET, id: "net-1", elapsedMs: 10 });
  view.observe({ type: "StepEnded", step: NET, outcome: DONE, elapsedMs: 1_234 });
  view.observe({ type: "StepBegan", step: DATABASE });
  await tick();
  deepStrictEqual(screen(), [
    "  +   net.main  created  net-1  1.2s",
    "  ~   db.main  updating  0s",
    "1/2 done, 1 in flight  tier 2/2  0s",
  ]);
  view.observe({
    type: "StepEnded",
    step: DATABASE,
    outcome: { kind: "failed", failure: { kind: "Call", failure: failure("QuotaExceeded", "No room") } },
    elapsedMs: 20,
  });
  view.close();
  deepStrictEqual(screen(), [
    "  +   net.main  created  net-1  1.2s",
    "  ~   db.main  cannot update: QuotaExceeded  20ms",
  ]);
});

Deno.test("the live view says why and when a step is tried again", async () => {
  const { view, tick, screen } = openLive();
  view.observe({ type: "StepBegan", step: NET });
  view.observe({
    type: "StepRetries",
    step: NET,
    failure: failure("Throttled", "Slow down"),
    afterMs: 5_000,
  });
  await tick(11);
  strictEqual(screen()[0], "  +   net.main  retrying in 3s: Throttled  1s");
  await tick(40);
  strictEqual(screen()[0], "  +   net.main  creating  5s");
  view.observe({
    type: "StepRetries",
    step: NET,
    failure: failure("AlreadyExists", "Taken"),
    afterMs: 5_000,
  });
  await tick();
  match(screen()[0] ?? "", /waiting for the name, next try in 4s/);
  view.close();
});

Deno.test("the live view is drawn at once, then at most ten times a second", async () => {
  const { context, view, tick } = openLive();
  for (let index = 0; index < 500; index++) {
    const step = exampleStep("create", `net.n${index}`);
    view.observe({ type: "StepBegan", step });
    view.observe({ type: "StepEnded", step, outcome: DONE, elapsedMs: 1 });
  }
  strictEqual(context.err.writes.length, 1);
  await tick();
  strictEqual(context.err.writes.length, 2);
  await tick(5);
  strictEqual(context.err.writes.length, 2, "nothing is written while nothing changes");
  view.close();
  strictEqual(context.err.lines.filter((each) => each.includes("created")).length, 500);
});

Deno.test("the live view never takes more rows or columns than there are", async () => {
  const { view, tick, screen } = openLive({ columns: 30, rows: 8 });
  for (let index = 0; index < 20; index++) {
    view.observe({
      type: "StepBegan",
      step: exampleStep("create", `network.with_a_long_name_日本語_${index}`),
    });
  }
  await tick();
  strictEqual(screen().length, 7);
  for (const row of screen()) ok([...row].length < 30, row);
  match(screen()[0] ?? "", /…$/);
  strictEqual(screen()[5], "  … and 15 more");
  view.close();
  deepStrictEqual(screen(), []);
});

Deno.test("the live view clears what a narrower window has broken into more rows", async () => {
  const { context, view, tick } = openLive();
  view.observe({ type: "StepBegan", step: NET });
  await tick();
  const before = context.err.text.length;
  context.size.columns = 20;
  await tick(10);
  // Two rows of the step, two of the count.
  ok(context.err.text.slice(before).startsWith("\x1b[4A\x1b[0J"));
  view.close();
});

Deno.test("the live view shows notes above the region, and makes everything inert", async () => {
  const { context, view, tick, screen } = openLive();
  view.observe({ type: "StepBegan", step: exampleStep("create", 'net["\x1b[2J\u202e"]') });
  view.note(line("Stopping"));
  await tick();
  deepStrictEqual(screen().slice(0, 2), ["Stopping", '  +   net["\\u{1b}[2J\\u{202e}"]  creating  0s']);
  doesNotMatch(context.err.text, /\u202e/);
  view.close();
});

Deno.test("the live view without a plan shows what is settled, and that it waits for another run", async () => {
  const context = fakeContext("terminal");
  const view = openRunView(context, undefined, [], "text");
  view.observe({ type: "RunWaits", forRun: "abcdef0123456789", host: "box", atMostMs: 30_000 });
  view.observe({ type: "ResolveWaits", address: "net.main", afterMs: 12_000 });
  context.clock.wakeNext();
  await context.clock.settle();
  deepStrictEqual(screenOf(context.err.text, 80).slice(0, -1), [
    "Waiting for the run abcdef01 on box to end, 29s left",
    "  ?   net.main  settling, the next look in 11s",
    "Settling what earlier runs left  0s",
  ]);
  view.close();
});

Deno.test("close() stops the clock of the view", () => {
  const { context, view } = openLive();
  view.close();
  ok(!context.clock.wakeNext());
});
