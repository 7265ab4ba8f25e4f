import { executeRun, type RunResult } from "../../actors/engine_run.ts";
import { resolveInDoubt, type ResolveResult } from "../../actors/resolve_in_doubt.ts";
import { DEFAULT_LIMITS, type RunProgress, type RunWorld } from "../../actors/run_world.ts";
import type { Event } from "../../engine/event.ts";
import type { LogBackend } from "../../store/log_backend.ts";
import { MemoryLog } from "../../store/memory_log.ts";
import type { Journal } from "../../store/journal_port.ts";
import { MemoryLocks } from "./memory_locks.ts";
import { MemoryVault } from "./memory_vault.ts";
import { SeededRandom } from "./seeded_random.ts";
import { ENVIRONMENT, startStream, type TestStream } from "./test_stream.ts";
import { ToyCloud } from "./toy_cloud.ts";
import { planToys, type ToyStack } from "./toy_plan.ts";
import { TOY_SCHEMAS } from "./toy_schema.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** Everything that outlives a process of the toy engine. */
export interface ToyLab {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly log: LogBackend;
  readonly stream: TestStream;
  readonly cloud: ToyCloud;
  readonly locks: MemoryLocks;
  readonly vault: MemoryVault;
}

/** Sets up an empty environment. */
export async function openLab(seed = 1, log: LogBackend = new MemoryLog()): Promise<ToyLab> {
  const clock = new VirtualClock();
  const random = new SeededRandom(seed);
  const stream = await startStream(log, clock);
  return {
    clock,
    random,
    log,
    stream,
    cloud: new ToyCloud(clock),
    locks: new MemoryLocks(),
    vault: new MemoryVault(random),
  };
}

/** One process of the engine in a lab. */
export class ToyEngine {
  readonly lab: ToyLab;
  readonly journal: Journal;
  readonly world: RunWorld;
  readonly progress: RunProgress[] = [];
  readonly unsaved: Event[] = [];
  readonly stop = new AbortController();
  readonly leave = new AbortController();
  readonly #process;

  constructor(lab: ToyLab, journal: Journal, changes: Partial<RunWorld> = {}) {
    this.lab = lab;
    this.journal = journal;
    this.#process = lab.locks.process();
    const provider = lab.cloud.provider();
    this.world = {
      journal,
      providers: (type) => {
        const schema = TOY_SCHEMAS.find((each) => each.type === type);
        return schema === undefined ? undefined : { schema, provider };
      },
      vault: lab.vault,
      clock: lab.clock,
      random: lab.random,
      locks: this.#process,
      starter: { host: "here", who: "test", why: undefined },
      limits: DEFAULT_LIMITS,
      interrupts: { stop: this.stop.signal, leave: this.leave.signal },
      observer: (progress) => this.progress.push(progress),
      saveUnsaved: (run, outcomes) => {
        this.unsaved.push(...outcomes);
        return Promise.resolve(`.smelt/unsaved/${run}.json`);
      },
      ...changes,
    };
  }

  /** Opens the log of `lab` in a new process. */
  static async open(lab: ToyLab, changes: Partial<RunWorld> = {}): Promise<ToyEngine> {
    return new ToyEngine(lab, await lab.clock.run(lab.stream.open(lab.clock)), changes);
  }

  /** Plans and carries out. */
  async apply(stack: ToyStack): Promise<RunResult> {
    return await this.lab.clock.run(executeRun(this.world, planToys(this.journal, stack)));
  }

  async destroy(): Promise<RunResult> {
    return await this.lab.clock.run(executeRun(this.world, planToys(this.journal, {}, new Map(), "destroy")));
  }

  async resolve(unsaved: readonly Event[] = []): Promise<ResolveResult> {
    return await this.lab.clock.run(resolveInDoubt(this.world, { command: "recover" }, unsaved));
  }

  /** The process ends, by whatever way; what it had in flight is for the test to forget. */
  end(): void {
    this.#process.end();
  }

  /** All events in the log, in order. */
  async events(): Promise<readonly Event[]> {
    return await eventsOf(this.lab);
  }
}

/** All events in the log of `lab`, in order. */
export async function eventsOf(lab: ToyLab): Promise<readonly Event[]> {
  const events: Event[] = [];
  for await (const { bytes } of lab.log.read(ENVIRONMENT, 1)) {
    const [text = ""] = new TextDecoder().decode(bytes).split("\t");
    const parsed: { readonly events: readonly Event[] } = JSON.parse(text);
    events.push(...parsed.events);
  }
  return events;
}
