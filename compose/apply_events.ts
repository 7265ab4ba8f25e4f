/**
 * A run as a sequence of events, for whoever embeds smelt.
 *
 *   E1. Every event is given once and in order, however slow the reader; the run does not wait for the reader.
 *   E2. Nothing is begun before events are asked for, nothing changed before the one after `Planned` is, and `approve` says yes.
 *   E3. A reader who leaves gets away only when the run has ended and all that its calls did is recorded.
 *   E4. What breaks a run is thrown to the reader, and to nobody else.
 */
import type { ResolveResult } from "../actors/resolve_in_doubt.ts";
import type { RunProgress } from "../actors/run_world.ts";
import type { Result } from "../engine/result.ts";
import type { ApplyListener, ApplyResult, ApprovedEnvironment } from "../project/apply_project.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { Notice } from "../project/notice.ts";
import type { PreparedPlan } from "../project/prepare_plan.ts";
import type { Repair } from "../store/log_backend.ts";
import { EventQueue } from "./event_queue.ts";

/** What an apply or a destroy tells of itself, in the order in which it happens. */
export type ApplyEvent =
  /** Something that changes nothing of how it ends. */
  | { readonly type: "Noticed"; readonly notice: Notice }
  /** What earlier runs had left in doubt has been looked at. */
  | { readonly type: "DoubtsSettled"; readonly settled: Extract<ResolveResult, { readonly kind: "ended" }> }
  /** The plan can be carried out and has a change. Nothing is begun before the next event is asked for, and `approve` says yes. */
  | { readonly type: "Planned"; readonly plan: PreparedPlan; readonly environment: ApprovedEnvironment }
  /** The plan cannot be carried out; `Ended` follows with the failure. */
  | { readonly type: "Refused"; readonly plan: PreparedPlan }
  | RunProgress
  /** An append has mended the end of the log, which one that was cut short had left. */
  | { readonly type: "Repaired"; readonly repairs: readonly Repair[] }
  /** The last event: how it ended. */
  | { readonly type: "Ended"; readonly result: Result<ApplyResult, ProjectFailure> };

/** Looks at a plan before anything is changed; `false` ends the run. */
export type Approve = (plan: PreparedPlan, environment: ApprovedEnvironment) => boolean | Promise<boolean>;

/** Who decides on a run. */
export interface RunControl {
  readonly approve: Approve;
  /** Aborted: nothing new is started, calls in flight finish. */
  readonly signal: AbortSignal | undefined;
}

/**
 * A run that has not begun: it does when its events are first asked for, and only once. Events wait for whoever takes them, so a
 * slow reader loses none and slows nothing. Leaving the loop early starts nothing new, and waits until calls in flight have
 * ended and all is recorded.
 */
export interface ApplyRun extends AsyncIterable<ApplyEvent> {
  /** Takes the events that are left, and gives how it ended. */
  result(): Promise<Result<ApplyResult, ProjectFailure>>;
}

/** Makes a run of `work`, which is given whom to tell. */
export function applyRun(
  control: RunControl,
  work: (listener: ApplyListener) => Promise<Result<ApplyResult, ProjectFailure>>,
): ApplyRun {
  const events = runEvents(control, work);
  return {
    [Symbol.asyncIterator]: () => events,
    async result() {
      for await (const event of events) if (event.type === "Ended") return event.result;
      throw new Error("Cannot tell how the run ended: its events have been taken already");
    },
  };
}

async function* runEvents(
  control: RunControl,
  work: (listener: ApplyListener) => Promise<Result<ApplyResult, ProjectFailure>>,
): AsyncGenerator<ApplyEvent, void> {
  const queue = new EventQueue<ApplyEvent>();
  const left = new AbortController();
  const stop = AbortSignal.any([left.signal, ...(control.signal === undefined ? [] : [control.signal])]);
  const ended = work(listenerOf(queue, control.approve, stop)).finally(() => queue.close());
  // It may break before the reader has come so far; the reader is told below.
  void Promise.allSettled([ended]);
  try {
    yield* queue.take();
    yield { type: "Ended", result: await ended };
  } finally {
    left.abort();
    await ended;
  }
}

function listenerOf(queue: EventQueue<ApplyEvent>, approve: Approve, stop: AbortSignal): ApplyListener {
  return {
    noticed: (notice) => queue.push({ type: "Noticed", notice }),
    repaired: (repairs) => queue.push({ type: "Repaired", repairs }),
    settled: (settled) => queue.push({ type: "DoubtsSettled", settled }),
    refused: (plan) => queue.push({ type: "Refused", plan }),
    progress: (progress) => queue.push(progress),
    async approve(plan, environment) {
      await queue.pushSeen({ type: "Planned", plan, environment });
      return !stop.aborted && await approve(plan, environment) && !stop.aborted;
    },
    interrupts: { stop, leave: new AbortController().signal },
  };
}
