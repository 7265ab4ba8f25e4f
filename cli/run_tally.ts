import type { CallFailure } from "../engine/call_failure.ts";
import type { Plan } from "../engine/plan.ts";
import type { Step } from "../engine/steps.ts";
import type { RunProgress, StepOutcome } from "../project/run_progress.ts";

/** A step that goes on. Moments are of the monotonic clock. */
export interface Flight {
  readonly step: Step;
  readonly beganMs: number;
  /** The object's id, once the provider has told it. */
  readonly id: string | undefined;
  /** What it has come to, in the provider's words. */
  readonly what: string | undefined;
  /** Why the last attempt failed, and when the next one comes. */
  readonly retry: { readonly failure: CallFailure; readonly atMs: number } | undefined;
}

/** How many steps ended in each way. */
export interface TallyCounts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly inDoubt: number;
  readonly skipped: number;
}

/** A run as its view knows it: what goes on, and what has ended. */
export class RunTally {
  readonly beganMs: number;
  readonly #objectIds: ReadonlyMap<string, string>;
  readonly #flights = new Map<string, Flight>();
  /** What the run waits for before its first step, by address, or by run. */
  readonly #waits = new Map<string, { readonly what: RunProgress; readonly untilMs: number }>();
  /** Steps that have not ended, by tier. */
  readonly #openByTier = new Map<number, number>();
  readonly #tierCount: number;
  readonly #ended = { succeeded: 0, failed: 0, inDoubt: 0, skipped: 0 };
  #total: number;

  constructor(plan: Plan | undefined, steps: readonly Step[], nowMs: number) {
    this.beganMs = nowMs;
    this.#total = steps.length;
    this.#objectIds = new Map(
      plan?.resources.flatMap(({ address, objectId }) => objectId === undefined ? [] : [[address, objectId]]),
    );
    for (const { tier } of steps) this.#openByTier.set(tier, (this.#openByTier.get(tier) ?? 0) + 1);
    this.#tierCount = this.#openByTier.size;
  }

  /** In the order in which they began. */
  get flights(): readonly Flight[] {
    return [...this.#flights.values()];
  }

  get waits(): readonly { readonly what: RunProgress; readonly untilMs: number }[] {
    return [...this.#waits.values()];
  }

  get counts(): TallyCounts {
    return { total: this.#total, ...this.#ended };
  }

  /** The first tier with work left, counted from 1, and how many there are. */
  get tier(): { readonly current: number; readonly count: number } {
    const tiers = [...this.#openByTier.entries()].sort(([a], [b]) => a - b);
    const open = tiers.findIndex(([, count]) => count > 0);
    return { current: open === -1 ? this.#tierCount : open + 1, count: this.#tierCount };
  }

  /** The object that a step that goes on is about, as far as it is known. */
  idOf(step: Step): string | undefined {
    const told = this.#flights.get(step.id)?.id;
    // The object that a step replaces is not the one that it makes.
    if (step.operation === "create" || step.operation === "replace") return told;
    return told ?? step.objectId ?? this.#objectIds.get(step.address);
  }

  add(progress: RunProgress, nowMs: number): void {
    switch (progress.type) {
      case "RunWaits":
        this.#waits.set(progress.forRun, { what: progress, untilMs: nowMs + progress.atMostMs });
        return;
      case "ResolveWaits":
        this.#waits.set(progress.address, { what: progress, untilMs: nowMs + progress.afterMs });
        return;
      case "Resolved":
        this.#waits.delete(progress.address);
        return;
      case "RunBegan":
        for (const [key, { what }] of this.#waits) if (what.type === "RunWaits") this.#waits.delete(key);
        this.#total = Math.max(this.#total, progress.stepCount);
        return;
      case "StepBegan":
        this.#put(progress.step, nowMs, {});
        return;
      case "StepAccepted":
        this.#put(progress.step, nowMs, { id: progress.id, retry: undefined });
        return;
      case "StepProgressed":
        this.#put(progress.step, nowMs, { what: progress.what, retry: undefined });
        return;
      case "StepRetries":
        this.#put(progress.step, nowMs, {
          retry: { failure: progress.failure, atMs: nowMs + progress.afterMs },
        });
        return;
      case "StepEnded":
        this.#end(progress.step, progress.outcome.kind);
        return;
    }
  }

  #put(step: Step, nowMs: number, news: Partial<Pick<Flight, "id" | "what" | "retry">>): void {
    const known = this.#flights.get(step.id);
    const fresh: Flight = { step, beganMs: nowMs, id: undefined, what: undefined, retry: undefined };
    this.#flights.set(step.id, { ...(known ?? fresh), ...news });
  }

  #end(step: Step, kind: StepOutcome["kind"]): void {
    this.#flights.delete(step.id);
    this.#ended[kind]++;
    this.#openByTier.set(step.tier, Math.max(0, (this.#openByTier.get(step.tier) ?? 0) - 1));
  }
}

/**
 * Without a plan, doubts of earlier runs are settled: the command itself tells what came of it. With one, what stays in
 * doubt is told by the end of its step.
 */
export function isToldLater(progress: RunProgress, plan: Plan | undefined): boolean {
  return progress.type === "Resolved" && (plan === undefined || progress.outcome === "unknown");
}
