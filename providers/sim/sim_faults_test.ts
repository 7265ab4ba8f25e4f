import { deepStrictEqual, match, ok } from "node:assert/strict";
import { CERTAINTIES, FAILURE_KINDS, RETRIES } from "../../engine/call_failure.ts";
import { Secret } from "../../engine/value.ts";
import { create, failureOf, fieldsOf, quiet, read, remove, tokenOf, valueOf } from "../test_calls.ts";
import { memorySim } from "./memory_sim.ts";
import { settled, testClock, testFaults, testRandom, waitingClock } from "./_test_world.ts";

function cloud(clock = testClock(), crash: () => Promise<never> = () => new Promise(() => {})) {
  const faults = testFaults();
  return { clock, faults, sim: memorySim({ clock, random: testRandom(), faults: faults.faults, crash }) };
}

for (const kind of FAILURE_KINDS) {
  Deno.test(`fail answers ${kind} with each certainty and retry, and commits only what is done`, async () => {
    for (const certainty of CERTAINTIES) {
      for (const retry of RETRIES) {
        const { sim, faults } = cloud();
        faults.set([{ operation: "create", effect: { fail: { kind, certainty, retry, retryAfterMs: 5 } } }]);
        const { message, ...failure } = failureOf(await create(sim, "sim.Queue", {}));
        deepStrictEqual(failure, { kind, certainty, retry, retryAfterMs: 5 });
        ok(message.includes(kind));
        deepStrictEqual(sim.ledger().live.length, certainty === "done" ? 1 : 0);
      }
    }
  });
}

Deno.test("fail fits any call", async () => {
  const { sim, faults } = cloud();
  const made = valueOf(await create(sim, "sim.Queue", {}));
  faults.set([{ operation: "*", effect: { fail: { kind: "Auth" } } }]);
  const { id, fields } = made;
  const update = { type: "sim.Queue", id, before: fields, after: fields, token: tokenOf(2) };
  for (
    const result of [
      await sim.identity(quiet()),
      await read(sim, "sim.Queue", id),
      await sim.list({ type: "sim.Queue" }, quiet()),
      await sim.update(update, quiet()),
      await remove(sim, "sim.Queue", made),
    ]
  ) deepStrictEqual(failureOf<unknown>(result).kind, "Auth");
  deepStrictEqual(sim.ledger().live.length, 1);
});

Deno.test("loseReply commits, and the caller knows nothing until it sends the token again", async () => {
  const { sim, faults } = cloud();
  faults.set([{ operation: "create", times: 1, effect: "loseReply" }]);
  const failure = failureOf(await create(sim, "sim.Queue", {}));
  deepStrictEqual([failure.kind, failure.certainty, failure.retry], ["Timeout", "unknown", "withToken"]);
  const [lost] = sim.ledger().live;
  deepStrictEqual(valueOf(await create(sim, "sim.Queue", {})).id, lost?.id);
});

Deno.test("crashBefore and crashAfter end the caller before and after the commit", async () => {
  for (const [effect, liveCount] of [["crashBefore", 0], ["crashAfter", 1]] as const) {
    const crashed = Promise.withResolvers<void>();
    const { sim, faults } = cloud(testClock(), () => {
      crashed.resolve();
      return new Promise<never>(() => {});
    });
    faults.set([{ operation: "create", effect }]);
    create(sim, "sim.Queue", {});
    await crashed.promise;
    deepStrictEqual(sim.ledger().live.length, liveCount, effect);
  }
});

Deno.test("latency takes its time before the commit, and adds up", async () => {
  const { sim, faults, clock } = cloud();
  const start = clock.wallMs();
  faults.set([{ operation: "create", effect: { latency: 200 } }, { operation: "*", effect: { latency: 5 } }]);
  valueOf(await create(sim, "sim.Queue", {}));
  deepStrictEqual(clock.wallMs() - start, 205);
  deepStrictEqual(sim.ledger().live[0]?.createdAt, start + 205);
});

Deno.test("latency ends when the caller gives up, and nothing is done", async () => {
  const { sim, faults } = cloud(waitingClock());
  faults.set([{ operation: "create", effect: { latency: 200 } }]);
  const giveUp = new AbortController();
  const request = { type: "sim.Queue", fields: fieldsOf({}), token: tokenOf(1), accepted: () => undefined };
  const creating = sim.create(request, giveUp.signal);
  await settled();
  giveUp.abort(new DOMException("Too late", "TimeoutError"));
  const failure = failureOf(await creating);
  deepStrictEqual([failure.kind, failure.certainty], ["Timeout", "unknown"]);
  deepStrictEqual(sim.ledger().objects, []);
});

Deno.test("hang answers nothing until the caller gives up", async () => {
  const { sim, faults } = cloud();
  faults.set([{ operation: "read", effect: "hang" }]);
  const giveUp = new AbortController();
  let isAnswered = false;
  const reading = sim.read({ type: "sim.Queue", id: "que-1", applied: fieldsOf({}) }, giveUp.signal);
  reading.then(() => {
    isAnswered = true;
  });
  await settled();
  ok(!isAnswered);
  giveUp.abort();
  deepStrictEqual(failureOf(await reading).kind, "Cancelled");
});

Deno.test("P4 late commits only after the caller was told of a time-out", async () => {
  const { sim, faults, clock } = cloud();
  faults.set([{ operation: "create", times: 1, effect: { late: 500 } }]);
  const fields = { engine: "mysql", storage_gb: 10, password: new Secret("canary-password") };
  const failure = failureOf(await create(sim, "sim.Database", fields));
  deepStrictEqual([failure.kind, failure.certainty], ["Timeout", "unknown"]);
  const byToken = { type: "sim.Database", token: tokenOf(1) };
  clock.advance(499);
  deepStrictEqual(valueOf(await sim.list(byToken, quiet())), []);
  deepStrictEqual(sim.ledger().held, [tokenOf(1)]);
  ok(!JSON.stringify(sim.ledger()).includes("canary"));
  clock.advance(1);
  const [found] = valueOf(await sim.list(byToken, quiet()));
  deepStrictEqual(found?.id, sim.ledger().live[0]?.id);
  deepStrictEqual(sim.ledger().held, []);
  deepStrictEqual(valueOf(await create(sim, "sim.Database", fields)).id, found?.id);
});

Deno.test("a late request is judged when its time comes: the name is taken by then", async () => {
  const { sim, faults, clock } = cloud();
  faults.set([{ operation: "create", nth: 1, effect: { late: 500 } }]);
  failureOf(await create(sim, "sim.Bucket", { name: "artefacts" }, tokenOf(1)));
  const mine = valueOf(await create(sim, "sim.Bucket", { name: "artefacts" }, tokenOf(2)));
  clock.advance(500);
  const found = valueOf(await sim.list({ type: "sim.Bucket" }, quiet()));
  deepStrictEqual(found.map((each) => each.id), [mine.id]);
});

Deno.test("late deletes and updates happen too, unless their precondition fails by then", async () => {
  const { sim, faults, clock } = cloud();
  const made = valueOf(await create(sim, "sim.Queue", {}, tokenOf(1)));
  const other = valueOf(await create(sim, "sim.Queue", {}, tokenOf(4)));
  faults.set([{ operation: "delete", effect: { late: 500 } }]);
  failureOf(await remove(sim, "sim.Queue", made));
  const removal = { type: "sim.Queue", id: other.id, applied: other.fields, token: tokenOf(5) };
  failureOf(await sim.delete({ ...removal, precondition: "1" }, quiet()));
  const update = { type: "sim.Queue", id: other.id, before: other.fields, token: tokenOf(6) };
  valueOf(await sim.update({ ...update, after: fieldsOf({ name: "new" }) }, quiet()));
  clock.advance(500);
  deepStrictEqual(valueOf(await read(sim, "sim.Queue", made.id)), undefined);
  deepStrictEqual(valueOf(await read(sim, "sim.Queue", other.id))?.fields["name"], "new");
});

Deno.test("P4 lag hides what is younger from read and list, creations, changes and deletions alike", async () => {
  const { sim, faults, clock } = cloud();
  const lag = [{ operation: "read", effect: { lag: 100 } }, { operation: "list", effect: { lag: 100 } }];
  const seen = async () => {
    faults.set(lag);
    const listed = valueOf(await sim.list({ type: "sim.Bucket", uniqueName: "artefacts" }, quiet()));
    const found = valueOf(await read(sim, "sim.Bucket", listed[0]?.id ?? "bkt-1"));
    faults.set([]);
    deepStrictEqual(found?.fields, listed[0]?.fields);
    return found === undefined ? "nothing" : found.fields["versioning"] === true ? "versioned" : "plain";
  };
  const made = valueOf(await create(sim, "sim.Bucket", { name: "artefacts" }));
  clock.advance(99);
  deepStrictEqual(await seen(), "nothing");
  clock.advance(1);
  deepStrictEqual(await seen(), "plain");
  const after = fieldsOf({ name: "artefacts", versioning: true });
  valueOf(
    await sim.update(
      { type: "sim.Bucket", id: made.id, before: made.fields, after, token: tokenOf(2) },
      quiet(),
    ),
  );
  deepStrictEqual(await seen(), "plain");
  clock.advance(100);
  deepStrictEqual(await seen(), "versioned");
  valueOf(await remove(sim, "sim.Bucket", made));
  deepStrictEqual(await seen(), "versioned");
  clock.advance(100);
  deepStrictEqual(await seen(), "nothing");
});

Deno.test("rules hold for a type, fields, an id, and some of the calls only", async () => {
  const { sim, faults } = cloud();
  const fail = { fail: { kind: "Throttled" } };
  const outcome = async (type: string, fields: { name: string }, token: number) => {
    const made = await create(sim, type, fields, tokenOf(token));
    return made.ok ? "ok" : made.error.kind;
  };
  faults.set([{
    operation: "create",
    type: "sim.Queue",
    match: { name: "b" },
    nth: 2,
    times: 2,
    effect: fail,
  }]);
  deepStrictEqual(await outcome("sim.Topic", { name: "b" }, 1), "ok");
  deepStrictEqual(await outcome("sim.Queue", { name: "a" }, 2), "ok");
  const outcomes = [];
  for (let token = 3; token < 7; token++) outcomes.push(await outcome("sim.Queue", { name: "b" }, token));
  deepStrictEqual(outcomes, ["ok", "Throttled", "Throttled", "ok"]);
  const made = valueOf(await create(sim, "sim.Queue", {}, tokenOf(9)));
  faults.set([{ operation: "read", match: { id: made.id }, effect: fail }]);
  deepStrictEqual(failureOf(await read(sim, "sim.Queue", made.id)).kind, "Throttled");
  deepStrictEqual(valueOf(await read(sim, "sim.Queue", "que-1")), undefined);
});

Deno.test("faults that cannot be read fail every call by name, and nothing is done", async () => {
  const { sim, faults } = cloud();
  faults.set(`[{"operation": "create", "effect": "loseReplay"}]`);
  const failure = failureOf(await create(sim, "sim.Queue", {}));
  deepStrictEqual([failure.kind, failure.certainty, failure.retry], ["InvalidConfig", "notDone", "never"]);
  match(
    failure.message,
    /faults of the sim cloud: rule 1\.effect cannot be "loseReplay", did you mean "loseReply"/,
  );
  deepStrictEqual(failureOf(await sim.identity(quiet())).kind, "InvalidConfig");
  deepStrictEqual(sim.ledger().objects, []);
});
