import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from "node:assert/strict";
import { IntegrityError } from "../engine/integrity_error.ts";
import { Secret } from "../engine/value.ts";
import type { Journal } from "../store/journal_port.ts";
import { failure, SMOOTH, THROTTLED } from "../tests/support/toy_cloud.ts";
import { eventsOf, openLab, ToyEngine } from "../tests/support/toy_engine.ts";
import { planToys, type ToyStack } from "../tests/support/toy_plan.ts";
import { executeRun, type RunResult } from "./engine_run.ts";
import { DEFAULT_LIMITS } from "./run_world.ts";

const NET = { type: "toy.Token", fields: { name: "net" } };
const CHAIN: ToyStack = {
  "net.a": NET,
  "vm.b": { type: "toy.Token", fields: { size: 1 }, needs: { parent: "net.a.id" } },
  "vm.c": { type: "toy.Token", fields: { size: 2 }, needs: { parent: "vm.b.id" } },
};

function endOf(result: RunResult): string {
  return result.kind === "ended" ? result.end : result.kind;
}

function outcomesOf(result: RunResult): Record<string, string> {
  ok(result.kind === "ended");
  return Object.fromEntries([...result.resources].map(([address, outcome]) => [address, outcome.kind]));
}

Deno.test("executeRun() makes what the files want, in the order of needs, and a second plan is empty", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  strictEqual(endOf(await engine.apply(CHAIN)), "succeeded");
  deepStrictEqual(lab.cloud.alive.map((each) => each.versions.at(-1)?.fields["parent"]), [
    undefined,
    "token-1",
    "token-2",
  ]);
  const before = engine.journal.head.seq;
  deepStrictEqual(await engine.apply(CHAIN), { kind: "nothing" });
  strictEqual(engine.journal.head.seq, before);
});

Deno.test("executeRun() writes each intent before its call, with the inputs themselves", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  let openAtCall = 0;
  lab.cloud.onCall = ({ token }) => {
    if (engine.journal.state.openTokens.has(token)) openAtCall++;
  };
  await engine.apply(CHAIN);
  strictEqual(openAtCall, 3);
  const started = (await engine.events()).filter((each) => each.type === "CreateStarted");
  deepStrictEqual(started.map((each) => each.inputs["parent"]), [undefined, "token-1", "token-2"]);
  deepStrictEqual(started[2]?.dependencies, [{ address: "vm.b", incarnation: 1 }]);
});

Deno.test("executeRun() skips what relies on a failure, each with its reason, and goes on with the rest", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  lab.cloud.fate = (operation) =>
    operation === "create" && lab.cloud.calls.length === 2
      ? { ...SMOOTH, failure: failure("QuotaExceeded", "No more") }
      : SMOOTH;
  const result = await engine.apply({ ...CHAIN, "vm.x": { type: "toy.Token", fields: { size: 9 } } });
  const outcomes = outcomesOf(result);
  strictEqual(endOf(result), "partial");
  strictEqual(Object.values(outcomes).filter((each) => each === "failed").length, 1);
  const skipped = (await engine.events()).filter((each) => each.type === "Skipped");
  for (const each of skipped) strictEqual(outcomes[each.because] === "succeeded", isNever());
  strictEqual(skipped.length, Object.values(outcomes).filter((each) => each === "skipped").length);
});

function isNever(): boolean {
  return false;
}

Deno.test("executeRun() names the outputs that there are when a binding fails, and calls nobody", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const order = planToys(engine.journal, CHAIN);
  const broken = {
    ...order,
    plan: {
      ...order.plan,
      resources: order.plan.resources.map((each) =>
        each.address !== "vm.b" || each.wanted === undefined ? each : {
          ...each,
          wanted: {
            ...each.wanted,
            bindings: each.wanted.bindings.map((binding) => ({
              ...binding,
              sources: [{ address: "net.a", output: "nope" }],
            })),
          },
        }
      ),
    },
  };
  const result = await lab.clock.run(executeRun(engine.world, broken));
  ok(result.kind === "ended");
  deepStrictEqual(result.steps.get("create vm.b"), {
    kind: "failed",
    failure: {
      kind: "Binding",
      missing: {
        kind: "MissingOutput",
        source: { address: "net.a", output: "nope" },
        available: ["id", "arn", "echo", "key"],
      },
    },
  });
  strictEqual(lab.cloud.calls.length, 1);
});

Deno.test("executeRun() rebinds instead of calling when what was unknown turns out the same", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const stack = (size: number): ToyStack => ({
    "net.a": { type: "toy.Token", fields: { name: "net", size } },
    "vm.b": { type: "toy.Token", needs: { label: "net.a.echo" } },
  });
  await engine.apply(stack(1));
  const before = lab.cloud.calls.length;
  strictEqual(endOf(await engine.apply(stack(2))), "succeeded");
  deepStrictEqual(lab.cloud.calls.slice(before).map((each) => each.operation), ["update"]);
  deepStrictEqual(await engine.apply(stack(2)), { kind: "nothing" });
});

Deno.test("executeRun() retries what did no harm under the same token and intent, later each time", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  lab.cloud.fate = () => lab.cloud.calls.length < 4 ? { ...SMOOTH, failure: THROTTLED } : SMOOTH;
  strictEqual(endOf(await engine.apply({ "net.a": NET })), "succeeded");
  strictEqual(lab.cloud.calls.length, 4);
  strictEqual(new Set(lab.cloud.calls.map((each) => each.token)).size, 1);
  strictEqual((await engine.events()).filter((each) => each.type === "CreateStarted").length, 1);
  strictEqual(engine.progress.filter((each) => each.type === "StepRetries").length, 3);
});

Deno.test("executeRun() finds what was made when the answer was lost, and goes on", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  lab.cloud.fate = () => lab.cloud.calls.length === 1 ? { ...SMOOTH, replyMs: "lost" } : SMOOTH;
  const result = await engine.apply(CHAIN);
  strictEqual(endOf(result), "succeeded");
  strictEqual(lab.cloud.alive.length, 3);
  const resolved = (await engine.events()).find((each) => each.type === "OutcomeResolved");
  strictEqual(resolved?.evidence, "token");
});

Deno.test("executeRun() leaves in doubt what may still come, skips what relies on it, and says what to search for", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  lab.cloud.fate = (operation) => operation === "create" ? { ...SMOOTH, commitMs: 60_000 } : SMOOTH;
  const result = await engine.apply({
    "bucket.a": { type: "toy.None", fields: { name: "x" } },
    "vm.b": { type: "toy.Token", needs: { parent: "bucket.a.id" } },
  });
  deepStrictEqual(outcomesOf(result), { "bucket.a": "inDoubt", "vm.b": "skipped" });
  const state = engine.journal.state.resources.get("bucket.a");
  match(
    state?.intent?.doubt?.message ?? "",
    /Cannot tell what happened to bucket\.a: .*bears the token "[0-9a-f]{32}"/,
  );
});

Deno.test("P4 a: a doubt of the run's own is never settled by absence, however long the run has lived", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const nets = Array.from({ length: 12 }, (_, nth) =>
    [`net.n${String(nth).padStart(2, "0")}`, {
      type: "toy.Token",
      ...(nth === 0 ? {} : { needs: { parent: `net.n${String(nth - 1).padStart(2, "0")}.id` } }),
    }] as const);
  lab.cloud.fate = (operation, type) => {
    if (operation !== "create") return { ...SMOOTH, lagMs: 0 };
    return type === "toy.Brief"
      ? { ...SMOOTH, commitMs: 8_000, replyMs: "lost" }
      : { ...SMOOTH, commitMs: 4_000 };
  };
  const last = { type: "toy.Brief", needs: { parent: "net.n11.id" } };
  const result = await engine.apply({ ...Object.fromEntries(nets), "net.z": last });
  strictEqual(outcomesOf(result)["net.z"], "inDoubt");
  strictEqual((await engine.events()).filter((each) => each.type === "OutcomeResolved").length, 0);
});

Deno.test("P5 b: executeRun() looks whether a unique name is free before it writes the intent", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  lab.cloud.plant("toy.Name", { name: "taken" });
  await engine.apply({
    "b.free": { type: "toy.Name", fields: { name: "free" } },
    "b.taken": { type: "toy.Name", fields: { name: "taken" } },
    "b.other": NET,
  });
  const free = new Map(
    (await engine.events()).flatMap((each) =>
      each.type === "CreateStarted" ? [[each.address, each.nameWasFree] as const] : []
    ),
  );
  deepStrictEqual([free.get("b.free"), free.get("b.taken"), free.get("b.other")], [true, false, undefined]);
});

Deno.test("P5 b: executeRun() makes nothing under a unique name while the look for it is not answered", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  lab.cloud.fate = (operation) =>
    operation === "list" ? { ...SMOOTH, failure: failure("Transient", "Try again") } : SMOOTH;
  const result = await engine.apply({ "b.free": { type: "toy.Name", fields: { name: "free" } } });
  deepStrictEqual(outcomesOf(result), { "b.free": "failed" });
  ok((await engine.events()).every((each) => each.type !== "CreateStarted"));
  deepStrictEqual(lab.cloud.ledger, []);
});

Deno.test("P5 b: executeRun() makes what it may not look for, without saying that the name was free", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  lab.cloud.fate = (operation) =>
    operation === "list" ? { ...SMOOTH, failure: failure("Denied", "You may not list") } : SMOOTH;
  const result = await engine.apply({ "b.free": { type: "toy.Name", fields: { name: "free" } } });
  deepStrictEqual(outcomesOf(result), { "b.free": "succeeded" });
  const intents = (await engine.events()).filter((each) => each.type === "CreateStarted");
  deepStrictEqual(intents.map((each) => each.nameWasFree), [undefined]);
});

Deno.test("P5 b: executeRun() makes nothing under a unique name once it was interrupted before the look was answered", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  lab.cloud.fate = (operation) => {
    if (operation === "list") engine.stop.abort(new Error("The operator has had enough"));
    return SMOOTH;
  };
  const result = await engine.apply({ "b.free": { type: "toy.Name", fields: { name: "free" } } });
  deepStrictEqual(lab.cloud.ledger, []);
  strictEqual(endOf(result), "interrupted");
});

Deno.test("executeRun() shows no clear text of a secret in log or progress, whatever the provider sends back", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const stack: ToyStack = {
    "db.a": { type: "toy.Token", fields: { password: new Secret("hunter2-canary") } },
    "db.b": { type: "toy.Token", fields: { label: new Secret("label-canary") } },
    "db.c": { type: "toy.Token", needs: { label: "db.a.key" } },
  };
  lab.cloud.fate = () =>
    lab.cloud.calls.length === 1
      ? {
        ...SMOOTH,
        failure: failure("InvalidConfig", "The password hunter2-canary is weak"),
      }
      : SMOOTH;
  await engine.apply(stack);
  lab.cloud.fate = () => SMOOTH;
  strictEqual(endOf(await engine.apply(stack)), "succeeded");
  const text = JSON.stringify([await engine.events(), engine.progress]);
  doesNotMatch(text, /canary|key-of-/);
  const sent = lab.cloud.calls.map((each) => each.fields["password"]);
  ok(sent.some((each) => each instanceof Secret && Secret.open(each) === "hunter2-canary"));
});

Deno.test("P11: a replacement is three operations: the new one lives, dependents follow, then the old one goes", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const stack = (zone: string): ToyStack => ({
    "net.a": { type: "toy.Token", fields: { zone } },
    "vm.b": { type: "toy.Token", needs: { parent: "net.a.id" } },
  });
  await engine.apply(stack("north"));
  const before = lab.cloud.calls.length;
  strictEqual(endOf(await engine.apply(stack("south"))), "succeeded");
  deepStrictEqual(lab.cloud.calls.slice(before).map((each) => each.operation), [
    "create",
    "update",
    "delete",
  ]);
  deepStrictEqual(lab.cloud.alive.map((each) => each.versions.at(-1)?.fields["parent"]), [
    "token-3",
    undefined,
  ]);
  deepStrictEqual(await engine.apply(stack("south")), { kind: "nothing" });
});

Deno.test("P11 a: a failed update of a dependent keeps the old object, deposed, and the next run takes it away", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const stack = (zone: string): ToyStack => ({
    "net.a": { type: "toy.Token", fields: { zone } },
    "vm.b": { type: "toy.Token", needs: { parent: "net.a.id" } },
  });
  await engine.apply(stack("north"));
  lab.cloud.fate = (operation) =>
    operation === "update" ? { ...SMOOTH, failure: failure("Denied", "No") } : SMOOTH;
  strictEqual(endOf(await engine.apply(stack("south"))), "partial");
  strictEqual(engine.journal.state.resources.get("net.a")?.deposed.length, 1);
  strictEqual(lab.cloud.alive.length, 3);
  lab.cloud.fate = () => SMOOTH;
  strictEqual(endOf(await engine.apply(stack("south"))), "succeeded");
  strictEqual(lab.cloud.alive.length, 2);
});

Deno.test("P11 e: protection that lands before the replacement keeps the old object", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  await engine.apply({ "net.a": { type: "toy.Token", fields: { zone: "north" } } });
  const order = planToys(engine.journal, { "net.a": { type: "toy.Token", fields: { zone: "south" } } });
  const protect = {
    run: "a".repeat(32),
    events: [{ type: "Protected", address: "net.a" } as const],
    decidedOn: new Map(),
  };
  await lab.clock.run(engine.journal.append(protect));
  const result = await lab.clock.run(executeRun(engine.world, order));
  strictEqual(result.kind, "stale");
  strictEqual(lab.cloud.alive.length, 1);
});

Deno.test("executeRun() deletes the most dependent first, and a failure stops every later tier", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  await engine.apply({ ...CHAIN, "vm.y": { type: "toy.Token", fields: { size: 5 } } });
  lab.cloud.fate = (operation) =>
    operation === "delete" && lab.cloud.calls.length === 5
      ? { ...SMOOTH, failure: failure("InUse", "Still in use") }
      : SMOOTH;
  const result = await engine.destroy();
  strictEqual(endOf(result), "partial");
  ok(lab.cloud.alive.length >= 2);
  lab.cloud.fate = () => SMOOTH;
  strictEqual(endOf(await engine.destroy()), "succeeded");
  strictEqual(lab.cloud.alive.length, 0);
});

Deno.test("executeRun() records protection with what the files want, and takes it away with them", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  await engine.apply({ "net.a": { ...NET, isProtected: true } });
  strictEqual(engine.journal.state.resources.get("net.a")?.isProtected, !isNever());
  await engine.apply({ "net.a": NET });
  strictEqual(engine.journal.state.resources.get("net.a")?.isProtected, isNever());
});

Deno.test("The first interrupt lets calls finish, starts nothing new, and ends the run as interrupted", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  lab.cloud.onCall = () => engine.stop.abort(new Error("SIGINT"));
  const result = await engine.apply(CHAIN);
  strictEqual(endOf(result), "interrupted");
  deepStrictEqual(outcomesOf(result), { "net.a": "succeeded", "vm.b": "skipped", "vm.c": "skipped" });
  strictEqual(engine.journal.state.liveRuns.size, 0);
});

Deno.test("P4 d: the second interrupt records an unknown outcome for what is in flight, and the next run waits for absence all the same", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  lab.cloud.fate = () => ({ ...SMOOTH, commitMs: 3_000 });
  lab.cloud.onCall = () => {
    engine.stop.abort(new Error("SIGINT"));
    engine.leave.abort(new Error("SIGINT"));
  };
  const result = await engine.apply({ "net.a": { type: "toy.Brief", fields: { name: "net" } } });
  deepStrictEqual(outcomesOf(result), { "net.a": "inDoubt" });
  lab.cloud.onCall = () => {};
  const next = await ToyEngine.open(lab);
  const resolved = await next.resolve();
  ok(resolved.kind === "ended");
  deepStrictEqual(resolved.settled, [{ address: "net.a", outcome: "done", evidence: "token" }]);
  strictEqual(lab.cloud.alive.length, 1);
});

Deno.test("P19: a run whose log takes no more starts no further call and keeps aside what it knows", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  let isBroken = isNever();
  const journal: Journal = {
    environment: engine.journal.environment,
    stream: engine.journal.stream,
    get head() {
      return engine.journal.head;
    },
    state: engine.journal.state,
    append: (batch) =>
      isBroken ? Promise.reject(new Error("no space left on device")) : engine.journal.append(batch),
    refresh: () => engine.journal.refresh(),
  };
  lab.cloud.onCall = () => isBroken = !isNever();
  const result = await lab.clock.run(executeRun({ ...engine.world, journal }, planToys(journal, CHAIN)));
  ok(result.kind === "ended");
  strictEqual(result.end, "broken");
  strictEqual(lab.cloud.calls.length, 1);
  match(result.unsavedAt ?? "", /\.smelt\/unsaved\/[0-9a-f]{32}\.json/);
  ok(engine.unsaved.some((each) => each.type === "CreateSucceeded" && each.id === "token-1"));
  engine.end();
  const next = await ToyEngine.open(lab);
  const resolved = await next.resolve(engine.unsaved);
  ok(resolved.kind === "ended");
  deepStrictEqual(resolved.settled, [{ address: "net.a", outcome: "done", evidence: "recorded" }]);
  strictEqual(endOf(await next.apply(CHAIN)), "succeeded");
  strictEqual(lab.cloud.alive.length, 3);
});

Deno.test("executeRun() swallows no damage: a log that was tampered with stops it, after what is in flight has ended", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  let isDamaged = isNever();
  const journal: Journal = {
    ...engine.journal,
    environment: engine.journal.environment,
    stream: engine.journal.stream,
    head: engine.journal.head,
    state: engine.journal.state,
    append: (batch) =>
      isDamaged
        ? Promise.reject(new IntegrityError("chain", "dev record 3", "Cannot trust dev record 3"))
        : engine.journal.append(batch),
    refresh: () => engine.journal.refresh(),
  };
  lab.cloud.onCall = () => isDamaged = !isNever();
  await rejects(
    lab.clock.run(executeRun({ ...engine.world, journal }, planToys(journal, CHAIN))),
    IntegrityError,
  );
  ok(engine.unsaved.some((each) => each.type === "CreateSucceeded"));
  strictEqual(lab.cloud.calls.length, 1);
});

Deno.test("P20: updates and deletes carry the precondition that was read last", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  await engine.apply({ "net.a": { type: "toy.Token", fields: { size: 1 } } });
  const [object] = lab.cloud.alive;
  object?.versions.push({ fromMs: 0, fields: { size: 7 } });
  const result = await engine.apply({ "net.a": { type: "toy.Token", fields: { size: 2 } } });
  deepStrictEqual(outcomesOf(result), { "net.a": "failed" });
  strictEqual(endOf(await engine.destroy()), "failed");
  strictEqual(lab.cloud.alive.length, 1);
});

Deno.test("executeRun() refuses another account than the one that is bound, before anything is claimed", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  await engine.apply({ "net.a": NET });
  strictEqual(engine.journal.state.accounts.get("toy"), "account-1");
  const served = engine.world.providers("toy.Token");
  ok(served !== undefined);
  const provider = {
    ...served.provider,
    identity: () => Promise.resolve({ ok: true as const, value: "account-2" }),
  };
  const seq = engine.journal.head.seq;
  const world = { ...engine.world, providers: () => ({ ...served, provider }) };
  deepStrictEqual(await lab.clock.run(executeRun(world, planToys(engine.journal, {}))), {
    kind: "refused",
    refusal: { kind: "OtherAccount", provider: "toy", bound: "account-1", found: "account-2" },
  });
  strictEqual(engine.journal.head.seq, seq);
});

Deno.test("executeRun() sends no more calls a second than a provider may get", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab, {
    limits: { ...DEFAULT_LIMITS, callsPerSecond: new Map([["toy", 2]]) },
  });
  const names = Array.from({ length: 8 }, (_, nth) => [`net.n${nth}`, NET] as const);
  const startedMs = lab.clock.monotonicMs();
  strictEqual(endOf(await engine.apply(Object.fromEntries(names))), "succeeded");
  strictEqual(Math.round((lab.clock.monotonicMs() - startedMs) / 1_000), 3);
});

Deno.test("executeRun() counts repetitions among the calls that a provider may get", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab, {
    limits: { ...DEFAULT_LIMITS, callsPerSecond: new Map([["toy", 1]]) },
  });
  const sentMs: number[] = [];
  lab.cloud.onCall = () => void sentMs.push(lab.clock.monotonicMs());
  lab.cloud.fate = () => lab.cloud.calls.length < 4 ? { ...SMOOTH, failure: THROTTLED } : SMOOTH;
  strictEqual(endOf(await engine.apply({ "net.a": NET })), "succeeded");
  const gapsMs = sentMs.slice(1).map((ms, nth) => ms - (sentMs[nth] ?? 0));
  ok(sentMs.length === 4 && gapsMs.every((ms) => ms >= 999), `${sentMs}`);
});

Deno.test("executeRun() repeats at times that chance spreads, until the deadline cuts it, and then says what was met", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const sentMs = new Map<string, number[]>();
  lab.cloud.onCall = ({ token }) => {
    sentMs.set(token, [...sentMs.get(token) ?? [], lab.clock.monotonicMs()]);
  };
  lab.cloud.fate = () => ({ ...SMOOTH, failure: THROTTLED });
  const names = Array.from({ length: 8 }, (_, nth) => [`net.n${nth}`, NET] as const);
  const startedMs = lab.clock.monotonicMs();
  const result = await engine.apply(Object.fromEntries(names));
  ok(result.kind === "ended");
  for (const outcome of result.steps.values()) {
    ok(outcome.kind === "failed" && outcome.failure.kind === "Call");
    deepStrictEqual([outcome.failure.failure.kind, outcome.failure.failure.certainty], [
      "Throttled",
      "notDone",
    ]);
  }
  const times = [...sentMs.values()];
  ok(
    times.every((each) => each.length >= 4 && each.length <= 30 && (each.at(-1) ?? NaN) < startedMs + 5_000),
  );
  strictEqual(new Set(times.map((each) => each[0])).size, 1);
  ok(new Set(times.map((each) => each[2])).size >= 6, "they come back together");
  strictEqual(engine.journal.state.openTokens.size, 0);
});

Deno.test("P13 b: a machine that sleeps between two attempts sends nothing after the deadline", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab, {
    observer: ({ type }) => type === "StepRetries" ? lab.clock.jumpWall(20_000) : undefined,
  });
  lab.cloud.fate = () => lab.cloud.calls.length < 2 ? { ...SMOOTH, failure: THROTTLED } : SMOOTH;
  strictEqual(endOf(await engine.apply({ "net.a": NET })), "failed");
  strictEqual(lab.cloud.calls.length, 1);
});

Deno.test("P3: a late failure of the first attempt does not close an intent that was sent again since", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  lab.cloud.fate = (operation) => {
    // What the second attempt makes is not shown at once.
    if (operation !== "create") return { ...SMOOTH, lagMs: 2_000 };
    return lab.cloud.calls.length === 1
      ? { ...SMOOTH, commitMs: 8_000, failure: THROTTLED }
      : { ...SMOOTH, commitMs: 4_000, replyMs: "lost" };
  };
  deepStrictEqual(outcomesOf(await engine.apply({ "net.a": NET })), { "net.a": "inDoubt" });
  strictEqual(lab.cloud.calls.length, 2);
  const next = await ToyEngine.open(lab);
  const resolved = await next.resolve();
  ok(resolved.kind === "ended");
  deepStrictEqual(resolved.settled, [{ address: "net.a", outcome: "done", evidence: "token" }]);
  strictEqual(lab.cloud.ledger.length, 1);
});

Deno.test("executeRun() makes an intent anew that came too late to be sent", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  let slowCount = 0;
  const journal: Journal = {
    environment: engine.journal.environment,
    stream: engine.journal.stream,
    head: engine.journal.head,
    state: engine.journal.state,
    append: async (batch) => {
      if (batch.events[0]?.type === "CreateStarted" && slowCount++ === 0) await lab.clock.sleep(11_000);
      return await engine.journal.append(batch);
    },
    refresh: () => engine.journal.refresh(),
  };
  const result = await lab.clock.run(
    executeRun({ ...engine.world, journal }, planToys(journal, { "net.a": NET })),
  );
  strictEqual(endOf(result), "succeeded");
  deepStrictEqual(
    (await eventsOf(lab)).map((each) => each.type).filter((type) => type.startsWith("Create")),
    ["CreateStarted", "CreateFailed", "CreateStarted", "CreateAccepted", "CreateSucceeded"],
  );
  strictEqual(lab.cloud.calls.length, 1);
});
