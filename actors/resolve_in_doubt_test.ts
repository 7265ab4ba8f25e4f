import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Event } from "../engine/event.ts";
import type { CallFate } from "../tests/support/toy_cloud.ts";
import { SMOOTH } from "../tests/support/toy_cloud.ts";
import { eventsOf, openLab, ToyEngine, type ToyLab } from "../tests/support/toy_engine.ts";
import { planToys, type ToyStack } from "../tests/support/toy_plan.ts";
import { executeRun } from "./engine_run.ts";
import { resolveInDoubt, type ResolveResult } from "./resolve_in_doubt.ts";
import { DEFAULT_LIMITS } from "./run_world.ts";

function stackOf(type: string, size = 1): ToyStack {
  return { "net.a": { type, fields: { name: "x", size } } };
}

/** Lets things happen, time passing only when it must, until `isSo`. */
async function until(lab: ToyLab, isSo: () => boolean): Promise<void> {
  await lab.clock.settle();
  while (!isSo()) {
    ok(lab.clock.wakeNext(), "Nothing can happen any more");
    await lab.clock.settle();
  }
}

/** A process that applies `stack` and is killed once its call has been sent. */
async function killedInCall(lab: ToyLab, stack: ToyStack, fate: Partial<CallFate>): Promise<ToyEngine> {
  const engine = await ToyEngine.open(lab);
  const before = lab.cloud.calls.length;
  lab.cloud.fate = (operation) =>
    ["create", "update", "delete"].includes(operation) ? { ...SMOOTH, replyMs: "lost", ...fate } : SMOOTH;
  // A killed process never hears of the end of its work.
  executeRun(engine.world, planToys(engine.journal, stack)).then(() => undefined, () => undefined);
  await until(lab, () => lab.cloud.calls.length > before);
  lab.cloud.fate = () => SMOOTH;
  engine.end();
  return engine;
}

/** A process that is killed between the durable intent and the call. */
async function killedBeforeCall(lab: ToyLab, stack: ToyStack): Promise<void> {
  const engine = await ToyEngine.open(lab);
  const never = new Promise<never>(() => {});
  const world = {
    ...engine.world,
    providers: (type: string) => {
      const served = engine.world.providers(type);
      return served === undefined ? undefined : {
        ...served,
        provider: { ...served.provider, create: () => never, update: () => never, delete: () => never },
      };
    },
  };
  executeRun(world, planToys(engine.journal, stack)).then(() => undefined, () => undefined);
  await until(lab, () => engine.journal.state.openTokens.size > 0);
  await lab.clock.settle();
  engine.end();
}

function settledOf(result: ResolveResult): unknown {
  return result.kind === "ended"
    ? result.settled.map(({ outcome, evidence }) => `${outcome} by ${evidence}`)
    : result.kind;
}

async function elapsedMs<T>(lab: ToyLab, work: Promise<T>): Promise<[T, number]> {
  const startedMs = lab.clock.monotonicMs();
  const result = await work;
  return [result, lab.clock.monotonicMs() - startedMs];
}

Deno.test("resolveInDoubt() appends nothing when nothing is open", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  deepStrictEqual(await engine.resolve(), { kind: "nothing" });
  strictEqual(engine.journal.head.seq, 1);
});

Deno.test("P4 a: an object that a stale list hides is not made a second time", async () => {
  const lab = await openLab();
  await killedInCall(lab, stackOf("toy.Brief"), {});
  const next = await ToyEngine.open(lab);
  lab.cloud.fate = () => ({ ...SMOOTH, lagMs: 2_000 });
  const [result, waitedMs] = await elapsedMs(lab, next.resolve());
  deepStrictEqual(settledOf(result), ["done by token"]);
  strictEqual(waitedMs, 17_000);
  await next.apply(stackOf("toy.Brief"));
  strictEqual(lab.cloud.ledger.length, 1);
});

Deno.test("P4 b: an object that comes after everybody gave up waiting is found", async () => {
  const lab = await openLab();
  await killedInCall(lab, stackOf("toy.Brief"), { commitMs: 5_000 });
  const next = await ToyEngine.open(lab);
  deepStrictEqual(settledOf(await next.resolve()), ["done by token"]);
  strictEqual(lab.cloud.ledger.length, 1);
});

Deno.test("P4 c: absence counts only after start window, deadline and lag, from when the run was seen to have ended", async () => {
  const lab = await openLab();
  await killedBeforeCall(lab, stackOf("toy.Brief"));
  const next = await ToyEngine.open(lab);
  const [result, waitedMs] = await elapsedMs(lab, next.resolve());
  deepStrictEqual(settledOf(result), ["notDone by absence"]);
  strictEqual(waitedMs, 17_000);
});

Deno.test("P4 c: nothing is waited for where the world ended with the process", async () => {
  const lab = await openLab();
  await killedBeforeCall(lab, stackOf("toy.Inside"));
  const next = await ToyEngine.open(lab);
  const [result, waitedMs] = await elapsedMs(lab, next.resolve());
  deepStrictEqual(settledOf(result), ["notDone by absence"]);
  strictEqual(waitedMs, 0);
});

Deno.test("P4 f: a doubt that takes longer than the patience of its run is left to a later one, with the search to run by hand", async () => {
  const lab = await openLab();
  await killedBeforeCall(lab, stackOf("toy.Brief"));
  const next = await ToyEngine.open(lab, { limits: { ...DEFAULT_LIMITS, resolvePatienceMs: 5_000 } });
  const [result, waitedMs] = await elapsedMs(lab, next.resolve());
  ok(result.kind === "ended");
  match(
    result.unsettled[0]?.failure.message ?? "",
    /may still come to be for 17 s; list toy\.Brief made since/,
  );
  strictEqual(waitedMs, 0);
  const later = await ToyEngine.open(lab);
  deepStrictEqual(settledOf(await later.resolve()), ["notDone by absence"]);
});

Deno.test("P6 c: what is sent again is what was sent, whatever the files say by now", async () => {
  const lab = await openLab();
  await killedBeforeCall(lab, stackOf("toy.Token", 1));
  const next = await ToyEngine.open(lab);
  const [result, waitedMs] = await elapsedMs(lab, next.resolve());
  deepStrictEqual(settledOf(result), ["done by resend"]);
  strictEqual(waitedMs, 0);
  strictEqual(lab.cloud.calls[0]?.fields["size"], 1);
  await next.apply(stackOf("toy.Token", 2));
  deepStrictEqual(lab.cloud.ledger.map((each) => each.versions.map((version) => version.fields["size"])), [[
    1,
    2,
  ]]);
});

Deno.test("P6 b: a token that is older than its life is not sent again", async () => {
  const lab = await openLab();
  await killedBeforeCall(lab, stackOf("toy.Token"));
  lab.clock.jumpWall(3 * 24 * 60 * 60_000);
  const next = await ToyEngine.open(lab);
  deepStrictEqual(settledOf(await next.resolve()), ["notDone by absence"]);
  strictEqual(lab.cloud.calls.length, 0);
});

Deno.test("P6: what sending again made, and no look from before shows, is not made once more", async () => {
  const fates: readonly Partial<CallFate>[] = [{ lagMs: 2_000 }, { replyMs: "lost" }, {
    commitMs: 4_000,
    replyMs: 3_000,
  }];
  for (const fate of fates) {
    const lab = await openLab();
    await killedBeforeCall(lab, stackOf("toy.Token"));
    const next = await ToyEngine.open(lab);
    // The first look that is answered is made so late that absence would count.
    const busy = {
      kind: "Throttled",
      retry: "safe",
      certainty: "notDone",
      message: "busy",
      retryAfterMs: 20_000,
    } as const;
    let listCount = 0;
    lab.cloud.fate = (operation) => {
      if (operation === "list" && ++listCount === 1) return { ...SMOOTH, failure: busy };
      return { ...SMOOTH, ...fate };
    };
    const result = await next.resolve();
    deepStrictEqual(settledOf(result), ["done by token"], JSON.stringify(fate));
    await next.apply(stackOf("toy.Token"));
    strictEqual(lab.cloud.ledger.length, 1);
  }
});

Deno.test("P6 d: after a restart an open intent is looked into before anything is sent", async () => {
  const lab = await openLab();
  await killedInCall(lab, stackOf("toy.Token"), {});
  const next = await ToyEngine.open(lab);
  deepStrictEqual(settledOf(await next.resolve()), ["done by token"]);
  strictEqual(lab.cloud.calls.length, 1);
});

Deno.test("P5 b: a stranger's object of the same name is not adopted", async () => {
  const lab = await openLab();
  lab.cloud.plant("toy.Name", { name: "x", size: 1 });
  await killedBeforeCall(lab, stackOf("toy.Name"));
  const next = await ToyEngine.open(lab);
  const result = await next.resolve();
  ok(result.kind === "ended");
  match(result.unsettled[0]?.failure.message ?? "", /"name-1" has its name, and may have had it before/);
  strictEqual(next.journal.state.resources.get("net.a")?.object, undefined);
});

Deno.test("P5 b: an object of a name that was free, with the fields that were sent, is ours", async () => {
  const lab = await openLab();
  await killedInCall(lab, stackOf("toy.Name"), { commitMs: 1 });
  await lab.clock.run(lab.clock.sleep(10));
  const next = await ToyEngine.open(lab);
  deepStrictEqual(settledOf(await next.resolve()), ["done by name"]);
});

Deno.test("P5 c: of two objects that bear one token none is taken", async () => {
  const lab = await openLab();
  await killedInCall(lab, stackOf("toy.Brief"), { commitMs: 1 });
  await lab.clock.run(lab.clock.sleep(10));
  const [made] = lab.cloud.ledger;
  lab.cloud.plant("toy.Brief", { name: "x", size: 1 }, made?.token);
  const next = await ToyEngine.open(lab);
  const result = await next.resolve();
  ok(result.kind === "ended");
  match(result.unsettled[0]?.failure.message ?? "", /2 objects bear its token/);
});

Deno.test("resolveInDoubt() never settles by absence what bears neither token nor name", async () => {
  const lab = await openLab();
  await killedBeforeCall(lab, stackOf("toy.None"));
  const next = await ToyEngine.open(lab);
  const result = await next.resolve();
  ok(result.kind === "ended" && result.end === "failed");
  strictEqual(result.unsettled.length, 1);
  strictEqual(next.journal.state.openTokens.size, 1);
  strictEqual((await eventsOf(lab)).filter((each) => each.type === "OutcomeUnknown").length, 1);
});

Deno.test("resolveInDoubt() settles an update by what lives, and a delete by its being gone", async () => {
  for (const commitMs of [0, 3_000]) {
    const lab = await openLab();
    const first = await ToyEngine.open(lab);
    await first.apply(stackOf("toy.Token", 1));
    await killedInCall(lab, stackOf("toy.Token", 2), { commitMs });
    const second = await ToyEngine.open(lab);
    deepStrictEqual(settledOf(await second.resolve()), ["done by id"]);
    deepStrictEqual(second.journal.state.resources.get("net.a")?.object?.inputs["size"], 2);
    await killedInCall(lab, {}, { commitMs });
    const third = await ToyEngine.open(lab);
    deepStrictEqual(settledOf(await third.resolve()), ["done by id"]);
    strictEqual(third.journal.state.resources.get("net.a")?.object, undefined);
  }
});

Deno.test("resolveInDoubt() takes an update and a delete for not done only late, and the object stays", async () => {
  const lab = await openLab();
  const first = await ToyEngine.open(lab);
  await first.apply(stackOf("toy.Token", 1));
  await killedBeforeCall(lab, {});
  const second = await ToyEngine.open(lab);
  const [result, waitedMs] = await elapsedMs(lab, second.resolve());
  deepStrictEqual(settledOf(result), ["notDone by id"]);
  strictEqual(waitedMs, 17_000);
  strictEqual(second.journal.state.resources.get("net.a")?.object?.id, "token-1");
});

Deno.test("P3: an outcome that comes after it was held for not done joins the deposed, and the next run takes it away", async () => {
  const lab = await openLab();
  const paused = await killedInCall(lab, stackOf("toy.Inside"), { commitMs: 60_000 });
  const next = await ToyEngine.open(lab);
  deepStrictEqual(settledOf(await next.resolve()), ["notDone by absence"]);
  await next.apply(stackOf("toy.Inside"));
  const denied = (await eventsOf(lab)).find((each) => each.type === "CreateStarted");
  ok(denied !== undefined);
  const [live] = lab.cloud.alive;
  const late = lab.cloud.plant("toy.Inside", { name: "x", size: 1 }, denied.token);
  const succeeded: Event = {
    type: "CreateSucceeded",
    address: "net.a",
    token: denied.token,
    id: late.id,
    fields: { name: "x", size: 1 },
    outputs: {},
  };
  const answer = await lab.clock.run(
    paused.journal.append({ run: denied.token, events: [succeeded], decidedOn: new Map() }),
  );
  ok(answer.ok);
  const third = await ToyEngine.open(lab);
  const state = third.journal.state.resources.get("net.a");
  deepStrictEqual([state?.object?.id, state?.deposed.map((each) => each.object.id)], [live?.id, [late.id]]);
  await third.apply(stackOf("toy.Inside"));
  deepStrictEqual(lab.cloud.alive.map((each) => each.id), [live?.id]);
});

Deno.test("resolveInDoubt() leaves alone what a living run is doing", async () => {
  const lab = await openLab();
  const busy = await ToyEngine.open(lab);
  lab.cloud.fate = () => ({ ...SMOOTH, commitMs: 4_000 });
  const running = executeRun(busy.world, planToys(busy.journal, stackOf("toy.Token")));
  await until(lab, () => lab.cloud.calls.length > 0);
  const other = await ToyEngine.open(lab);
  deepStrictEqual(await other.resolve(), { kind: "nothing" });
  const result = await lab.clock.run(running);
  strictEqual(result.kind === "ended" && result.end, "succeeded");
});

Deno.test("P5: an object that another run has made and recorded while absence was waited for is not taken for ours by its name", async () => {
  const lab = await openLab();
  const named = { type: "toy.Name", fields: { name: "x" } };
  lab.cloud.fate = () => ({ ...SMOOTH, commitMs: 3_600_000 });
  const dead = await ToyEngine.open(lab);
  executeRun(dead.world, planToys(dead.journal, { "net.a": named })).then(() => {}, () => {});
  await lab.clock.settle();
  dead.end();
  lab.cloud.fate = () => SMOOTH;
  const next = await ToyEngine.open(lab);
  const resolving = resolveInDoubt(next.world, { command: "recover" }, []);
  // The resolver has renewed itself by then, and so has seen the log for the last time before it looks again.
  await lab.clock.run(lab.clock.sleep(12_000));
  const other = await ToyEngine.open(lab);
  await other.apply({ "net.b": named });
  const resolved = await lab.clock.run(resolving);
  ok(resolved.kind === "ended");
  deepStrictEqual(resolved.settled, [{ address: "net.a", outcome: "notDone", evidence: "absence" }]);
  strictEqual(lab.cloud.alive.length, 1);
});
