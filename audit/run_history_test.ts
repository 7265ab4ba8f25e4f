import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Event } from "../engine/event.ts";
import { RECORD_VERSION } from "../engine/record.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";
import { createStarted, createSucceeded, runStarted } from "./audited_log_arbitrary.ts";
import { runHistory } from "./run_history.ts";

const [A, B, C] = ["a".repeat(32), "b".repeat(32), "c".repeat(32)] as const;

/** Records as they are read, one a list of events, each a second after the one before. */
function records(
  ...written: readonly { readonly run: string; readonly by?: string; readonly events: readonly Event[] }[]
): readonly VerifiedRecord[] {
  return written.map(({ run, by = "key", events }, index): VerifiedRecord => ({
    record: {
      v: RECORD_VERSION,
      stream: "s",
      seq: index + 1,
      prev: "",
      at: `2026-01-02T03:04:0${index + 1}.000Z`,
      run,
      by,
      events,
    },
    hash: "",
    voids: [],
    sizeBytes: 1,
  }));
}

Deno.test("runHistory() tells what each run did and how it ended, outcomes after its end included", () => {
  const [ended, live] = runHistory(records(
    { run: A, events: [runStarted(A, ["net.a"])] },
    { run: A, events: [createStarted("net.a", "t-1")] },
    { run: B, events: [runStarted(B, ["net.b"])] },
    { run: B, events: [{ type: "RunBroken", run: A, reason: "silent" }] },
    { run: A, events: [createSucceeded("net.a", "t-1", "net-1")] },
    { run: A, events: [{ type: "RunFinished", outcome: "succeeded" }] },
  ));
  deepStrictEqual(ended?.end, { kind: "broken", reason: "silent", by: B, at: "2026-01-02T03:04:04.000Z" });
  strictEqual(ended.counts.created, 1);
  deepStrictEqual(ended.last, { seq: 6, at: "2026-01-02T03:04:06.000Z" });
  strictEqual(live?.end, undefined);
  deepStrictEqual(live?.last, { seq: 4, at: "2026-01-02T03:04:04.000Z" });
});

Deno.test("runHistory() ends the runs of a key that is revoked, and takes nothing that void events say for true", () => {
  const [of, other, ...rest] = runHistory(
    records(
      { run: A, by: "lost", events: [runStarted(A, [])] },
      { run: B, events: [runStarted(B, [])] },
      { run: B, events: [{ type: "KeyRevoked", keyId: "lost", reason: "stolen" }] },
      { run: B, events: [{ type: "RunFinished", outcome: "succeeded" }] },
    ).concat(
      records({ run: C, events: [runStarted(C, [])] }).map((each) => ({
        ...each,
        voids: [{ position: { seq: 1, index: 0 }, type: "RunStarted", refusal: { kind: "NotOpened" } }],
      })),
    ),
  );
  deepStrictEqual(of?.end, { kind: "revoked", at: "2026-01-02T03:04:03.000Z" });
  deepStrictEqual(other?.end, { kind: "finished", outcome: "succeeded", at: "2026-01-02T03:04:04.000Z" });
  deepStrictEqual(rest, []);
});

Deno.test("P14: runHistory() counts nothing for a run that another key has signed under its name", () => {
  const [run] = runHistory(records(
    { run: A, events: [runStarted(A, ["net.a"]), createStarted("net.a", "t-1")] },
    { run: A, by: "thief", events: [createSucceeded("net.a", "t-1", "net-1")] },
  ));
  deepStrictEqual([run?.counts.created, run?.last.seq], [0, 1]);
});
