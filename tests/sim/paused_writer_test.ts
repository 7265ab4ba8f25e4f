import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { executeRun, type RunResult } from "../../actors/engine_run.ts";
import { judgeRun } from "../../actors/run_death.ts";
import type { Event } from "../../engine/event.ts";
import type { LogBackend } from "../../store/log_backend.ts";
import type { Journal } from "../../store/journal_port.ts";
import { MemoryLocks } from "../support/memory_locks.ts";
import { SMOOTH } from "../support/toy_cloud.ts";
import { eventsOf, openLab, ToyEngine, type ToyLab } from "../support/toy_engine.ts";
import { planToys, type ToyStack } from "../support/toy_plan.ts";
import { SimMachine, SimProcess } from "./sim_process.ts";

const CHAIN: ToyStack = {
  "net.a": { type: "toy.Token", fields: { name: "net" } },
  "vm.b": { type: "toy.Token", fields: { size: 1 }, needs: { parent: "net.a.id" } },
};

/** A writer on a machine of its own, which stands still for so long once its first call is on its way. */
interface Paused {
  readonly lab: ToyLab;
  readonly journal: Journal;
  readonly run: string;
  readonly running: Promise<RunResult>;
}

async function pausedWriter(pauseMs: number): Promise<Paused> {
  const lab = await openLab();
  const process = new SimProcess(
    "paused",
    new SimMachine("there", 0),
    new MemoryLocks().process(),
    lab.clock,
  );
  const journal = await lab.clock.run(lab.stream.open(process, () => {}, logThrough(lab, process)));
  const starter = { host: "there", who: "test", why: undefined };
  const engine = new ToyEngine(lab, journal, { clock: process, locks: process.locks, starter });
  lab.cloud.fate = () => ({ ...SMOOTH, commitMs: 100 });
  lab.cloud.onCall = () => process.pause(pauseMs);
  const running = executeRun(engine.world, planToys(journal, CHAIN));
  await lab.clock.settle();
  lab.cloud.onCall = () => {};
  const [run = ""] = journal.state.liveRuns.keys();
  strictEqual(lab.cloud.calls.length, 1);
  return { lab, journal, run, running };
}

/** The log of a lab as a process reaches it. */
function logThrough({ log }: ToyLab, process: SimProcess): LogBackend {
  return {
    read: (name, from) => log.read(name, from),
    append: (name, seq, bytes) => process.through(() => log.append(name, seq, bytes)),
    sync: (name) => process.through(() => log.sync(name)),
    environments: () => log.environments(),
  };
}

/** Another machine, which has heard nothing of `run` for its ttl and has ended it. */
async function brokenBy(lab: ToyLab, run: string): Promise<ToyEngine> {
  const other = await ToyEngine.open(lab);
  const holder = other.journal.state.liveRuns.get(run);
  ok(holder !== undefined);
  deepStrictEqual(await lab.clock.run(judgeRun(other.world, holder)), { kind: "dead", reason: "silent" });
  await other.journal.append({
    run: "b".repeat(32),
    events: [{ type: "RunBroken", run, reason: "silent" }],
    decidedOn: new Map(),
  });
  return other;
}

/** What follows the end of `run` that another has told, in the order of the log. */
async function afterEnd(lab: ToyLab, run: string): Promise<readonly Event["type"][]> {
  const events = await eventsOf(lab);
  const at = events.findIndex((each) => each.type === "RunBroken" && each.run === run);
  ok(at >= 0);
  return events.slice(at + 1).map((each) => each.type);
}

Deno.test("5: a writer that is paused and held for dead wakes: the outcome of its open intent is kept, its other writes are refused", async () => {
  const { lab, journal, run, running } = await pausedWriter(60_000);
  const other = await brokenBy(lab, run);
  const result = await lab.clock.run(running);
  strictEqual(result.kind === "ended" ? result.end : result.kind, "lost");
  deepStrictEqual(await afterEnd(lab, run), ["CreateAccepted", "CreateSucceeded"]);
  strictEqual(lab.cloud.calls.length, 1);
  const written = [{ type: "RunRenewed" }, { type: "Untainted", address: "net.a" }] as const;
  for (const event of written) {
    const answer = await lab.clock.run(journal.append({ run, events: [event], decidedOn: new Map() }));
    deepStrictEqual(answer, { ok: false, error: { kind: "RunNotLive", run } });
  }
  strictEqual(other.journal.state.resources.get("vm.b"), undefined);
});

Deno.test("5: a writer that wakes after another has settled its intent and gone on adds nothing, and what lives is what the other made", async () => {
  const { lab, run, running } = await pausedWriter(90_000);
  const other = await brokenBy(lab, run);
  const resolved = await other.resolve();
  deepStrictEqual(resolved.kind === "ended" ? resolved.settled : [], [
    { address: "net.a", outcome: "done", evidence: "token" },
  ]);
  const applied = await other.apply(CHAIN);
  strictEqual(applied.kind === "ended" ? applied.end : applied.kind, "succeeded");
  const before = await afterEnd(lab, run);
  const result = await lab.clock.run(running);
  strictEqual(result.kind === "ended" ? result.end : result.kind, "lost");
  deepStrictEqual(await afterEnd(lab, run), before);
  strictEqual(lab.cloud.alive.filter((each) => each.versions.at(-1)?.fields["name"] === "net").length, 1);
  deepStrictEqual(new Set(lab.cloud.calls.map((each) => each.token)).size, lab.cloud.calls.length);
});
