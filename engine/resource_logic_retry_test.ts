import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { CallFailure } from "./call_failure.ts";
import { failureOfAttempts, retryAfter, type RetryQuestion } from "./resource_logic_retry.ts";
import type { WorldSchema } from "./schema.ts";

const throttled: CallFailure = { kind: "Throttled", retry: "safe", certainty: "notDone", message: "busy" };
const lost: CallFailure = { kind: "Transient", retry: "withToken", certainty: "unknown", message: "reset" };
const world: WorldSchema = {
  marker: "token",
  uniqueName: undefined,
  settleMs: 0,
  tokenLifetimeMs: 60_000,
  preconditions: false,
  inProcess: false,
};

function ask(changes: Partial<RetryQuestion>): number | undefined {
  return retryAfter({
    failure: throttled,
    attemptCount: 1,
    elapsedMs: 0,
    deadlineMs: 120_000,
    world,
    jitter: 0.5,
    ...changes,
  });
}

Deno.test("retryAfter() waits longer with each attempt, up to a bound, by a share that chance decides", () => {
  strictEqual(ask({}), 100);
  strictEqual(ask({ attemptCount: 2 }), 200);
  strictEqual(ask({ attemptCount: 30 }), 10_000);
  strictEqual(ask({ jitter: 0 }), 0);
});

Deno.test("retryAfter() waits longer for what somebody has to finish, and longest for what a person has to change", () => {
  const waits = (["Throttled", "Conflict", "QuotaExceeded"] as const).map((kind) =>
    ask({ failure: { ...throttled, kind } })
  );
  deepStrictEqual(waits, [100, 500, 2_500]);
});

Deno.test("retryAfter() waits at least as long as the provider asks", () => {
  strictEqual(ask({ failure: { ...throttled, retryAfterMs: 5_000 }, jitter: 0 }), 5_000);
});

Deno.test("retryAfter() sends nothing again that says never, or that was done", () => {
  strictEqual(ask({ failure: { ...throttled, retry: "never" } }), undefined);
  strictEqual(ask({ failure: { ...lost, certainty: "done" } }), undefined);
});

Deno.test("retryAfter() sends nothing beyond the deadline", () => {
  strictEqual(ask({ elapsedMs: 119_950 }), undefined);
  strictEqual(ask({ elapsedMs: 119_000 }), 100);
});

Deno.test("P6 b: retryAfter() relies on a token only within its life", () => {
  strictEqual(ask({ failure: lost, elapsedMs: 59_000 }), 100);
  strictEqual(ask({ failure: lost, elapsedMs: 59_950 }), undefined);
  strictEqual(ask({ failure: lost, world: { ...world, tokenLifetimeMs: 0 } }), undefined);
  strictEqual(ask({ failure: lost, world: undefined }), undefined);
});

Deno.test("failureOfAttempts() holds an intent for open once any attempt may have done something", () => {
  const refused: CallFailure = { kind: "Conflict", retry: "never", certainty: "notDone", message: "used" };
  strictEqual(failureOfAttempts([throttled], refused).certainty, "notDone");
  strictEqual(failureOfAttempts([throttled, lost], refused).certainty, "unknown");
  strictEqual(failureOfAttempts([], lost).certainty, "unknown");
});
