import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  type As,
  createStarted,
  deleteStarted,
  given,
  KEY,
  live,
  resolved,
  runStarted,
  type Step,
  trustedKey,
} from "./_test_environment.ts";
import { judgeApprovals } from "./approvals.ts";
import type { Event } from "./event.ts";

const PLAN = "plan-1";
const TWO: Event = { type: "PolicySet", approvals: 2, protected: false };
const CI: As = { key: "ci", run: "r2" };
const AS_CI = { as: CI };
const TRUSTED: readonly Step[] = [
  { type: "KeyTrusted", key: trustedKey("ci", ["apply"]) },
  { type: "KeyTrusted", key: trustedKey("ann", ["approve"]) },
  { type: "KeyTrusted", key: trustedKey("bob", ["approve"]) },
  { type: "KeyTrusted", key: trustedKey("cy", ["apply", "approve"]) },
];

function approved(key: string, plan = PLAN, plannedBy = "ci"): readonly Step[] {
  const event: Event = { type: "PlanApproved", plan, plannedBy, seq: 7, hash: "h", who: key };
  return [{ as: { key, run: "none" } }, event, { as: {} }];
}

function planned(run = "r2", plan = PLAN): Event {
  return { ...runStarted(run, ["b.z"]), plan };
}

/** A run of a plan that changes something else. */
function elsewhere(run: string, plan = PLAN): Event {
  return { ...runStarted(run, ["b.other"]), plan };
}

function refusal(found: number, plan: string | "none" = PLAN): object {
  return { kind: "NotApproved", plan: plan === "none" ? undefined : plan, found, wanted: 2 };
}

Deno.test("where changes take approvals, admit() lets a run of a plan start once so many others have approved it", () => {
  deepStrictEqual(given(...TRUSTED, TWO).when(planned(), CI), refusal(0));
  deepStrictEqual(given(...TRUSTED, TWO, ...approved("ann")).when(planned(), CI), refusal(1));
  const both = given(...TRUSTED, TWO, ...approved("ann"), ...approved("bob"));
  strictEqual(both.when(planned(), CI), undefined);
  deepStrictEqual(both.when(planned("r2", "plan-2"), CI), refusal(0, "plan-2"), "another plan");
  strictEqual(given(...TRUSTED).when(planned(), CI), undefined, "no policy");
});

Deno.test("a run that starts with an approved plan uses its approvals up: no other run of the plan, and no approval, is admitted", () => {
  const both = [...TRUSTED, TWO, ...approved("ann"), ...approved("bob")];
  const used = { kind: "PlanUsed", plan: PLAN, run: "r2" };
  const again: As = { key: "ci", run: "r3" };
  for (
    const end of [[], [{ type: "RunFinished", outcome: "succeeded" } as const], [
      {
        type: "RunBroken",
        run: "r2",
        reason: "silent",
      } as const,
    ]]
  ) {
    const state = given(...both, AS_CI, planned(), ...end);
    deepStrictEqual(state.when(elsewhere("r3"), again), used, JSON.stringify(end));
    const more: Event = { type: "PlanApproved", plan: PLAN, plannedBy: "ci", seq: 7, hash: "h", who: "cy" };
    deepStrictEqual(state.when(more, { key: "cy", run: "none" }), used);
    const judged = judgeApprovals(state.environment, PLAN, { runBy: "ci" });
    deepStrictEqual(judged.map((each) => each.flaw), ["used", "used"]);
    deepStrictEqual(state.when(elsewhere("r3", "plan-2"), again), refusal(0, "plan-2"));
  }
  const ended = given(...both, AS_CI, planned(), { as: {} }, { ...TWO, approvals: 0 });
  strictEqual(ended.when(elsewhere("r3"), again), undefined, "no policy any more");
  const open = given(...TRUSTED, ...approved("ann"), ...approved("bob"), AS_CI, planned(), { as: {} }, TWO);
  deepStrictEqual(open.when(elsewhere("r3"), again), used, "used before the policy");
});

Deno.test("an approval counts once a key, and not from the key that carries the plan out or has signed it", () => {
  const twice = given(...TRUSTED, TWO, ...approved("ann"), ...approved("ann"));
  deepStrictEqual(twice.when(planned(), CI), refusal(1));
  const own = given(...TRUSTED, TWO, ...approved("ann"), ...approved("cy"));
  deepStrictEqual(own.when(planned(), { key: "cy", run: "r2" }), refusal(1));
  strictEqual(own.when(planned(), CI), undefined);
  const mine: Event = { type: "PlanApproved", plan: PLAN, plannedBy: "cy", seq: 7, hash: "h", who: "cy" };
  deepStrictEqual(own.when(mine, { key: "cy", run: "none" }), { kind: "OwnPlan", keyId: "cy" });
});

Deno.test("P14 e: approvals are judged where the run starts: a key that was revoked by then does not count, one that is later does", () => {
  const ready = [...TRUSTED, TWO, ...approved("ann"), ...approved("bob")];
  const gone = given(...ready, { type: "KeyRevoked", keyId: "bob", reason: "left" });
  deepStrictEqual(gone.when(planned(), CI), refusal(1));
  const judged = judgeApprovals(gone.environment, PLAN, { runBy: "ci", plannedBy: "ann" });
  deepStrictEqual(judged.map((each) => [each.keyId, each.flaw]), [["ann", "ownPlan"], ["bob", "revoked"]]);
  const less = given(...ready, { type: "KeyTrusted", key: trustedKey("bob", ["apply"]) });
  deepStrictEqual(less.when(planned(), CI), refusal(1));
  const later = given(...ready, AS_CI, planned(), { as: {} }, {
    type: "KeyRevoked",
    keyId: "bob",
    reason: "left",
  });
  strictEqual(later.when(createStarted("b.z", "t1"), CI), undefined);
});

Deno.test("P14 e: a key approves nothing after its revocation, without the role, or unknown", () => {
  const keys = given(...TRUSTED, { type: "KeyRevoked", keyId: "bob", reason: "left" });
  const event: Event = { type: "PlanApproved", plan: PLAN, plannedBy: "x", seq: 7, hash: "h", who: "w" };
  for (const key of ["bob", "ci", "thief"]) {
    deepStrictEqual(keys.when(event, { key, run: "none" }), {
      kind: "KeyNotTrusted",
      keyId: key,
      role: "approve",
    });
  }
  strictEqual(keys.when(event, { key: "ann", run: "none" }), undefined, "no run is needed");
});

Deno.test("without a plan a run changes nothing where approvals are wanted, and settles what is in doubt", () => {
  const doubt: readonly Step[] = [...live("a.x", "i-1"), deleteStarted("a.x", "t9", "i-1")];
  const state = given(...TRUSTED, ...doubt, TWO, { type: "RunBroken", run: "r1", reason: "silent" });
  const settling = { ...runStarted("r2", ["a.x"]) };
  deepStrictEqual(state.when(runStarted("r2", ["a.x", "a.y"]), CI), refusal(0, "none"));
  strictEqual(state.when(settling, CI), undefined);
  strictEqual(state.when(runStarted("r2", []), CI), undefined, "what claims nothing changes nothing");
  const during = given(
    ...TRUSTED,
    ...doubt,
    TWO,
    { type: "RunBroken", run: "r1", reason: "silent" },
    AS_CI,
    settling,
  );
  strictEqual(during.when(resolved("a.x", "t9", "notDone"), CI), undefined);
  const after = given(
    ...TRUSTED,
    ...doubt,
    TWO,
    { type: "RunBroken", run: "r1", reason: "silent" },
    AS_CI,
    settling,
    resolved("a.x", "t9", "notDone"),
  );
  const changes: readonly Event[] = [
    deleteStarted("a.x", "t10", "i-1"),
    { type: "Forgotten", address: "a.x", id: "i-1" },
    { type: "Unprotected", address: "a.x" },
    { type: "Untainted", address: "a.x" },
  ];
  for (const change of changes) deepStrictEqual(after.when(change, CI), refusal(0, "none"), change.type);
  strictEqual(after.when({ type: "Protected", address: "a.x", byHand: true }, CI), undefined);
});

Deno.test("a policy is set by an admin, holds for runs that start after it, and ends with the next one", () => {
  const set = given(...TRUSTED, TWO);
  strictEqual(set.when(createStarted("a.x", "t1")), undefined, "a run of before goes on");
  deepStrictEqual(set.environment.facts?.policy, { approvals: 2, isProtected: false });
  const lower: Event = { type: "PolicySet", approvals: 0, protected: true };
  for (const key of ["ci", "ann"]) {
    deepStrictEqual(set.when(lower, { key }), { kind: "KeyNotTrusted", keyId: key, role: "admin" });
  }
  deepStrictEqual(given(...TRUSTED, TWO, lower).environment.facts?.policy, {
    approvals: 0,
    isProtected: true,
  });
  strictEqual(given(...TRUSTED, TWO, lower).when(runStarted("r2", ["b.z"]), CI), undefined);
});

Deno.test("P14: whoever only administers has runs that claim nothing, and no others", () => {
  const keys = given({ type: "KeyTrusted", key: trustedKey("boss", ["admin"]) });
  const boss: As = { key: "boss", run: "r2" };
  strictEqual(keys.when(runStarted("r2", []), boss), undefined);
  const lacks = { kind: "KeyNotTrusted", keyId: "boss", role: "apply" };
  deepStrictEqual(keys.when(runStarted("r2", ["b.z"]), boss), lacks);
  deepStrictEqual(keys.when(runStarted("r2", [], ["b.z"]), boss), lacks);
  const running = given({ type: "KeyTrusted", key: trustedKey("boss", ["admin"]) }, { as: boss }, {
    ...runStarted("r2", []),
  });
  strictEqual(running.when({ type: "RunFinished", outcome: "succeeded" }, boss), undefined);
  deepStrictEqual(running.when({ type: "Tainted", address: "a.x", reason: "" }, boss), lacks);
  strictEqual(running.when({ type: "KeyRevoked", keyId: KEY, reason: "x" }, boss), undefined);
});
