import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { IntegrityError } from "../engine/integrity_error.ts";
import { InvariantError } from "../engine/invariant.ts";
import { VirtualClock } from "../tests/support/virtual_clock.ts";
import { supervise } from "./supervisor.ts";

Deno.test("supervise() tries again with back-off, then tells the failure as data", async () => {
  const clock = new VirtualClock();
  let count = 0;
  const failing = () => {
    count++;
    return Promise.reject(new Error("disk full"));
  };
  const result = await clock.run(supervise({ clock, attemptCount: 3, certainty: "notDone" }, failing));
  deepStrictEqual(result, {
    ok: false,
    error: { kind: "Internal", retry: "never", certainty: "notDone", message: "disk full" },
  });
  strictEqual(count, 3);
  strictEqual(clock.monotonicMs(), 300);
});

Deno.test("supervise() gives back what the work gives, as soon as it does", async () => {
  const clock = new VirtualClock();
  let count = 0;
  const work = () => count++ === 0 ? Promise.reject(new Error("busy")) : Promise.resolve("done");
  deepStrictEqual(await clock.run(supervise({ clock, attemptCount: 3, certainty: "unknown" }, work)), {
    ok: true,
    value: "done",
  });
});

Deno.test("supervise() swallows neither damage nor bugs", async () => {
  const clock = new VirtualClock();
  const supervision = { clock, attemptCount: 3, certainty: "unknown" } as const;
  const damage = () => Promise.reject(new IntegrityError("chain", "dev record 2", "Cannot trust it"));
  await rejects(supervise(supervision, damage), IntegrityError);
  await rejects(supervise(supervision, () => Promise.reject(new InvariantError("never"))), InvariantError);
  strictEqual(clock.monotonicMs(), 0);
});
