import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { CallFailure } from "./call_failure.ts";
import { evolveResource } from "./evolve_resource.ts";
import type {
  CreateStarted,
  DeleteStarted,
  ObjectFacts,
  ResourceEvent,
  UpdateStarted,
} from "./resource_event.ts";
import { decideResource, pendingResource } from "./resource_logic.ts";
import type { ResourceMessage } from "./resource_logic_message.ts";
import { absentResource, type ResourceState, statusOf } from "./resource_state.ts";
import { err, ok } from "./result.ts";

const ADDRESS = "net.main";
const RUN = "run-1";
const AT = "2026-01-02T03:04:05.000Z";
const wanted = { inputs: { size: 1 }, dependencies: [], bindings: [], description: {} };
const create: Omit<CreateStarted, "type"> = {
  ...wanted,
  address: ADDRESS,
  token: "t1",
  resourceType: "toy.Token",
  schemaVersion: 1,
  account: "a",
  deadlineMs: 1_000,
};
const update: Omit<UpdateStarted, "type"> = {
  ...wanted,
  address: ADDRESS,
  token: "t2",
  id: "i-1",
  schemaVersion: 1,
  deadlineMs: 1_000,
};
const remove: Omit<DeleteStarted, "type"> = { address: ADDRESS, token: "t3", id: "i-1", deadlineMs: 1_000 };
const facts: ObjectFacts = { id: "i-1", fields: { size: 1 }, outputs: {} };
const created: ResourceEvent = { type: "CreateSucceeded", address: ADDRESS, token: "t1", ...facts };
const notDone: CallFailure = { kind: "QuotaExceeded", retry: "never", certainty: "notDone", message: "no" };
const unknown: CallFailure = { kind: "Timeout", retry: "never", certainty: "unknown", message: "?" };

const ABSENT: readonly ResourceEvent[] = [];
const CREATING: readonly ResourceEvent[] = [{ type: "CreateStarted", ...create }];
const LIVE: readonly ResourceEvent[] = [...CREATING, created];
const UPDATING: readonly ResourceEvent[] = [...LIVE, { type: "UpdateStarted", ...update }];
const DELETING: readonly ResourceEvent[] = [...LIVE, { type: "DeleteStarted", ...remove }];
const DEPOSED: readonly ResourceEvent[] = [
  ...LIVE,
  { type: "CreateStarted", ...create, token: "t4", replaces: "i-1" },
  { type: "CreateSucceeded", address: ADDRESS, token: "t4", ...facts, id: "i-2" },
];

function fold(events: readonly ResourceEvent[], run = RUN): ResourceState {
  return events.reduce(
    (state, event) => evolveResource(state, event, { run, seq: 1, at: AT }),
    absentResource(ADDRESS),
  );
}

function given(events: readonly ResourceEvent[]) {
  const decide = (message: ResourceMessage) => decideResource(fold(events), message);
  return {
    when: (message: ResourceMessage) => ({
      then: (...types: ResourceEvent["type"][]) => {
        const decision = decide(message);
        deepStrictEqual(decision.ok ? decision.value.map((each) => each.type) : decision.error, types);
      },
      thenRefused: (kind: string) => {
        const decision = decide(message);
        strictEqual(decision.ok ? "accepted" : decision.error.kind, kind);
      },
    }),
  };
}

Deno.test("decideResource() creates what is absent, once", () => {
  given(ABSENT).when({ type: "Create", intent: create }).then("CreateStarted");
  given(CREATING).when({ type: "Create", intent: { ...create, token: "t9" } }).thenRefused("IntentOpen");
  given(LIVE).when({ type: "Create", intent: { ...create, token: "t9" } }).thenRefused("AlreadyLives");
});

Deno.test("decideResource() replaces only the object that lives, and nothing protected", () => {
  const replace = { ...create, token: "t9" };
  given(LIVE).when({ type: "Create", intent: { ...replace, replaces: "i-1" } }).then("CreateStarted");
  given(LIVE).when({ type: "Create", intent: { ...replace, replaces: "i-0" } }).thenRefused("AlreadyLives");
  given(ABSENT).when({ type: "Create", intent: { ...replace, replaces: "i-1" } }).thenRefused("NoSuchObject");
  given([...LIVE, { type: "Protected", address: ADDRESS }])
    .when({ type: "Create", intent: { ...replace, replaces: "i-1" } }).thenRefused("ResourceProtected");
});

Deno.test("decideResource() changes and deletes only what lives under the id that was meant", () => {
  given(LIVE).when({ type: "Update", intent: update }).then("UpdateStarted");
  given(LIVE).when({ type: "Update", intent: { ...update, id: "i-0" } }).thenRefused("NoSuchObject");
  given(UPDATING).when({ type: "Update", intent: update }).thenRefused("IntentOpen");
  given(LIVE).when({ type: "Delete", intent: remove }).then("DeleteStarted");
  given(LIVE).when({ type: "Delete", intent: { ...remove, id: "i-0" } }).thenRefused("NoSuchObject");
  given(ABSENT).when({ type: "Delete", intent: remove }).thenRefused("NoSuchObject");
  given(UPDATING).when({ type: "Delete", intent: remove }).thenRefused("IntentOpen");
});

Deno.test("decideResource() tells the live object from a deposed one when it deletes", () => {
  given(DEPOSED).when({ type: "DeleteDeposed", intent: remove }).then("DeleteStarted");
  given(DEPOSED).when({ type: "Delete", intent: remove }).thenRefused("NoSuchObject");
  given(LIVE).when({ type: "DeleteDeposed", intent: remove }).thenRefused("NoSuchObject");
});

Deno.test("decideResource() deletes nothing protected, a deposed object neither", () => {
  const protect: ResourceEvent = { type: "Protected", address: ADDRESS };
  given([...LIVE, protect]).when({ type: "Delete", intent: remove }).thenRefused("ResourceProtected");
  given([...DEPOSED, protect]).when({ type: "DeleteDeposed", intent: remove }).thenRefused(
    "ResourceProtected",
  );
});

Deno.test("P16: decideResource() refuses protection while a delete is under way, and says so", () => {
  given(DELETING).when({ type: "Protect" }).thenRefused("DeleteUnderWay");
  given(UPDATING).when({ type: "Protect" }).then("Protected");
});

Deno.test("decideResource() says a thing once", () => {
  given([...LIVE, { type: "Protected", address: ADDRESS }]).when({ type: "Protect" }).then();
  given(LIVE).when({ type: "Unprotect" }).then();
  given(LIVE).when({ type: "Untaint" }).then();
  given([...LIVE, { type: "Tainted", address: ADDRESS, reason: "x" }]).when({ type: "Taint", reason: "y" })
    .then();
  given([...CREATING, { type: "CreateAccepted", address: ADDRESS, token: "t1", id: "i-1" }])
    .when({ type: "Accepted", token: "t1", id: "i-1" }).then();
});

Deno.test("decideResource() keeps what a call has come to, as long as it goes on", () => {
  const told = { type: "Progressed", token: "t1", step: "built", facts: { digest: "d" } } as const;
  given(CREATING).when(told).then("Progressed");
  given(LIVE).when(told).thenRefused("TokenNotOpen");
});

Deno.test("decideResource() forgets and observes only what is there and not in doubt", () => {
  given(LIVE).when({ type: "Forget", id: "i-1" }).then("Forgotten");
  given(LIVE).when({ type: "Forget", id: "i-0" }).thenRefused("NoSuchObject");
  given(DELETING).when({ type: "Forget", id: "i-1" }).thenRefused("IntentOpen");
  given([...LIVE, { type: "Protected", address: ADDRESS }]).when({ type: "Forget", id: "i-1" })
    .thenRefused("ResourceProtected");
  given(LIVE).when({ type: "Observe", id: "i-1", found: null }).then("Observed");
  given(UPDATING).when({ type: "Observe", id: "i-1", found: null }).thenRefused("IntentOpen");
  given(ABSENT).when({ type: "Observe", id: "i-1", found: null }).thenRefused("NoSuchObject");
});

Deno.test("decideResource() accepts drift of the object that lives, and of no other", () => {
  given(LIVE).when({ type: "AcceptDrift", id: "i-1", inputs: {} }).then("DriftAccepted");
  given(LIVE).when({ type: "AcceptDrift", id: "i-0", inputs: {} }).thenRefused("NoSuchObject");
  given(UPDATING).when({ type: "AcceptDrift", id: "i-1", inputs: {} }).thenRefused("IntentOpen");
  given(ABSENT).when({ type: "AcceptDrift", id: "i-1", inputs: {} }).thenRefused("NoSuchObject");
});

Deno.test("decideResource() records what a call did, and leaves an intent open whose call does not say", () => {
  given(CREATING).when({ type: "CreateReplied", token: "t1", result: ok(facts) }).then("CreateSucceeded");
  given(CREATING).when({ type: "CreateReplied", token: "t1", result: err(notDone) }).then("CreateFailed");
  given(CREATING).when({ type: "CreateReplied", token: "t1", result: err(unknown) }).then("OutcomeUnknown");
  given(CREATING).when({ type: "CreateReplied", token: "t1", result: err({ ...unknown, certainty: "done" }) })
    .then("OutcomeUnknown");
  given(UPDATING).when({ type: "UpdateReplied", token: "t2", result: ok(facts) }).then("UpdateSucceeded");
  given(UPDATING).when({ type: "UpdateReplied", token: "t2", result: err(notDone) }).then("UpdateFailed");
  given(DELETING).when({ type: "DeleteReplied", token: "t3", result: ok(undefined) }).then("DeleteSucceeded");
  given(DELETING).when({ type: "DeleteReplied", token: "t3", result: err(notDone) }).then("DeleteFailed");
  given(DELETING).when({ type: "DeleteReplied", token: "t3", result: err({ ...unknown, certainty: "done" }) })
    .then("DeleteSucceeded");
  given(CREATING).when({ type: "NotSent", token: "t1", failure: notDone }).then("CreateFailed");
});

Deno.test("P6 a: an outcome closes its token, so that another attempt is another intent", () => {
  const failed: readonly ResourceEvent[] = [
    ...CREATING,
    { type: "CreateFailed", address: ADDRESS, token: "t1", failure: notDone },
  ];
  strictEqual(pendingResource(fold(failed), RUN), undefined);
  given(failed).when({ type: "CreateReplied", token: "t1", result: err(notDone) }).thenRefused(
    "TokenNotOpen",
  );
  given(failed).when({ type: "Create", intent: { ...create, token: "t5" } }).then("CreateStarted");
});

Deno.test("P3: a success that comes late is told as the fact that it is, for admission to judge", () => {
  given(LIVE).when({ type: "CreateReplied", token: "t0", result: ok(facts) }).then("CreateSucceeded");
  given(LIVE).when({ type: "UpdateReplied", token: "t0", result: ok(facts) }).thenRefused("TokenNotOpen");
});

Deno.test("decideResource() takes a resolution of the open intent only, and repeats no doubt", () => {
  const resolved = { type: "Resolved", outcome: "notDone", evidence: "absence", found: undefined } as const;
  given(CREATING).when({ ...resolved, token: "t1" }).then("OutcomeResolved");
  given(LIVE).when({ ...resolved, token: "t1" }).thenRefused("TokenNotOpen");
  given(CREATING).when({ type: "Unsettled", token: "t1", failure: unknown }).then("OutcomeUnknown");
  given([...CREATING, { type: "OutcomeUnknown", address: ADDRESS, token: "t1", failure: unknown }])
    .when({ type: "Unsettled", token: "t1", failure: unknown }).then();
});

/** What each prefix of a history waits for, in the run that wrote it and in the next one. */
const CRASHES: readonly {
  readonly events: readonly ResourceEvent[];
  readonly own: string;
  readonly next: string;
}[] = [
  { events: [], own: "nothing", next: "nothing" },
  { events: CREATING, own: "CallCreate", next: "Resolve" },
  {
    events: [...CREATING, { type: "CreateAccepted", address: ADDRESS, token: "t1", id: "i-1" }],
    own: "CallCreate",
    next: "Resolve",
  },
  {
    events: [...CREATING, { type: "OutcomeUnknown", address: ADDRESS, token: "t1", failure: unknown }],
    own: "Resolve",
    next: "Resolve",
  },
  {
    events: [...CREATING, { type: "CreateFailed", address: ADDRESS, token: "t1", failure: notDone }],
    own: "nothing",
    next: "nothing",
  },
  { events: LIVE, own: "nothing", next: "nothing" },
  { events: UPDATING, own: "CallUpdate", next: "Resolve" },
  {
    events: [...UPDATING, { type: "UpdateSucceeded", address: ADDRESS, token: "t2", ...facts }],
    own: "nothing",
    next: "nothing",
  },
  { events: DELETING, own: "CallDelete", next: "Resolve" },
  {
    events: [...DELETING, { type: "DeleteSucceeded", address: ADDRESS, token: "t3", id: "i-1" }],
    own: "nothing",
    next: "nothing",
  },
  { events: DEPOSED.slice(0, 3), own: "CallCreate", next: "Resolve" },
  { events: DEPOSED, own: "nothing", next: "nothing" },
];

for (const [nth, { events, own, next }] of CRASHES.entries()) {
  const last = events.at(-1)?.type ?? "the start";
  Deno.test(`P6 d, e: a crash after ${last} (history ${nth}) leaves the right work: ${own}, for another run ${next}`, () => {
    strictEqual(pendingResource(fold(events), RUN)?.type ?? "nothing", own);
    strictEqual(pendingResource(fold(events), "run-2")?.type ?? "nothing", next);
  });
}

const message: fc.Arbitrary<ResourceMessage> = fc.oneof(
  fc.record({ token: fc.constantFrom("t1", "t2", "t3") }).chain(({ token }) =>
    fc.constantFrom<ResourceMessage>(
      { type: "Create", intent: { ...create, token } },
      { type: "Create", intent: { ...create, token, replaces: "i-1" } },
      { type: "Update", intent: { ...update, token } },
      { type: "Delete", intent: { ...remove, token } },
      { type: "DeleteDeposed", intent: { ...remove, token } },
      { type: "CreateReplied", token, result: ok(facts) },
      { type: "CreateReplied", token, result: err(unknown) },
      { type: "UpdateReplied", token, result: ok(facts) },
      { type: "UpdateReplied", token, result: err(notDone) },
      { type: "DeleteReplied", token, result: ok(undefined) },
      { type: "NotSent", token, failure: notDone },
      { type: "Resolved", token, outcome: "done", evidence: "id", found: facts },
      { type: "Protect" },
      { type: "Unprotect" },
      { type: "Taint", reason: "x" },
      { type: "Forget", id: "i-1" },
      { type: "Observe", id: "i-1", found: null },
    )
  ),
);

Deno.test("whatever is told, an intent is never overwritten and a protected object is never let go of", () => {
  fc.assert(fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
    let state = absentResource(ADDRESS);
    for (const each of messages) {
      const decision = decideResource(state, each);
      for (const event of decision.ok ? decision.value : []) {
        const isIntent = event.type === "CreateStarted" || event.type === "UpdateStarted" ||
          event.type === "DeleteStarted";
        if (isIntent) strictEqual(state.intent, undefined);
        if (
          event.type === "DeleteStarted" || (event.type === "CreateStarted" && event.replaces !== undefined)
        ) {
          strictEqual(Number(state.isProtected), 0);
        }
        state = evolveResource(state, event, { run: RUN, seq: 1, at: AT });
      }
      statusOf(state);
    }
  }));
});
