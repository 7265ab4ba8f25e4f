/**
 * The run actor: starts each step when all before it have settled well, so many at once, and says how each ended.
 *
 *   S1. A step starts once, and only after every step that it comes after has succeeded.
 *   S2. After an interrupt, when the run is held for dead, or when the log takes no more, nothing new starts.
 *   S3. It ends when nothing is in flight any more, never before.
 *   S4. The bound is on calls that reach outside: a step whose call has been answered makes room, and one of a type without a
 *       world takes none. So outcomes and the intents of what follows share records.
 *
 * Its state is a structure that it owns; the log holds the outcomes, so a restart needs none of it.
 */
import type { Event } from "../engine/event.ts";
import type { Schedule, SkippedStep } from "../engine/run_logic.ts";
import type { Step } from "../engine/steps.ts";
import { runStep, type StepContext } from "./run_step.ts";
import type { StepOutcome } from "./step_outcome.ts";

/** Steps in flight, for each call that may be under way: what does not reach outside is bounded by this alone. */
const STEPS_A_CALL = 16;

/** Takes all steps of `schedule`, as far as it gets. Rejects for bugs and damage only. */
export function runSteps(
  context: StepContext,
  schedule: Schedule,
): Promise<ReadonlyMap<string, StepOutcome>> {
  return new RunActor(context, schedule).run();
}

class RunActor {
  readonly #context: StepContext;
  readonly #schedule: Schedule;
  readonly #outcomes = new Map<string, StepOutcome>();
  readonly #ended = Promise.withResolvers<ReadonlyMap<string, StepOutcome>>();
  /** Steps that have started and not ended. */
  #inFlightCount = 0;
  /** Those of them whose call has not been answered. */
  #callingCount = 0;
  /** The first bug or damage that a step met: what is in flight still comes to its end. */
  #failure: { readonly reason: unknown } | undefined;

  constructor(context: StepContext, schedule: Schedule) {
    this.#context = context;
    this.#schedule = schedule;
  }

  async run(): Promise<ReadonlyMap<string, StepOutcome>> {
    this.#startReady();
    return await this.#ended.promise;
  }

  #startReady(): void {
    const { limits } = this.#context.world;
    const why = this.#whyStopped();
    const { parallelism } = limits;
    while (
      why === undefined && this.#callingCount < parallelism &&
      this.#inFlightCount < parallelism * STEPS_A_CALL
    ) {
      const step = this.#schedule.next();
      if (step === undefined) break;
      this.#start(step);
    }
    if (this.#inFlightCount > 0) return;
    if (this.#failure !== undefined) return this.#ended.reject(this.#failure.reason);
    for (const step of this.#schedule.giveUp()) {
      this.#end(step, { kind: "skipped", because: step.address, reason: why ?? "nothing led to it" }, 0);
    }
    this.#ended.resolve(this.#outcomes);
  }

  #start(step: Step): void {
    this.#inFlightCount++;
    let isCalling = this.#reachesOutside(step);
    if (isCalling) this.#callingCount++;
    const makeRoom = () => {
      if (isCalling) this.#callingCount--;
      isCalling = false;
    };
    const answered = () => {
      makeRoom();
      this.#startReady();
    };
    this.#take(step, answered).then(undefined, (reason) => this.#failure ??= { reason }).then(() => {
      makeRoom();
      this.#inFlightCount--;
      this.#startReady();
    });
  }

  #reachesOutside({ address }: Step): boolean {
    const { planned, world } = this.#context;
    const type = planned.get(address)?.type;
    return type === undefined || world.providers(type)?.schema.world !== undefined;
  }

  #whyStopped(): string | undefined {
    const { world, log } = this.#context;
    if (this.#failure !== undefined) return "smelt met a fault";
    if (log.health === "broken") return "the log takes no more records";
    if (log.health === "lost") return "the run is over for others, or may be";
    return world.interrupts.stop.aborted ? "the run was interrupted" : undefined;
  }

  async #take(step: Step, answered: () => void): Promise<void> {
    const { world } = this.#context;
    const startedMs = world.clock.monotonicMs();
    const elapsedMs = () => world.clock.monotonicMs() - startedMs;
    world.observer({ type: "StepBegan", step });
    const outcome = await this.#outcomeOf(step, elapsedMs, answered);
    this.#end(step, outcome, elapsedMs());
    const skipped = this.#schedule.settle(step.id, outcome.kind === "succeeded" ? "well" : "badly");
    if (skipped.length > 0) await this.#skip(skipped);
  }

  async #outcomeOf(step: Step, elapsedMs: () => number, answered: () => void): Promise<StepOutcome> {
    const { world, log } = this.#context;
    const work = runStep(this.#context, step, {
      accepted: (id) => world.observer({ type: "StepAccepted", step, id, elapsedMs: elapsedMs() }),
      progressed: (what) => world.observer({ type: "StepProgressed", step, what, elapsedMs: elapsedMs() }),
      retrying: (failure, afterMs) => world.observer({ type: "StepRetries", step, failure, afterMs }),
      answered,
    });
    return await work.then((outcome) => outcome, (reason) => {
      if (!log.isFault(reason)) throw reason;
      return unrecorded(reason, log.resource(step.address).intent !== undefined);
    });
  }

  /** Tells the log what the run does not come to, and why; a log that takes no more has its own end. */
  async #skip(skipped: readonly SkippedStep[]): Promise<void> {
    const { log } = this.#context;
    const events = new Map<string, Event>();
    for (const { step, because } of skipped) {
      const reason = `${because} did not end well`;
      this.#end(step, { kind: "skipped", because, reason }, 0);
      if (step.address !== because) {
        events.set(step.address, { type: "Skipped", address: step.address, because, reason });
      }
    }
    if (events.size === 0) return;
    await log.append([...events.values()]).then(() => undefined, (reason) => {
      if (!log.isFault(reason)) throw reason;
    });
  }

  #end(step: Step, outcome: StepOutcome, elapsedMs: number): void {
    this.#outcomes.set(step.id, outcome);
    this.#context.world.observer({ type: "StepEnded", step, outcome, elapsedMs });
  }
}

function unrecorded(reason: unknown, isOpen: boolean): StepOutcome {
  const message = `Cannot record what happened: ${reason instanceof Error ? reason.message : String(reason)}`;
  return isOpen
    ? { kind: "inDoubt", failure: { kind: "Internal", retry: "never", certainty: "unknown", message } }
    : {
      kind: "failed",
      failure: { kind: "Call", failure: { kind: "Internal", retry: "never", certainty: "notDone", message } },
    };
}
