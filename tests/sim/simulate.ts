import { executeRun } from "../../actors/engine_run.ts";
import { resolveInDoubt } from "../../actors/resolve_in_doubt.ts";
import { DEFAULT_LIMITS, type ProvidedType, type RunWorld } from "../../actors/run_world.ts";
import type { Event } from "../../engine/event.ts";
import type { Random } from "../../engine/random.ts";
import type { Provider } from "../../providers/provider.ts";
import type { LogBackend } from "../../store/log_backend.ts";
import type { Journal } from "../../store/journal_port.ts";
import { MemoryLocks } from "../support/memory_locks.ts";
import { MemoryVault } from "../support/memory_vault.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { startStream, type TestStream } from "../support/test_stream.ts";
import { ToyCloud } from "../support/toy_cloud.ts";
import { TOY_SCHEMAS } from "../support/toy_schema.ts";
import { turn, VirtualClock } from "../support/virtual_clock.ts";
import { restViolations, textOfState } from "./properties.ts";
import { type DiskFault, SimDisk } from "./sim_disk.ts";
import { SimMachine, SimProcess } from "./sim_process.ts";
import { addForeign, editFiles, makeFiles, planFiles, type SimFiles } from "./sim_files.ts";
import { sayByHand, unprotectAll } from "./sim_hand.ts";
import { type FaultKind, Swarm } from "./swarm.ts";

/** Virtual milliseconds for which faults last. */
const STORM_MS = 200_000;
const LIVES_AT_MOST = 11;
/** Applies after the faults within which everything must be as wanted. */
const QUIET_LIVES = 8;
/** Wakes after which a simulation is held for going round in circles. */
const WAKES_AT_MOST = 60_000;

/** What of a simulation is broken on purpose. */
export interface Mutant {
  readonly disk?: DiskFault;
  readonly random?: (random: Random) => Random;
  readonly provided?: (provided: ProvidedType) => ProvidedType;
  readonly journal?: (journal: Journal, log: LogBackend) => Journal | Promise<Journal>;
  readonly locks?: (locks: RunWorld["locks"]) => RunWorld["locks"];
}

/** What of the faults is left, when a failure is being shrunk. */
export interface Shrinking {
  readonly disabled: ReadonlySet<FaultKind>;
  readonly faultLimit: number;
}

export const WHOLE: Shrinking = { disabled: new Set(), faultLimit: Infinity };

/** How a simulation ended. */
export interface SimResult {
  readonly violations: readonly string[];
  readonly history: readonly string[];
  readonly faults: readonly FaultKind[];
  readonly recordCount: number;
  readonly callCount: number;
}

/**
 * Runs the real engine, actors, journal and codec on a simulated disk, cloud and clock, as the seed says: two engines, on one
 * machine or two, whose processes die and come again while everything goes wrong. Then the faults stop, and what log and
 * cloud show must be right. The seed is the whole test case.
 */
export async function simulate(
  seed: number,
  mutant: Mutant = {},
  shrinking: Shrinking = WHOLE,
): Promise<SimResult> {
  const simulation = await Simulation.open(seed, mutant, shrinking);
  return await simulation.run();
}

class Simulation {
  readonly #random: SeededRandom;
  readonly #mutant: Mutant;
  readonly #swarm: Swarm;
  readonly #clock: VirtualClock;
  readonly #disk: SimDisk;
  readonly #cloud: ToyCloud;
  readonly #stream: TestStream;
  readonly #vault: MemoryVault;
  readonly #engineRandom: SeededRandom;
  readonly #history: string[] = [];
  readonly #violations: string[] = [];
  readonly #unsaved: Event[] = [];
  readonly #machines: readonly SimMachine[];
  readonly #locks: readonly MemoryLocks[];
  readonly #processes = new Set<SimProcess>();
  #files: SimFiles;
  #lifeCount = 0;

  private constructor(
    seed: number,
    mutant: Mutant,
    shrinking: Shrinking,
    parts: { readonly clock: VirtualClock; readonly disk: SimDisk; readonly stream: TestStream },
  ) {
    this.#random = new SeededRandom(seed);
    this.#engineRandom = new SeededRandom(seed ^ 0x5eed);
    this.#mutant = mutant;
    this.#swarm = new Swarm(this.#random, shrinking.disabled, shrinking.faultLimit);
    this.#clock = parts.clock;
    this.#disk = parts.disk;
    this.#stream = parts.stream;
    this.#cloud = new ToyCloud(parts.clock);
    this.#vault = new MemoryVault(new SeededRandom(seed ^ 0xb10b));
    this.#files = makeFiles(this.#random);
    const first = new SimMachine("m1", this.#skew());
    const second = this.#random.percent(50) ? first : new SimMachine("m2", this.#skew());
    this.#machines = [first, second];
    const locks = new MemoryLocks();
    this.#locks = [locks, first === second ? locks : new MemoryLocks()];
  }

  static async open(seed: number, mutant: Mutant, shrinking: Shrinking): Promise<Simulation> {
    const clock = new VirtualClock();
    const disk = new SimDisk(clock);
    const stream = await startStream(disk.handle(), clock);
    return new Simulation(seed, mutant, shrinking, { clock, disk, stream });
  }

  async run(): Promise<SimResult> {
    this.#disk.fault = this.#mutant.disk ?? "none";
    this.#disk.fate = (process) => this.#appendFate(process);
    this.#disk.onEvent = (event) => this.#note("log", eventLine(event));
    this.#disk.tornShare = () => this.#random.below(100) / 100;
    this.#disk.syncMs = () => this.#random.below(12);
    this.#cloud.fate = (operation, type) => this.#swarm.callFate(operation, type);
    this.#cloud.onCall = ({ operation, token, type }) => this.#checkCall(operation, type, token);
    await this.#storm();
    this.#swarm.isQuiet = true;
    for (const process of this.#processes) process.kill();
    await this.#quiet();
    return {
      violations: [...this.#violations, ...this.#disk.violations],
      history: this.#history,
      faults: this.#swarm.happened,
      recordCount: this.#disk.recordCount,
      callCount: this.#cloud.calls.length,
    };
  }

  /** Two engines live and die until the storm is over. */
  async #storm(): Promise<void> {
    const engines = [this.#engine(0), this.#engine(1)];
    await this.#drive(Promise.all(engines));
  }

  async #engine(nth: 0 | 1): Promise<void> {
    await this.#clock.sleep(this.#random.below(3_000));
    while (this.#clock.monotonicMs() < STORM_MS && this.#lifeCount < LIVES_AT_MOST) {
      if (this.#random.percent(40)) this.#files = editFiles(this.#random, this.#files);
      if (this.#swarm.strikes("foreign object", 15)) {
        this.#files = addForeign(this.#random, this.#files, this.#cloud);
      }
      const files = this.#swarm.strikes("other files", 20)
        ? editFiles(this.#random, this.#files)
        : this.#files;
      const process = this.#start(nth);
      const life = this.#life(process, files);
      await Promise.race([life, process.death]);
      this.#end(process);
      await this.#clock.sleep(this.#random.below(4_000));
    }
  }

  /** One engine applies what is wanted until nothing is left to do; then everything must be as wanted. */
  async #quiet(): Promise<void> {
    for (let life = 0; life < QUIET_LIVES; life++) {
      const process = this.#start(0);
      const outcome = await this.#drive(this.#life(process, this.#files));
      this.#end(process);
      await this.#drive(this.#clock.sleep(60_000));
      if (outcome === "nothing") break;
    }
    const journal = await this.#drive(this.#open(this.#stream, undefined));
    if (journal === undefined) return;
    this.#violations.push(...restViolations(journal.state, this.#cloud, this.#files.stack));
  }

  #start(nth: 0 | 1): SimProcess {
    const name = `${nth === 0 ? "A" : "B"}${++this.#lifeCount}`;
    const [machine, locks] = [this.#machines[nth], this.#locks[nth]];
    if (machine === undefined || locks === undefined) throw new RangeError("There are two machines");
    const process = new SimProcess(name, machine, locks.process(), this.#clock);
    this.#processes.add(process);
    this.#note(name, "starts");
    return process;
  }

  #end(process: SimProcess): void {
    if (process.isDead) this.#note(process.name, "has died");
    process.kill();
    this.#processes.delete(process);
  }

  /** What the program does when it is started: settle what is open, plan, carry out. */
  async #life(process: SimProcess, files: SimFiles): Promise<string> {
    const log = this.#disk.handle(process);
    const journal = await this.#open({ ...this.#stream, log }, process);
    if (journal === undefined) return "damaged";
    const world = this.#world(process, await this.#mutant.journal?.(journal, log) ?? journal);
    const unsaved = this.#unsaved.splice(0);
    const resolved = await resolveInDoubt(world, { command: "recover" }, unsaved);
    this.#note(process.name, `resolves: ${this.#summary(resolved)}`);
    if (resolved.kind === "refused") return "refused";
    if (this.#swarm.isQuiet) await unprotectAll(world);
    else if (this.#swarm.strikes("change by hand", 25)) {
      this.#note(process.name, `by hand: ${await sayByHand(world, this.#random)}`);
    }
    const others = this.#swarm.strikes("two runs in one process", 20)
      ? [this.#apply(process, world, editFiles(this.#random, files))]
      : [];
    const [kind = ""] = await Promise.all([this.#apply(process, world, files), ...others]);
    this.#checkFold(journal);
    // An intent of a dead process may have come after the look for doubts.
    return resolved.kind === "nothing" && journal.state.openTokens.size === 0 ? kind : "resolved";
  }

  async #apply(process: SimProcess, world: RunWorld, files: SimFiles): Promise<string> {
    const provider = world.providers("toy.Token")?.provider;
    const order = provider === undefined ? undefined : await planFiles(world.journal, provider, files);
    if (order === undefined) {
      this.#note(process.name, "refuses the plan");
      return "refused";
    }
    const result = await executeRun(world, order);
    this.#note(process.name, `applies: ${this.#summary(result)}`);
    return result.kind;
  }

  /** The operator presses Ctrl-C once, or twice. */
  #interrupts(): RunWorld["interrupts"] {
    const [stop, leave] = [new AbortController(), new AbortController()];
    if (this.#swarm.strikes("interrupt", 20)) {
      const stopMs = this.#random.below(3_000);
      this.#clock.sleep(stopMs).then(() => stop.abort(new Error("SIGINT")));
      if (this.#random.percent(50)) {
        this.#clock.sleep(stopMs + this.#random.below(2_000)).then(() => leave.abort(new Error("SIGINT")));
      }
    }
    return { stop: stop.signal, leave: leave.signal };
  }

  async #open(stream: TestStream, process: SimProcess | undefined): Promise<Journal | undefined> {
    const voids: string[] = [];
    try {
      const journal = await stream.open(process ?? this.#clock, ({ record, voids: found }) => {
        for (const each of found) {
          voids.push(`record ${record.seq} holds a void ${each.type}: ${each.refusal.kind}`);
        }
      }, stream.log);
      this.#violations.push(...voids);
      return journal;
    } catch (reason) {
      this.#violations.push(`the log does not verify: ${reason instanceof Error ? reason.message : reason}`);
      return undefined;
    }
  }

  #world(process: SimProcess, journal: Journal): RunWorld {
    const provider = guarded(
      this.#cloud.provider(() => !process.isDead),
      process,
      () => this.#swarm.strikes("pause", 10) ? this.#random.below(500) : 0,
    );
    const random = this.#mutant.random?.(this.#engineRandom) ?? this.#engineRandom;
    return {
      journal,
      providers: (type) => {
        const schema = TOY_SCHEMAS.find((each) => each.type === type);
        if (schema === undefined) return undefined;
        return this.#mutant.provided?.({ schema, provider }) ?? { schema, provider };
      },
      vault: this.#vault,
      clock: process,
      random,
      locks: this.#mutant.locks?.(process.locks) ?? process.locks,
      starter: { host: process.machine.host, who: process.name, why: undefined },
      limits: DEFAULT_LIMITS,
      interrupts: this.#interrupts(),
      observer: () => {},
      saveUnsaved: (_run, outcomes) => {
        this.#unsaved.push(...outcomes);
        return Promise.resolve("unsaved");
      },
    };
  }

  #appendFate(process: SimProcess): ReturnType<Swarm["appendFate"]> {
    if (this.#swarm.strikes("kill", 1)) {
      this.#clock.sleep(this.#random.below(200)).then(() => process.kill());
    }
    if (this.#swarm.strikes("pause", 2)) process.pause(this.#random.below(90_000));
    if (this.#swarm.strikes("machine sleep", 1)) process.sleepMachine(this.#random.below(120_000));
    if (this.#machines[0] === this.#machines[1] && this.#swarm.strikes("power loss", 1)) this.#losePower();
    const fate = this.#swarm.appendFate();
    if (fate !== "well") this.#note(process.name, `append: ${fate}`);
    return fate;
  }

  #losePower(): void {
    this.#note("power", "fails");
    for (const process of this.#processes) process.kill();
    this.#disk.losePower();
  }

  #skew(): number {
    return this.#swarm.strikes("skewed clock", 100) ? this.#random.below(1_200_000) - 600_000 : 0;
  }

  /** An intent is durable before its call, and nothing is sent under a token that has an outcome. */
  #checkCall(operation: string, type: string, token: string): void {
    this.#note("cloud", `${operation} ${type} ${token.slice(0, 8)}`);
    const known = this.#disk.tokens.get(token);
    if (known === undefined) this.#violations.push(`a ${operation} was sent before its intent was durable`);
    else if (known.isClosed) {
      this.#violations.push(`a ${operation} was sent under a token that has an outcome`);
    }
  }

  /** What the journal holds in memory is the fold of what it has read. */
  #checkFold(journal: Journal): void {
    for (const { intent, address } of journal.state.resources.values()) {
      const token = intent?.started.token;
      if (token !== undefined && journal.state.openTokens.get(token) !== address) {
        this.#violations.push(
          `the open token of ${address} is not in the index: ${textOfState(journal.state)}`,
        );
      }
    }
  }

  #summary(result: { readonly kind: string }): string {
    return JSON.stringify(result, (key, value) => {
      if (value instanceof Map) {
        return Object.fromEntries(
          [...value].map(([id, each]) => [id, each.kind === "failed" ? each.failure : each.kind ?? each]),
        );
      }
      return key === "holder" || key === "run" ? undefined : value;
    });
  }

  #note(who: string, what: string): void {
    this.#history.push(`${String(this.#clock.monotonicMs()).padStart(7)} ${who.padEnd(5)} ${what}`);
  }

  async #drive<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    for (let wakes = 0; wakes < WAKES_AT_MOST; wakes++) {
      await turn();
      if (isOver) return await work;
      if (!this.#clock.wakeNext()) {
        throw new Error(
          `Nothing can happen any more, and the work has not ended:\n${this.#history.join("\n")}`,
        );
      }
    }
    throw new Error(`The simulation goes round in circles:\n${this.#history.join("\n")}`);
  }
}

function eventLine(event: Event): string {
  const parts: string[] = [event.type];
  if ("address" in event) parts.push(event.address);
  if ("token" in event) parts.push(event.token.slice(0, 8));
  if ("id" in event) parts.push(event.id);
  if (event.type === "OutcomeResolved") parts.push(event.outcome, event.evidence, event.found?.id ?? "");
  if (event.type === "RunStarted" || event.type === "RunBroken") parts.push(event.run.slice(0, 8));
  return parts.join(" ");
}

/** The cloud as a process reaches it, as far as the process lives. */
function guarded(provider: Provider, process: SimProcess, delayMs: () => number): Provider {
  return {
    ...provider,
    identity: (signal) => process.through(() => provider.identity(signal)),
    read: (request, signal) => process.through(() => provider.read(request, signal)),
    list: (request, signal) => process.through(() => provider.list(request, signal)),
    create: (request, signal) =>
      process.send(() => {
        const accepted = (id: string) => process.isDead ? undefined : request.accepted(id);
        return provider.create({ ...request, accepted }, signal);
      }, delayMs()),
    update: (request, signal) => process.send(() => provider.update(request, signal), delayMs()),
    delete: (request, signal) => process.send(() => provider.delete(request, signal), delayMs()),
  };
}
