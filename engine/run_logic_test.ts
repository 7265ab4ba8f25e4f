import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { Schedule } from "./run_logic.ts";
import type { Step } from "./steps.ts";

function step(address: string, after: readonly string[] = [], tier = 0): Step {
  return {
    id: address,
    address,
    operation: "create",
    objectId: undefined,
    isUnderDependents: false,
    after,
    tier,
  };
}

function drain(schedule: Schedule): string[] {
  const started: string[] = [];
  for (let next = schedule.next(); next !== undefined; next = schedule.next()) started.push(next.id);
  return started;
}

Deno.test("next() gives a step once everything that it comes after has settled well", () => {
  const schedule = new Schedule([step("a"), step("b", ["a"]), step("c", ["a", "b"])], "apply");
  deepStrictEqual(drain(schedule), ["a"]);
  schedule.settle("a", "well");
  deepStrictEqual(drain(schedule), ["b"]);
  schedule.settle("b", "well");
  deepStrictEqual(drain(schedule), ["c"]);
  schedule.settle("c", "well");
  strictEqual(schedule.unsettledCount, 0);
});

Deno.test("next() gives the longest remaining path first", () => {
  const steps = [step("lone"), step("a"), step("b", ["a"]), step("c", ["b"]), step("d"), step("e", ["d"])];
  deepStrictEqual(drain(new Schedule(steps, "apply")), ["a", "d", "lone"]);
});

Deno.test("settle() skips all that relies on a failure, at any distance, and nothing else", () => {
  const schedule = new Schedule([step("a"), step("b", ["a"]), step("c", ["b"]), step("x")], "apply");
  drain(schedule);
  deepStrictEqual(schedule.settle("a", "badly").map(({ step: each, because }) => [each.id, because]), [
    ["b", "a"],
    ["c", "a"],
  ]);
  deepStrictEqual(schedule.settle("x", "well"), []);
  deepStrictEqual(drain(schedule), []);
  strictEqual(schedule.unsettledCount, 0);
});

Deno.test("in a destroy a failure stops every later tier, and what runs beside it ends", () => {
  const steps = [step("a", [], 0), step("b", [], 0), step("c", [], 1), step("d", [], 2)];
  const schedule = new Schedule(steps, "destroy");
  strictEqual(schedule.next()?.id, "a");
  deepStrictEqual(schedule.settle("a", "badly").map((each) => each.step.id), ["c", "d"]);
  deepStrictEqual(drain(schedule), ["b"]);
});

Deno.test("in an apply a failure leaves other tiers alone", () => {
  const schedule = new Schedule([step("a", [], 0), step("c", [], 1)], "apply");
  drain(schedule);
  deepStrictEqual(schedule.settle("a", "badly"), []);
});

Deno.test("giveUp() ends all that has not started", () => {
  const schedule = new Schedule([step("a"), step("b", ["a"]), step("c")], "apply");
  schedule.next();
  deepStrictEqual(schedule.giveUp().map((each) => each.id), ["b", "c"]);
  strictEqual(schedule.unsettledCount, 1);
});

Deno.test("a schedule refuses steps that wait for each other, two of one id, and one that waits for nobody", () => {
  throws(() => new Schedule([step("a", ["b"]), step("b", ["a"])], "apply"), /wait for each other/);
  throws(() => new Schedule([step("a"), step("a")], "apply"), /Two steps have the id "a"/);
  throws(() => new Schedule([step("a", ["z"])], "apply"), /no step "z"/);
});

/** Steps that only come after earlier ones. */
const steps = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 }).map((edges) =>
  edges.map((after, nth) =>
    step(`s${nth}`, [...new Set(after.filter((each) => each < nth).map((each) => `s${each}`))])
  )
);

Deno.test("every step is started or skipped exactly once, never before what it comes after, whatever fails", () => {
  fc.assert(fc.property(steps, fc.infiniteStream(fc.nat(9)), (all, chance) => {
    const schedule = new Schedule(all, "apply");
    const well = new Set<string>();
    const seen = new Map<string, string>();
    const running: Step[] = [];
    const draw = () => chance.next().value ?? 0;
    for (;;) {
      for (let next = schedule.next(); next !== undefined; next = schedule.next()) {
        strictEqual(seen.get(next.id), undefined);
        seen.set(next.id, "started");
        deepStrictEqual(next.after.filter((id) => !well.has(id)), []);
        running.push(next);
      }
      const [ended] = running.splice(draw() % Math.max(1, running.length), 1);
      if (ended === undefined) break;
      const outcome = draw() < 3 ? "badly" : "well";
      if (outcome === "well") well.add(ended.id);
      for (const { step: skipped } of schedule.settle(ended.id, outcome)) {
        strictEqual(seen.get(skipped.id), undefined);
        seen.set(skipped.id, "skipped");
      }
    }
    strictEqual(seen.size, all.length);
    strictEqual(schedule.unsettledCount, 0);
  }));
});
