import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { err, type Result } from "../engine/result.ts";
import type { ApplyListener, ApplyResult } from "../project/apply_project.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { Notice } from "../project/notice.ts";
import { type ApplyRun, applyRun } from "./apply_events.ts";

const NOTICE: Notice = { kind: "Unpinned", message: "nothing pins this log" };
const FAILED: Result<ApplyResult, ProjectFailure> = err({ kind: "Store", message: "The disk is full" });

function runOf(work: (listener: ApplyListener) => Promise<Result<ApplyResult, ProjectFailure>>): ApplyRun {
  return applyRun({ approve: () => true, signal: undefined }, work);
}

Deno.test("E1: a reader gets all that was told before it came, and then how the run ended", async () => {
  const run = runOf((listener) => {
    for (let told = 0; told < 3; told++) listener.noticed(NOTICE);
    return Promise.resolve(FAILED);
  });
  const types = [];
  for await (const event of run) types.push(event.type);
  deepStrictEqual(types, ["Noticed", "Noticed", "Noticed", "Ended"]);
});

Deno.test("E2: work begins when events are asked for, once", async () => {
  let begun = 0;
  const run = runOf(() => {
    begun++;
    return Promise.resolve(FAILED);
  });
  strictEqual(begun, 0);
  deepStrictEqual(await run.result(), FAILED);
  await rejects(run.result(), /its events have been taken already/);
  strictEqual(begun, 1);
});

Deno.test("E3: a reader who leaves stops the run, and gets away when it has ended", async () => {
  const order: string[] = [];
  const stopped = Promise.withResolvers<void>();
  const run = runOf(async (listener) => {
    listener.interrupts.stop.addEventListener("abort", () => stopped.resolve());
    listener.noticed(NOTICE);
    await stopped.promise;
    await Promise.resolve();
    order.push("recorded");
    return FAILED;
  });
  for await (const _ of run) break;
  order.push("away");
  deepStrictEqual(order, ["recorded", "away"]);
});

Deno.test("E4: what breaks a run is thrown to the reader, who may come for it late", async () => {
  const run = runOf((listener) => {
    listener.noticed(NOTICE);
    return Promise.reject(new Error("the log is damaged"));
  });
  const events = run[Symbol.asyncIterator]();
  strictEqual((await events.next()).value?.type, "Noticed");
  // A turn of the runtime, in which a rejection that nobody minds would end the program.
  await Deno.stat(".");
  await rejects(events.next(), /the log is damaged/);
});
