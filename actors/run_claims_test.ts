import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { eventsOf, openLab, ToyEngine, type ToyLab } from "../tests/support/toy_engine.ts";
import { SMOOTH } from "../tests/support/toy_cloud.ts";
import { planToys, type ToyStack } from "../tests/support/toy_plan.ts";
import type { Clock } from "../engine/clock.ts";
import type { Journal } from "../store/journal_port.ts";
import { executeRun, type RunResult } from "./engine_run.ts";
import { claimRun } from "./run_claims.ts";
import { keepAlive } from "./run_heartbeat.ts";
import type { RunStarter } from "./run_world.ts";

const A: ToyStack = { "net.a": { type: "toy.Token", fields: { name: "a" } } };
const ELSEWHERE: RunStarter = { host: "there", who: "test", why: undefined };

function claimOf(writes: readonly string[], reads: readonly string[] = []) {
  return { command: "apply", writes, reads };
}

async function claimedBy(lab: ToyLab, starter?: RunStarter): Promise<ToyEngine> {
  const engine = await ToyEngine.open(lab, starter === undefined ? {} : { starter });
  const claimed = await lab.clock.run(claimRun(engine.world, claimOf(["net.a"])));
  ok(claimed.ok);
  return engine;
}

function kindOf(result: RunResult): string {
  if (result.kind === "refused") return result.refusal.kind;
  return result.kind === "ended" ? result.end : result.kind;
}

Deno.test("claimRun() refuses at once what a run that lives holds, naming holder, since when, and the shared addresses", async () => {
  const lab = await openLab();
  await claimedBy(lab);
  const startedMs = lab.clock.monotonicMs();
  const other = await ToyEngine.open(lab);
  const refused = await other.apply({ ...A, "net.b": { type: "toy.Token" } });
  ok(refused.kind === "refused" && refused.refusal.kind === "ClaimTaken");
  deepStrictEqual(refused.refusal.addresses, ["net.a"]);
  strictEqual(refused.refusal.holder.started.host, "here");
  ok(refused.refusal.holder.startedAt.startsWith("2026-01-02T"));
  strictEqual(lab.clock.monotonicMs(), startedMs);
  strictEqual(lab.cloud.calls.length, 0);
});

Deno.test("Two runs that share nothing go on side by side", async () => {
  const lab = await openLab();
  await claimedBy(lab);
  const other = await ToyEngine.open(lab);
  strictEqual(kindOf(await other.apply({ "net.b": { type: "toy.Token" } })), "succeeded");
});

Deno.test("P13 d: a run whose process is gone is taken over at once, by its lock", async () => {
  const lab = await openLab();
  const dead = await claimedBy(lab);
  dead.end();
  const startedMs = lab.clock.monotonicMs();
  const next = await ToyEngine.open(lab);
  strictEqual(kindOf(await next.apply(A)), "succeeded");
  strictEqual(lab.clock.monotonicMs(), startedMs);
  const broken = (await eventsOf(lab)).find((each) => each.type === "RunBroken");
  strictEqual(broken?.reason, "lockFree");
});

Deno.test("P13 a: a run of another machine is watched for its whole ttl, whatever the clocks say", async () => {
  const lab = await openLab();
  await claimedBy(lab, ELSEWHERE);
  const next = await ToyEngine.open(lab, { starter: { ...ELSEWHERE, host: "elsewhere" } });
  lab.clock.jumpWall(24 * 60 * 60_000);
  const startedMs = lab.clock.monotonicMs();
  strictEqual(kindOf(await next.apply(A)), "succeeded");
  strictEqual(lab.clock.monotonicMs() - startedMs, 30_000);
  const broken = (await eventsOf(lab)).find((each) => each.type === "RunBroken");
  strictEqual(broken?.reason, "silent");
});

Deno.test("A run of another machine that is heard of again lives, and is not waited for", async () => {
  const lab = await openLab();
  const holder = await ToyEngine.open(lab, { starter: ELSEWHERE });
  const claimed = await lab.clock.run(claimRun(holder.world, claimOf(["net.a"])));
  ok(claimed.ok);
  const over = new AbortController();
  const alive = keepAlive(lab.clock, claimed.value.log, over.signal);
  const next = await ToyEngine.open(lab);
  strictEqual(kindOf(await next.apply(A)), "ClaimTaken");
  over.abort();
  await alive;
});

Deno.test("P13 b: a holder that slept after its intent was stored sends nothing, and a broken one makes no other intent", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const journal: Journal = {
    environment: engine.journal.environment,
    stream: engine.journal.stream,
    head: engine.journal.head,
    state: engine.journal.state,
    append: async (batch) => {
      const answer = await engine.journal.append(batch);
      if (batch.events[0]?.type !== "CreateStarted") return answer;
      lab.clock.jumpWall(2 * 60 * 60_000);
      const broken = { type: "RunBroken", run: batch.run, reason: "silent" } as const;
      await engine.journal.append({ run: "b".repeat(32), events: [broken], decidedOn: new Map() });
      return answer;
    },
    refresh: () => engine.journal.refresh(),
  };
  const result = await lab.clock.run(executeRun({ ...engine.world, journal }, planToys(journal, A)));
  strictEqual(kindOf(result), "lost");
  strictEqual(lab.cloud.calls.length, 0);
  strictEqual(engine.journal.state.resources.get("net.a")?.intent?.doubt, undefined);
  strictEqual((await eventsOf(lab)).filter((each) => each.type === "CreateStarted").length, 1);
});

Deno.test("P13 b: a clock set back does not lengthen what a holder believes in", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const claimed = await lab.clock.run(claimRun(engine.world, claimOf(["net.a"])));
  ok(claimed.ok);
  lab.clock.jumpWall(-60 * 60_000);
  lab.clock.jump(31_000);
  strictEqual(claimed.value.log.health, "lost");
});

Deno.test("P13 c: a record whose answer was slow counts from its sending", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const slow: Clock = lab.clock;
  const journal = {
    environment: engine.journal.environment,
    stream: engine.journal.stream,
    head: engine.journal.head,
    state: engine.journal.state,
    append: async (batch: Parameters<typeof engine.journal.append>[0]) => {
      const answer = await engine.journal.append(batch);
      await slow.sleep(29_000);
      return answer;
    },
    refresh: () => engine.journal.refresh(),
  };
  const claimed = await lab.clock.run(claimRun({ ...engine.world, journal }, claimOf(["net.a"])));
  ok(claimed.ok);
  strictEqual(claimed.value.log.silenceMs(), 29_000);
  strictEqual(claimed.value.log.health, "live");
  lab.clock.jump(1_000);
  strictEqual(claimed.value.log.health, "lost");
});

Deno.test("A run renews itself only after a third of its ttl of silence", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  lab.cloud.fate = (operation) => ({ ...SMOOTH, commitMs: operation === "create" ? 4_900 : 0 });
  await engine.apply({ ...A, "net.b": { type: "toy.Token", needs: { parent: "net.a.id" } } });
  strictEqual((await eventsOf(lab)).filter((each) => each.type === "RunRenewed").length, 0);
  const claimed = await lab.clock.run(claimRun(engine.world, claimOf(["net.z"])));
  ok(claimed.ok);
  const over = new AbortController();
  const beating = keepAlive(lab.clock, claimed.value.log, over.signal);
  await lab.clock.run(lab.clock.sleep(35_000));
  over.abort();
  await beating;
  strictEqual((await eventsOf(lab)).filter((each) => each.type === "RunRenewed").length, 3);
});

Deno.test("P1: of two runs that would start at the same record with one claim, one is refused", async () => {
  const lab = await openLab();
  const one = await ToyEngine.open(lab);
  const other = await ToyEngine.open(lab);
  const results = await lab.clock.run(Promise.all([
    executeRun(one.world, planToys(one.journal, A)),
    executeRun(other.world, planToys(other.journal, A)),
  ]));
  deepStrictEqual(results.map(kindOf).sort(), ["ClaimTaken", "succeeded"]);
  strictEqual(lab.cloud.alive.length, 1);
});

Deno.test("P1: two runs of one process exclude each other too", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const order = planToys(engine.journal, A);
  const results = await lab.clock.run(
    Promise.all([executeRun(engine.world, order), executeRun(engine.world, order)]),
  );
  deepStrictEqual(results.map(kindOf).sort(), ["ClaimTaken", "succeeded"]);
});

Deno.test("P2: what a run relies on is claimed too: a delete of it is refused while the run lives", async () => {
  const lab = await openLab();
  const first = await ToyEngine.open(lab);
  await first.apply(A);
  const builder = await ToyEngine.open(lab);
  const claimed = await lab.clock.run(claimRun(builder.world, claimOf(["vm.b"], ["net.a"])));
  ok(claimed.ok);
  const destroyer = await ToyEngine.open(lab);
  strictEqual(kindOf(await destroyer.destroy()), "ClaimTaken");
  strictEqual(lab.cloud.alive.length, 1);
});

Deno.test("P2: a plan made before another run built on what it deletes ends as stale, before its first call", async () => {
  const lab = await openLab();
  const first = await ToyEngine.open(lab);
  await first.apply(A);
  const destroyer = await ToyEngine.open(lab);
  const order = planToys(destroyer.journal, {});
  const builder = await ToyEngine.open(lab);
  await builder.apply({ ...A, "vm.b": { type: "toy.Token", needs: { parent: "net.a.id" } } });
  const callCount = lab.cloud.calls.length;
  const result = await lab.clock.run(executeRun(destroyer.world, order));
  ok(result.kind === "stale");
  deepStrictEqual(result.moved, ["vm.b"]);
  strictEqual(lab.cloud.calls.length, callCount);
  strictEqual(lab.cloud.alive.length, 2);
  const ends = (await eventsOf(lab)).filter((each) => each.type === "RunFinished");
  deepStrictEqual(ends.map((each) => each.outcome), ["succeeded", "succeeded", "stale"]);
});

Deno.test("P2: a plan that waited at a prompt while what it changes moved ends as stale", async () => {
  const lab = await openLab();
  const first = await ToyEngine.open(lab);
  await first.apply(A);
  const waiting = planToys(first.journal, { "net.a": { type: "toy.Token", fields: { name: "b" } } });
  const other = await ToyEngine.open(lab);
  await other.apply({ "net.a": { type: "toy.Token", fields: { name: "c" } } });
  const result = await lab.clock.run(executeRun(first.world, waiting));
  deepStrictEqual(result.kind === "stale" ? result.moved : result.kind, ["net.a"]);
});

Deno.test("P6 e: a run that takes up another is a run of its own and resolves what the other left", async () => {
  const lab = await openLab();
  const dead = await ToyEngine.open(lab);
  lab.cloud.fate = () => ({ ...SMOOTH, replyMs: "lost" });
  const order = planToys(dead.journal, { "net.a": { type: "toy.Inside" } });
  executeRun(dead.world, order).then(() => undefined, () => undefined);
  await lab.clock.settle();
  dead.end();
  strictEqual(lab.cloud.calls.length, 1);
  lab.cloud.fate = () => SMOOTH;
  const next = await ToyEngine.open(lab);
  const [old] = next.journal.state.liveRuns.keys();
  ok(old !== undefined);
  const resolved = await next.resolve();
  ok(resolved.kind === "ended" && resolved.run !== old);
  deepStrictEqual(resolved.settled, [{ address: "net.a", outcome: "done", evidence: "token" }]);
  strictEqual(lab.cloud.calls.length, 1);
  strictEqual(lab.cloud.alive.length, 1);
});

Deno.test("F4: a run that changes something ends the dead of this machine that do not stand in its way; one that changes nothing appends nothing", async () => {
  const lab = await openLab();
  const dead = await claimedBy(lab);
  const elsewhere = await ToyEngine.open(lab, { starter: ELSEWHERE });
  ok((await lab.clock.run(claimRun(elsewhere.world, claimOf(["net.z"])))).ok);
  dead.end();
  elsewhere.end();
  const next = await ToyEngine.open(lab);
  const { seq } = next.journal.head;
  strictEqual(kindOf(await next.apply({})), "nothing");
  strictEqual(next.journal.head.seq, seq);
  strictEqual(kindOf(await next.apply({ "net.b": { type: "toy.Token" } })), "succeeded");
  deepStrictEqual([...next.journal.state.liveRuns.values()].map((each) => each.started.host), ["there"]);
  const broken = (await eventsOf(lab)).filter((each) => each.type === "RunBroken");
  deepStrictEqual(broken.map((each) => each.reason), ["lockFree"]);
});
