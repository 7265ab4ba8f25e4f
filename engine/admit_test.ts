import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  createStarted,
  createSucceeded,
  deleteStarted,
  facts,
  given,
  KEY,
  live,
  opened,
  resolved,
  RUN,
  runStarted,
  type Step,
  trustedKey,
  updateStarted,
} from "./_test_environment.ts";
import { admit } from "./admit.ts";
import type { CallFailure } from "./call_failure.ts";
import { Environment } from "./environment.ts";
import type { Event } from "./event.ts";

const FAILURE: CallFailure = { kind: "Timeout", retry: "never", certainty: "unknown", message: "" };
const OTHER = "r2";
const TAINT: Event = { type: "Tainted", address: "a.x", reason: "test" };

Deno.test("admit() refuses all before the environment was opened, and another opening after", () => {
  const who = { run: RUN, keyId: KEY, decidedOn: new Map<string, number>() };
  deepStrictEqual(admit(new Environment(), runStarted(), who), { kind: "NotOpened" });
  strictEqual(admit(new Environment(), opened(), who), undefined);
  deepStrictEqual(given().when(opened()), { kind: "AlreadyOpened" });
});

Deno.test("admit() refuses an opening by a key that it does not name as admin", () => {
  const who = { run: RUN, keyId: KEY, decidedOn: new Map<string, number>() };
  const refusal = { kind: "KeyNotTrusted", keyId: KEY, role: "admin" };
  deepStrictEqual(admit(new Environment(), opened([trustedKey("k9")]), who), refusal);
  deepStrictEqual(admit(new Environment(), opened([trustedKey(KEY, ["apply"])]), who), refusal);
});

Deno.test("admit() refuses all after the environment was closed, outcomes too", () => {
  const closed = given(createStarted("a.x", "t1"), { type: "EnvironmentClosed", movedTo: "s2" });
  for (const event of [runStarted(OTHER), TAINT, createSucceeded("a.x", "t1", "i-1"), opened()]) {
    const kind = event.type === "EnvironmentOpened" ? "AlreadyOpened" : "EnvironmentClosed";
    deepStrictEqual(closed.when(event), { kind });
  }
});

Deno.test("admit() lets an environment end only when nothing lives in it and nobody else works in it", () => {
  const close: Event = { type: "EnvironmentClosed" };
  const held = given(...live("a.x", "i-1"), createStarted("a.y", "t1"));
  deepStrictEqual(held.when(close), { kind: "EnvironmentInUse", runs: [], addresses: ["a.x", "a.y"] });
  strictEqual(held.when({ ...close, movedTo: "s2" }), undefined);
  const busy = given({ as: { run: OTHER } }, runStarted(OTHER, ["b.z"]));
  const refusal = { kind: "EnvironmentInUse", runs: [OTHER], addresses: [] };
  deepStrictEqual(busy.when(close), refusal);
  deepStrictEqual(busy.when({ ...close, movedTo: "s2" }), refusal);
  strictEqual(
    given(...live("a.x", "i-1"), { type: "Forgotten", address: "a.x", id: "i-1" }).when(close),
    undefined,
  );
  strictEqual(given(close).environment.liveRuns.durable.size, 0);
});

Deno.test("P14 a: admit() refuses a key that is unknown, revoked, or lacks the role", () => {
  const keys = given(
    { type: "KeyTrusted", key: trustedKey("ci", ["apply"]) },
    { type: "KeyTrusted", key: trustedKey("old") },
    { type: "KeyRevoked", keyId: "old", reason: "lost" },
    { type: "KeyTrusted", key: trustedKey("boss", ["approve"]) },
  );
  const refusal = (keyId: string, role: string) => ({ kind: "KeyNotTrusted", keyId, role });
  deepStrictEqual(keys.when(TAINT, { key: "thief" }), refusal("thief", "apply"));
  deepStrictEqual(keys.when(TAINT, { key: "old" }), refusal("old", "apply"));
  deepStrictEqual(keys.when(TAINT, { key: "boss" }), refusal("boss", "apply"));
  strictEqual(keys.when(TAINT, { key: "ci" }), undefined);
  const adminOnly: readonly Event[] = [
    { type: "KeyTrusted", key: trustedKey("ci2") },
    { type: "KeyRevoked", keyId: KEY, reason: "mine now" },
    { type: "SecretsRotated", active: "d2" },
    { type: "EnvironmentClosed" },
  ];
  for (const event of adminOnly) deepStrictEqual(keys.when(event, { key: "ci" }), refusal("ci", "admin"));
});

Deno.test("P14: admit() refuses to take the last admin away, by revoking or by fewer roles", () => {
  const keys = given({ type: "KeyTrusted", key: trustedKey("ci", ["apply"]) });
  const refusal = { kind: "LastAdmin", keyId: KEY };
  deepStrictEqual(keys.when({ type: "KeyRevoked", keyId: KEY, reason: "x" }), refusal);
  deepStrictEqual(keys.when({ type: "KeyTrusted", key: trustedKey(KEY, ["apply"]) }), refusal);
  strictEqual(keys.when({ type: "KeyRevoked", keyId: "ci", reason: "x" }), undefined);
  const two = given({ type: "KeyTrusted", key: trustedKey("k2") });
  strictEqual(two.when({ type: "KeyRevoked", keyId: KEY, reason: "x" }), undefined);
  strictEqual(two.when({ type: "KeyTrusted", key: trustedKey(KEY, ["apply"]) }), undefined);
  const gone = given({ type: "KeyTrusted", key: trustedKey("k2") }, {
    type: "KeyRevoked",
    keyId: "k2",
    reason: "lost",
  });
  deepStrictEqual(gone.when({ type: "KeyRevoked", keyId: KEY, reason: "x" }), refusal);
});

Deno.test("P15 b: a loss is accepted by an admin key, in a run that claims nothing, for no record but a later one", () => {
  const loss = { type: "LogRestored", lostSeq: 9, lostHash: "h", restoredSeq: 2 } as const;
  const helper = { type: "KeyTrusted", key: trustedKey("k2", ["apply"]) } as const;
  const bare = { run: OTHER };
  const accepting = given(helper, { as: bare }, runStarted(OTHER, []));
  strictEqual(accepting.when(loss, bare), undefined);
  const noLoss = (seq: number) => ({ kind: "NoLoss", seq });
  deepStrictEqual(accepting.when(loss), noLoss(9));
  deepStrictEqual(accepting.when({ ...loss, lostSeq: 1 }, bare), noLoss(1));
  deepStrictEqual(accepting.when({ ...loss, restoredSeq: 4 }, bare), noLoss(9));
  deepStrictEqual(accepting.when(loss, { run: "r9" }), { kind: "RunNotLive", run: "r9" });
  const unable = { kind: "KeyNotTrusted", keyId: "k2", role: "admin" };
  deepStrictEqual(accepting.when(loss, { ...bare, key: "k2" }), unable);
  deepStrictEqual(accepting.when({ type: "LossSettled", acceptedSeq: 5 }, { ...bare, key: "k2" }), unable);
});

Deno.test("P15 b: only the last loss is settled, once, and not while a call of before it is in doubt", () => {
  const bare = { run: OTHER };
  const lost = [
    { as: bare },
    runStarted(OTHER, []),
    { type: "LogRestored", lostSeq: 9, lostHash: "h", restoredSeq: 2 },
  ] as const;
  const settled = (acceptedSeq: number) => ({ type: "LossSettled", acceptedSeq }) as const;
  deepStrictEqual(given().when(settled(0)), { kind: "NoLoss", seq: 0 });
  const accepted = given(...lost);
  deepStrictEqual(accepted.when(settled(3), bare), { kind: "NoLoss", seq: 3 });
  strictEqual(accepted.when(settled(4), bare), undefined);
  ok(accepted.environment.facts?.isLossOpen);
  const over = given(...lost, settled(4));
  ok(!over.environment.facts?.isLossOpen);
  strictEqual(over.environment.facts?.losses.length, 1);
  deepStrictEqual(over.when(settled(4), bare), { kind: "NoLoss", seq: 4 });
  const open = given(createStarted("a.x", "t1"), ...lost);
  deepStrictEqual(open.when(settled(5), bare), { kind: "IntentOpen", address: "a.x" });
  const later = given(...lost, { as: {} }, createStarted("a.x", "t1"));
  strictEqual(later.when(settled(4)), undefined);
});

Deno.test("P14 c: revoking a key ends its runs, and frees their claims", () => {
  const revoked = given(
    { type: "KeyTrusted", key: trustedKey("k2") },
    { as: { key: "k2", run: OTHER } },
    runStarted(OTHER, ["b.z"]),
    { as: {} },
    { type: "KeyRevoked", keyId: "k2", reason: "lost" },
  );
  deepStrictEqual([...revoked.environment.liveRuns.durable.keys()], [RUN]);
  strictEqual(revoked.when(runStarted("r3", ["b.z"]), { run: "r3" }), undefined);
});

Deno.test("P16, P21: admit() wants a live run for all but what only forbids or observes, and outcomes", () => {
  const over = given(...live("a.x", "i-1"), createStarted("a.y", "t1"), {
    type: "RunFinished",
    outcome: "interrupted",
  });
  const refused: readonly Event[] = [
    { type: "RunRenewed" },
    { type: "RunFinished", outcome: "failed" },
    { type: "EnvironmentClosed" },
    { type: "CheckpointTaken", seq: 1, root: "m", object: "o" },
    { type: "SecretsRotated", active: "d2" },
    { type: "AccountBound", provider: "sim", account: "1" },
    { type: "KeyTrusted", key: trustedKey("k2") },
    updateStarted("a.x", "t2", "i-1"),
    resolved("a.y", "t1", "notDone"),
    { type: "Untainted", address: "a.x" },
    { type: "Unprotected", address: "a.x" },
    { type: "Forgotten", address: "a.x", id: "i-1" },
    { type: "DriftAccepted", address: "a.x", id: "i-1", inputs: {} },
    { type: "Skipped", address: "a.x", because: "a.y", reason: "failed" },
  ];
  for (const event of refused) {
    deepStrictEqual(over.when(event), { kind: "RunNotLive", run: RUN }, event.type);
  }
  const admitted: readonly Event[] = [
    TAINT,
    { type: "Protected", address: "a.x" },
    { type: "Observed", address: "a.x", id: "i-1", found: null },
    createSucceeded("a.y", "t1", "i-2"),
    { type: "KeyRevoked", keyId: "nobody", reason: "x" },
  ];
  for (const event of admitted) strictEqual(over.when(event), undefined, event.type);
});

Deno.test("P14: whatever takes a live run takes the key that started it; outcomes, and what only forbids, take none", () => {
  const held = given(
    { type: "KeyTrusted", key: trustedKey("k2") },
    ...live("a.x", "i-1"),
    createStarted("a.y", "t1"),
  );
  const thief = { key: "k2" };
  const refused: readonly Event[] = [
    { type: "RunRenewed" },
    { type: "RunFinished", outcome: "failed" },
    { type: "EnvironmentClosed" },
    { type: "CheckpointTaken", seq: 1, root: "m", object: "o" },
    { type: "SecretsRotated", active: "d2" },
    { type: "SecretsRotated", dropped: "d0" },
    { type: "SecretRevealed", subject: "a.x", paths: [] },
    { type: "PolicySet", approvals: 0, protected: false },
    { type: "AccountBound", provider: "sim", account: "1" },
    { type: "KeyTrusted", key: trustedKey("k3") },
    { type: "LogRestored", lostSeq: 9, lostHash: "h", restoredSeq: 2 },
    { type: "LossSettled", acceptedSeq: 3 },
    { type: "CreateFailed", address: "a.y", token: "t1", failure: FAILURE },
    updateStarted("a.x", "t2", "i-1"),
    deleteStarted("a.x", "t2", "i-1"),
    resolved("a.y", "t1", "notDone"),
    { type: "Untainted", address: "a.x" },
    { type: "Unprotected", address: "a.x" },
    { type: "Forgotten", address: "a.x", id: "i-1" },
    { type: "DriftAccepted", address: "a.x", id: "i-1", inputs: {} },
    { type: "Skipped", address: "a.x", because: "a.y", reason: "failed" },
  ];
  for (const event of refused) {
    deepStrictEqual(held.when(event, thief), { kind: "RunOfOther", run: RUN, keyId: KEY }, event.type);
  }
  const admitted: readonly Event[] = [
    TAINT,
    { type: "Protected", address: "a.x" },
    { type: "Observed", address: "a.x", id: "i-1", found: null },
    { type: "CreateAccepted", address: "a.y", token: "t1", id: "i-2" },
    createSucceeded("a.y", "t1", "i-2"),
    { type: "RunBroken", run: RUN, reason: "silent" },
  ];
  for (const event of admitted) strictEqual(held.when(event, thief), undefined, event.type);
});

Deno.test("P14: what another key writes under the name of a run does not keep that run alive", () => {
  const { environment } = given({ type: "KeyTrusted", key: trustedKey("k2") }, { as: { key: "k2" } }, TAINT);
  strictEqual(environment.liveRuns.durable.get(RUN)?.lastSeq, 3);
});

Deno.test("admit() refuses to break a run that is not live", () => {
  const broken = { type: "RunBroken", run: OTHER, reason: "silent" } as const;
  deepStrictEqual(given().when(broken), { kind: "RunNotLive", run: OTHER });
  strictEqual(given().when({ ...broken, run: RUN }, { run: OTHER }), undefined);
});

Deno.test("admit() refuses a run that lives already, and one under another's name", () => {
  deepStrictEqual(given().when(runStarted(RUN, [])), { kind: "RunExists", run: RUN });
  deepStrictEqual(given().when(runStarted(OTHER, []), { run: "r3" }), { kind: "RunExists", run: OTHER });
});

Deno.test("P14: the name of a run is used once for ever, however that run has ended, and by its own key too", () => {
  const k2: Event = { type: "KeyTrusted", key: trustedKey("k2") };
  const ended: readonly (readonly Step[])[] = [
    [{ type: "RunFinished", outcome: "succeeded" }],
    [{ as: { key: "k2", run: OTHER } }, { type: "RunBroken", run: RUN, reason: "silent" }],
    [{ as: { key: "k2", run: OTHER } }, runStarted(OTHER, []), {
      type: "KeyRevoked",
      keyId: KEY,
      reason: "lost",
    }],
  ];
  for (const steps of ended) {
    const over = given(k2, ...steps);
    deepStrictEqual(over.when(runStarted(RUN, []), { key: "k2" }), { kind: "RunExists", run: RUN });
    strictEqual(over.when(runStarted("r9", []), { key: "k2", run: "r9" }), undefined);
  }
  deepStrictEqual(given(...ended[0] ?? []).when(runStarted(RUN, [])), { kind: "RunExists", run: RUN });
});

Deno.test("P1 first, P2: a write excludes reads and writes, reads exclude only writes", () => {
  const holder = given(
    { type: "RunFinished", outcome: "succeeded" },
    { as: { run: OTHER } },
    runStarted(OTHER, ["w"], ["r"]),
  );
  const by = { run: "r3" };
  const taken = (writes: readonly string[], reads: readonly string[]) => {
    const refusal = holder.when(runStarted("r3", writes, reads), by);
    return refusal?.kind === "ClaimTaken" ? [refusal.holder.started.run, ...refusal.addresses] : refusal;
  };
  deepStrictEqual(taken(["w"], []), [OTHER, "w"]);
  deepStrictEqual(taken(["r"], []), [OTHER, "r"]);
  deepStrictEqual(taken([], ["w"]), [OTHER, "w"]);
  strictEqual(taken([], ["r"]), undefined);
  strictEqual(taken(["free"], ["free2"]), undefined);
});

Deno.test("P16: admit() refuses a change of what the run does not claim for writing", () => {
  const run = given(
    { type: "RunFinished", outcome: "succeeded" },
    { as: { run: OTHER } },
    runStarted(OTHER, ["a.x"], ["a.y"]),
  );
  for (const address of ["a.y", "a.z"]) {
    deepStrictEqual(run.when(createStarted(address, "t1"), { run: OTHER }), { kind: "NotClaimed", address });
  }
});

Deno.test("P16: admit() refuses what was decided on another version, an observation too", () => {
  const x = given(...live("a.x", "i-1"));
  const refusal = { kind: "VersionMoved", address: "a.x", decidedOn: 1, found: 2 };
  deepStrictEqual(x.when(updateStarted("a.x", "t2", "i-1"), {}, { "a.x": 1 }), refusal);
  deepStrictEqual(
    x.when({ type: "Observed", address: "a.x", id: "i-1", found: null }, {}, { "a.x": 1 }),
    refusal,
  );
  strictEqual(x.when(updateStarted("a.x", "t2", "i-1"), {}, { "a.x": 2, "a.y": 99 }), undefined);
});

Deno.test("P3: an outcome is admitted by its token, whatever version it was decided on, and once", () => {
  const open = given(createStarted("a.x", "t1"), TAINT, { type: "RunBroken", run: RUN, reason: "silent" });
  strictEqual(open.when(createSucceeded("a.x", "t1", "i-1"), {}, { "a.x": 1 }), undefined);
  const closed = given(...live("a.x", "i-1"));
  const again = createSucceeded("a.x", "make i-1", "i-1");
  deepStrictEqual(closed.when(again), { kind: "TokenNotOpen", address: "a.x", token: "make i-1" });
});

Deno.test("an outcome must be of the kind of its intent: a create is not closed by a delete that was done", () => {
  const outcomes: readonly Event[] = [
    { type: "CreateAccepted", address: "a.x", token: "t", id: "i" },
    createSucceeded("a.x", "t", "i"),
    { type: "CreateFailed", address: "a.x", token: "t", failure: FAILURE },
    { type: "UpdateSucceeded", address: "a.x", token: "t", ...facts("i") },
    { type: "UpdateFailed", address: "a.x", token: "t", failure: FAILURE },
    { type: "DeleteSucceeded", address: "a.x", token: "t", id: "i" },
    { type: "DeleteFailed", address: "a.x", token: "t", id: "i", failure: FAILURE },
  ];
  const admittedUnder = (...steps: readonly Event[]) =>
    outcomes.filter((event) => given(...steps).when(event) === undefined).map((event) => event.type);
  deepStrictEqual(admittedUnder(createStarted("a.x", "t")), [
    "CreateAccepted",
    "CreateSucceeded",
    "CreateFailed",
  ]);
  const x = live("a.x", "i");
  deepStrictEqual(admittedUnder(...x, updateStarted("a.x", "t", "i")), ["UpdateSucceeded", "UpdateFailed"]);
  deepStrictEqual(admittedUnder(...x, deleteStarted("a.x", "t", "i")), ["DeleteSucceeded", "DeleteFailed"]);
  deepStrictEqual(admittedUnder(...x), []);
  const told = { type: "Progressed", address: "a.x", token: "t", step: "built", facts: {} } as const;
  strictEqual(given(createStarted("a.x", "t")).when(told), undefined);
  strictEqual(given(...x, updateStarted("a.x", "t", "i")).when(told), undefined);
  deepStrictEqual(given(...x).when(told), { kind: "TokenNotOpen", address: "a.x", token: "t" });
  const unknown = { type: "OutcomeUnknown", address: "a.x", token: "t", failure: FAILURE } as const;
  strictEqual(given(createStarted("a.x", "t")).when(unknown), undefined);
  deepStrictEqual(given().when(unknown), { kind: "TokenNotOpen", address: "a.x", token: "t" });
});

Deno.test("P3: a run that is over cannot say any more that nothing was created, since another may have sent the intent again", () => {
  const failed = { type: "CreateFailed", address: "a.x", token: "t1", failure: FAILURE } as const;
  strictEqual(given(createStarted("a.x", "t1")).when(failed), undefined);
  const broken = given(createStarted("a.x", "t1"), { type: "RunBroken", run: RUN, reason: "silent" });
  deepStrictEqual(broken.when(failed), { kind: "RunNotLive", run: RUN });
});

Deno.test("P3: what contradicts a resolution is admitted, at its own address, until it succeeded", () => {
  const denied = [createStarted("a.x", "t1"), resolved("a.x", "t1", "notDone")];
  const late = createSucceeded("a.x", "t1", "i-1");
  const accepted = { type: "CreateAccepted", address: "a.x", token: "t1", id: "i-1" } as const;
  strictEqual(given(...denied).when(late), undefined);
  strictEqual(given(...denied).when(accepted), undefined);
  strictEqual(given(...denied, accepted).when(late), undefined);
  const elsewhere = createSucceeded("a.y", "t1", "i-1");
  deepStrictEqual(given(...denied).when(elsewhere), { kind: "TokenNotOpen", address: "a.y", token: "t1" });
  deepStrictEqual(given(...denied, late).when(late), { kind: "TokenNotOpen", address: "a.x", token: "t1" });
});

Deno.test("admit() refuses a resolution of what is not open, and one as done that names nothing", () => {
  deepStrictEqual(given().when(resolved("a.x", "t1", "notDone")), {
    kind: "TokenNotOpen",
    address: "a.x",
    token: "t1",
  });
  const open = given(createStarted("a.x", "t1"));
  deepStrictEqual(open.when(resolved("a.x", "t1", "done")), { kind: "NoSuchObject", address: "a.x", id: "" });
  strictEqual(open.when(resolved("a.x", "t1", "done", facts("i-1"))), undefined);
  const deleting = given(...live("a.x", "i-1"), deleteStarted("a.x", "t2", "i-1"));
  strictEqual(deleting.when(resolved("a.x", "t2", "done")), undefined);
});

Deno.test("P6: a token is one intent's, for ever", () => {
  const open = given(createStarted("a.x", "t1"), ...live("a.y", "i-1"));
  for (
    const event of [
      createStarted("a.y", "t1"),
      updateStarted("a.y", "t1", "i-1"),
      deleteStarted("a.y", "t1", "i-1"),
    ]
  ) {
    deepStrictEqual(open.when(event), { kind: "TokenUsed", address: "a.y", token: "t1" });
  }
  const denied = given(createStarted("a.x", "t1"), resolved("a.x", "t1", "notDone"));
  deepStrictEqual(denied.when(createStarted("a.x", "t1")), {
    kind: "TokenUsed",
    address: "a.x",
    token: "t1",
  });
});

Deno.test("admit() refuses an intent while another is open, and to forget meanwhile", () => {
  const open = given(...live("a.x", "i-1"), updateStarted("a.x", "t1", "i-1"));
  const events: readonly Event[] = [
    createStarted("a.x", "t2", { replaces: "i-1" }),
    updateStarted("a.x", "t2", "i-1"),
    deleteStarted("a.x", "t2", "i-1"),
    { type: "Forgotten", address: "a.x", id: "i-1" },
  ];
  for (const event of events) {
    deepStrictEqual(open.when(event), { kind: "IntentOpen", address: "a.x" }, event.type);
  }
});

Deno.test("admit() refuses to create where something lives, unless in place of it", () => {
  const x = given(...live("a.x", "i-1"));
  const refusal = { kind: "AlreadyLives", address: "a.x", id: "i-1" };
  deepStrictEqual(x.when(createStarted("a.x", "t2")), refusal);
  deepStrictEqual(x.when(createStarted("a.x", "t2", { replaces: "i-0" })), refusal);
  strictEqual(x.when(createStarted("a.x", "t2", { replaces: "i-1" })), undefined);
});

Deno.test("admit() refuses to change or delete what does not live here", () => {
  const x = given(...live("a.x", "i-1"));
  const refusal = { kind: "NoSuchObject", address: "a.x", id: "i-9" };
  deepStrictEqual(x.when(updateStarted("a.x", "t2", "i-9")), refusal);
  deepStrictEqual(x.when(deleteStarted("a.x", "t2", "i-9")), refusal);
});

Deno.test("admit() refuses to delete or replace what is protected, deposed objects too", () => {
  const replaced = [
    ...live("a.x", "i-1"),
    createStarted("a.x", "t2", { replaces: "i-1" }),
    createSucceeded("a.x", "t2", "i-2"),
    { type: "Protected", address: "a.x" } as const,
  ];
  const refusal = { kind: "ResourceProtected", address: "a.x" };
  for (const id of ["i-1", "i-2"]) {
    deepStrictEqual(given(...replaced).when(deleteStarted("a.x", "t3", id)), refusal);
  }
  deepStrictEqual(given(...replaced).when(createStarted("a.x", "t3", { replaces: "i-2" })), refusal);
  strictEqual(given(...replaced).when(updateStarted("a.x", "t3", "i-2")), undefined);
  const free = given(...replaced, { type: "Unprotected", address: "a.x" });
  strictEqual(free.when(deleteStarted("a.x", "t3", "i-1")), undefined);
});

Deno.test("P16: protection is refused while a delete is under way, and says so", () => {
  const protection = { type: "Protected", address: "a.x" } as const;
  const deleting = given(...live("a.x", "i-1"), deleteStarted("a.x", "t2", "i-1"));
  deepStrictEqual(deleting.when(protection, { run: OTHER }), { kind: "DeleteUnderWay", address: "a.x" });
  const updating = given(...live("a.x", "i-1"), updateStarted("a.x", "t2", "i-1"));
  strictEqual(updating.when(protection, { run: OTHER }), undefined);
});

Deno.test("P11: a deposed object goes only once nothing names its incarnation", () => {
  const on = (incarnation: number) => ({ dependencies: [{ address: "a.x", incarnation }] });
  const replaced = [
    ...live("a.x", "i-1"),
    ...live("a.y", "j-1", on(1)),
    createStarted("a.x", "t2", { replaces: "i-1" }),
    createSucceeded("a.x", "t2", "i-2"),
  ];
  const deletion = deleteStarted("a.x", "t9", "i-1");
  const refusal = { kind: "DependentsRemain", address: "a.x", dependents: ["a.y"] };
  deepStrictEqual(given(...replaced).when(deletion), refusal);
  const updating = [...replaced, updateStarted("a.y", "t3", "j-1", on(2))];
  deepStrictEqual(given(...updating).when(deletion), refusal);
  const updated = given(...updating, {
    type: "UpdateSucceeded",
    address: "a.y",
    token: "t3",
    ...facts("j-1"),
  });
  strictEqual(updated.when(deletion), undefined);
});

Deno.test("P11: a deposed object goes under what names it where its intent says so, but not under an open call", () => {
  const needs = { dependencies: [{ address: "a.x", incarnation: 1 }] };
  const replaced = [
    ...live("a.x", "i-1"),
    createStarted("a.x", "t2", { replaces: "i-1" }),
    createSucceeded("a.x", "t2", "i-2"),
  ];
  const deletion = { ...deleteStarted("a.x", "t9", "i-1"), underDependents: true } as const;
  strictEqual(given(...live("a.y", "j-1", needs), ...replaced).when(deletion), undefined);
  deepStrictEqual(given(createStarted("a.y", "t1", needs), ...replaced).when(deletion), {
    kind: "DependentsRemain",
    address: "a.x",
    dependents: ["a.y"],
  });
});

Deno.test("P11: a creation whose outcome is open holds the deposed object that it names", () => {
  const needs = { dependencies: [{ address: "a.x", incarnation: 1 }] };
  const open = given(
    ...live("a.x", "i-1"),
    createStarted("a.y", "t1", needs),
    createStarted("a.x", "t2", { replaces: "i-1" }),
    createSucceeded("a.x", "t2", "i-2"),
  );
  deepStrictEqual(open.when(deleteStarted("a.x", "t9", "i-1")), {
    kind: "DependentsRemain",
    address: "a.x",
    dependents: ["a.y"],
  });
});

Deno.test("P5 d: an id that two addresses hold is deleted by neither until it is settled whose it is", () => {
  const shared = [...live("a.x", "i-1"), createStarted("a.y", "t1"), createSucceeded("a.y", "t1", "i-1")];
  const refusal = (address: string) => ({ kind: "SharedId", address, id: "i-1", holders: ["a.x", "a.y"] });
  for (const address of ["a.x", "a.y"]) {
    deepStrictEqual(given(...shared).when(deleteStarted(address, "t9", "i-1")), refusal(address));
  }
  const settled = given(...shared, { type: "Forgotten", address: "a.y", id: "i-1" });
  strictEqual(settled.when(deleteStarted("a.x", "t9", "i-1")), undefined);
});

Deno.test("P12: admit() refuses an intent with a secret under another key than the active one", () => {
  const inputs = { auth: [{ password: { $secret: { blob: "b1/d1", digest: "h" } } }] };
  const create = createStarted("a.x", "t1", { inputs });
  strictEqual(given().when(create), undefined);
  const rotated = given({ type: "SecretsRotated", active: "d2" });
  deepStrictEqual(rotated.when(create), { kind: "OldDataKey", address: "a.x", blob: "b1/d1" });
});

Deno.test("P12: admit() takes no end of the data key that secrets are under", () => {
  const refused = (dataKey: string) => ({ kind: "DataKeyActive", dataKey });
  deepStrictEqual(given().when({ type: "SecretsRotated", dropped: "d1" }), refused("d1"));
  deepStrictEqual(given().when({ type: "SecretsRotated", active: "d2", dropped: "d2" }), refused("d2"));
  strictEqual(given().when({ type: "SecretsRotated", active: "d2", dropped: "d1" }), undefined);
});

Deno.test("P12: once keys were exchanged admit() refuses every event that names a blob under an old one", () => {
  const secret = { password: { $secret: { blob: "b1/d1", digest: "h" } } };
  const done = { ...createSucceeded("a.x", "t1", "i-1"), outputs: secret };
  const begun = createStarted("a.x", "t1");
  strictEqual(given(begun).when(done), undefined);
  const rotated = given(begun, { type: "SecretsRotated", active: "d2" });
  deepStrictEqual(rotated.when(done), { kind: "OldDataKey", address: "a.x", blob: "b1/d1" });
  const anew = { password: { $secret: { blob: "b1/d2", digest: "h" } } };
  strictEqual(rotated.when({ ...done, outputs: anew }), undefined);
});

Deno.test("admit() takes acceptance of drift of the object that lives only, with secrets under the active key", () => {
  const inputs = { password: { $secret: { blob: "b1/d1", digest: "h" } } };
  const accepted = { type: "DriftAccepted", address: "a.x", id: "i-1", inputs } as const;
  strictEqual(given(...live("a.x", "i-1")).when(accepted), undefined);
  deepStrictEqual(given(...live("a.x", "i-2")).when(accepted), {
    kind: "NoSuchObject",
    address: "a.x",
    id: "i-1",
  });
  const open = given(...live("a.x", "i-1"), updateStarted("a.x", "t2", "i-1"));
  deepStrictEqual(open.when(accepted), { kind: "IntentOpen", address: "a.x" });
  const rotated = given(...live("a.x", "i-1"), { type: "SecretsRotated", active: "d2" });
  deepStrictEqual(rotated.when(accepted), { kind: "OldDataKey", address: "a.x", blob: "b1/d1" });
});

Deno.test("admit() refuses another account of a provider than the one that is bound", () => {
  const bound = given({ type: "AccountBound", provider: "sim", account: "1" });
  strictEqual(bound.when({ type: "AccountBound", provider: "sim", account: "1" }), undefined);
  strictEqual(bound.when({ type: "AccountBound", provider: "aws", account: "2" }), undefined);
  deepStrictEqual(bound.when({ type: "AccountBound", provider: "sim", account: "2" }), {
    kind: "OtherAccount",
    provider: "sim",
    bound: "1",
    found: "2",
  });
});
