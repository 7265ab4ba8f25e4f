import { deepStrictEqual, ok } from "node:assert/strict";
import { executeRun, type RunResult } from "../../actors/engine_run.ts";
import { planToys, type ToyStack } from "../support/toy_plan.ts";
import { SMOOTH } from "../support/toy_cloud.ts";
import { MemoryLocks } from "../support/memory_locks.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { ToyEngine, type ToyLab } from "../support/toy_engine.ts";
import { VirtualClock } from "../support/virtual_clock.ts";
import { restViolations } from "./properties.ts";
import { SimDisk } from "./sim_disk.ts";
import { SimMachine, SimProcess } from "./sim_process.ts";
import { startStream } from "../support/test_stream.ts";
import { MemoryVault } from "../support/memory_vault.ts";
import { ToyCloud } from "../support/toy_cloud.ts";

const INTERLEAVINGS = 1_000;

/** What two processes do to one environment at the same time, and what is there afterwards. */
interface Race {
  readonly ends: readonly string[];
  readonly violations: readonly string[];
}

/** An empty environment on a disk and a cloud whose every step takes a time that the seed says. */
async function raceLab(random: SeededRandom): Promise<ToyLab & { readonly disk: SimDisk }> {
  const clock = new VirtualClock();
  const disk = new SimDisk(clock);
  const stream = await startStream(disk.handle(), clock);
  disk.syncMs = () => random.below(6);
  const cloud = new ToyCloud(clock);
  cloud.fate = () => ({ ...SMOOTH, commitMs: random.below(20), replyMs: random.below(20) });
  return {
    clock,
    random,
    log: disk.handle(),
    stream,
    cloud,
    locks: new MemoryLocks(),
    vault: new MemoryVault(random),
    disk,
  };
}

/** A few of eight resources, the later four each relying on one of the first. */
function someOf(random: SeededRandom, size: number): ToyStack {
  const stack: Record<string, ToyStack[string]> = {};
  for (let nth = 0; nth < 4; nth++) {
    if (!random.percent(60)) continue;
    stack[`net.n${nth}`] = { type: "toy.Token", fields: { name: `n${nth}`, size } };
    if (!random.percent(60)) continue;
    stack[`vm.v${nth}`] = { type: "toy.Brief", fields: { size }, needs: { parent: `net.n${nth}.id` } };
  }
  return stack;
}

async function race(seed: number): Promise<Race> {
  const random = new SeededRandom(seed);
  const lab = await raceLab(random);
  const machine = new SimMachine("m", 0);
  const start = async (stack: ToyStack): Promise<RunResult> => {
    await lab.clock.sleep(random.below(60));
    const process = new SimProcess("p", machine, lab.locks.process(), lab.clock);
    const journal = await lab.stream.open(process, () => {}, lab.disk.handle(process));
    const engine = new ToyEngine(lab, journal, { clock: process, locks: process.locks });
    const order = planToys(journal, stack);
    // Somebody looks at the plan.
    await lab.clock.sleep(random.below(120));
    const result = await executeRun(engine.world, order);
    process.locks.end();
    return result;
  };
  const stacks = [someOf(random, 1), someOf(random, 2)];
  const results = await lab.clock.run(Promise.all(stacks.map(start)));
  const settled = await ToyEngine.open(lab);
  const wanted = stacks[0] ?? {};
  await settled.apply(wanted);
  const violations = [...restViolations(settled.journal.state, lab.cloud, wanted), ...lab.disk.violations];
  if (settled.journal.state.liveRuns.size > 0) violations.push("a run that has ended is live");
  return { ends: results.map(endOf), violations };
}

function endOf(result: RunResult): string {
  if (result.kind === "refused") return result.refusal.kind;
  return result.kind === "ended" ? result.end : result.kind;
}

Deno.test(`4: two processes apply at once, ${INTERLEAVINGS} random interleavings: one wins or both serialise, nothing is made twice`, async () => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= INTERLEAVINGS; seed++) {
    const { ends, violations } = await race(seed);
    deepStrictEqual(violations, [], `seed ${seed}: ${ends}`);
    const kind = ends.toSorted().join(" + ");
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
  }
  const allowed = new Set(["succeeded", "nothing", "stale", "ClaimTaken"]);
  const others = [...seen.keys()].filter((kind) => !kind.split(" + ").every((each) => allowed.has(each)));
  deepStrictEqual(others, []);
  for (const kind of ["ClaimTaken + succeeded", "stale + succeeded", "succeeded + succeeded"]) {
    ok((seen.get(kind) ?? 0) >= 20, `${kind}: ${JSON.stringify([...seen])}`);
  }
});
