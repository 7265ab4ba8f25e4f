import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { ValueRecord } from "../engine/value.ts";
import { openLab, ToyEngine } from "../tests/support/toy_engine.ts";
import { planToys, type ToyResource } from "../tests/support/toy_plan.ts";
import { TOY_DEADLINE_MS } from "../tests/support/toy_schema.ts";
import { executeRun } from "./engine_run.ts";

const DEADLINES = { create: 1_111, update: 2_222, delete: 3_333 };

/** The time that each intent of the log gives its call, in order. */
async function deadlinesOf(engine: ToyEngine): Promise<readonly unknown[]> {
  const events = await engine.events();
  return events.flatMap((each) => "deadlineMs" in each ? [[each.type, each.deadlineMs]] : []);
}

Deno.test("stepMessage() gives each operation its own time", async () => {
  const engine = await ToyEngine.open(await openLab());
  const vm = (size: number, zone: string): ToyResource => ({
    type: "toy.Token",
    fields: { size, zone },
    deadlinesMs: DEADLINES,
  });
  await engine.apply({ "vm.a": vm(1, "x") });
  await engine.apply({ "vm.a": vm(2, "x") });
  await engine.apply({ "vm.a": vm(2, "y") });
  await engine.apply({});
  deepStrictEqual(await deadlinesOf(engine), [
    ["CreateStarted", 1_111],
    ["UpdateStarted", 2_222],
    ["CreateStarted", 1_111],
    ["DeleteStarted", 3_333],
    ["DeleteStarted", TOY_DEADLINE_MS],
  ]);
});

Deno.test("stepMessage() deletes an object of the type of before within the time of that type", async () => {
  const engine = await ToyEngine.open(await openLab());
  await engine.apply({ "vm.a": { type: "toy.Token" } });
  await engine.apply({ "vm.a": { type: "toy.Brief", deadlinesMs: DEADLINES } });
  deepStrictEqual((await deadlinesOf(engine)).at(-1), ["DeleteStarted", TOY_DEADLINE_MS]);
});

Deno.test("stepMessage() refuses a bound value that turns out not to fit, and calls nobody", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const result = await engine.apply({
    "net.a": { type: "toy.Token", fields: { name: "net" } },
    "vm.b": { type: "toy.Token", needs: { size: "net.a.arn" } },
  });
  ok(result.kind === "ended");
  const outcome = result.steps.get("create vm.b");
  ok(outcome?.kind === "failed" && outcome.failure.kind === "Call");
  match(
    outcome.failure.failure.message,
    /^Cannot bind "net\.a\.arn" to "size": expected an integer, found the text/,
  );
  strictEqual(lab.cloud.calls.length, 1);
});

Deno.test("stepMessage() asks the project of the fields that it is about to send, and a no makes no call and no intent", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  await engine.apply({
    "net.a": { type: "toy.Token", fields: { name: "net" } },
    "vm.c": { type: "toy.Token" },
  });
  const asked: unknown[] = [];
  const order = planToys(engine.journal, {
    "net.a": { type: "toy.Token", fields: { name: "net" } },
    "vm.b": { type: "toy.Token", needs: { name: "net.a.id" } },
  });
  const inputRule = (address: string, fields: ValueRecord) => {
    asked.push([address, Object.entries(fields)]);
    return `no ${address}`;
  };
  const before = (await engine.events()).length;
  const result = await lab.clock.run(executeRun(engine.world, { ...order, inputRule }));
  ok(result.kind === "ended");
  deepStrictEqual(result.steps.get("create vm.b"), {
    kind: "failed",
    failure: {
      kind: "Call",
      failure: { kind: "InvalidConfig", retry: "never", certainty: "notDone", message: "no vm.b" },
    },
  });
  deepStrictEqual(result.steps.get("delete vm.c")?.kind, "succeeded");
  const id = engine.journal.state.resources.get("net.a")?.object?.id;
  deepStrictEqual(asked, [["vm.b", [["name", id]]]]);
  const since = (await engine.events()).slice(before).map((each) => each.type);
  ok(!since.includes("CreateStarted"), since.join());
});
