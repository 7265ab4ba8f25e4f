import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { VirtualClock } from "../tests/support/virtual_clock.ts";
import { kmsFault } from "./kms_fault.ts";
import { patiently } from "./kms_patience.ts";

const ASKED = { action: "kms:Sign", key: "alias/smelt", host: "kms.example" };

/** Milliseconds in which another machine would hold a run for dead. */
const TTL_MS = 30_000;

function named(name: string): Error {
  return Object.assign(new Error("told by the test"), { name });
}

/** Makes a call that ends as `turns` say, one after the other; the last one again and again. */
async function patience(turns: readonly (string | Error | "silence")[]) {
  const clock = new VirtualClock();
  const signals: AbortSignal[] = [];
  const answer = await clock.run(patiently(clock, (signal) => {
    const turn = turns[Math.min(signals.length, turns.length - 1)];
    signals.push(signal);
    if (turn === "silence") return new Promise<string>(() => {});
    return turn instanceof Error ? Promise.reject(turn) : Promise.resolve(`${turn}`);
  }, (error) => kmsFault(error, ASKED)));
  return { answer, signals, ms: clock.monotonicMs() };
}

Deno.test("patiently() asks again after what may pass, and gives the answer that comes then", async () => {
  const { answer, signals } = await patience([
    named("ThrottlingException"),
    "silence",
    named("TypeError"),
    "signed",
  ]);
  deepStrictEqual(answer, { ok: true, value: "signed" });
  deepStrictEqual(signals.map(({ aborted }) => aborted), [false, true, false, false]);
});

Deno.test("patiently() gives up at once on what stays", async () => {
  const { answer, signals, ms } = await patience([named("AccessDeniedException")]);
  strictEqual(answer.ok ? undefined : answer.error.kind, "Denied");
  deepStrictEqual([signals.length, ms], [1, 0]);
});

Deno.test("P13: patiently() gives up on silence long before a run that waits is held for dead", async () => {
  const { answer, signals, ms } = await patience(["silence"]);
  strictEqual(answer.ok ? undefined : answer.error.kind, "Unreachable");
  strictEqual(signals.length, 5);
  ok(ms < TTL_MS * 3 / 4, `${ms} ms`);
});
