import type { CallFailure } from "../engine/call_failure.ts";
import type { Clock } from "../engine/clock.ts";
import type { Event } from "../engine/event.ts";
import type { Random } from "../engine/random.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import type { Step } from "../engine/steps.ts";
import type { Provider } from "../providers/provider.ts";
import type { Journal } from "../store/journal_port.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { StepOutcome } from "./step_outcome.ts";

/** Everything outside that a run reaches. Made in the composition roots and in the simulation. */
export interface RunWorld {
  readonly journal: Journal;
  /** Who serves a type; `undefined` when nobody does. */
  readonly providers: (type: string) => ProvidedType | undefined;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly locks: RunLocks;
  readonly starter: RunStarter;
  readonly limits: RunLimits;
  readonly interrupts: Interrupts;
  /** Told of everything that the run does, as it happens. Must not throw. */
  readonly observer: (progress: RunProgress) => void;
  /** Keeps outcomes that could not be appended, for the next run; returns where, for people. */
  readonly saveUnsaved: (run: string, outcomes: readonly Event[]) => Promise<string>;
}

/** A resource type and who serves it. */
export interface ProvidedType {
  readonly schema: ResourceSchema;
  readonly provider: Provider;
}

/** Who starts runs, for the log. */
export interface RunStarter {
  /** Name of this machine: locks of runs are believed only on the machine that took them. */
  readonly host: string;
  readonly who: string;
  readonly why: string | undefined;
}

/** Bounds of a run. */
export interface RunLimits {
  /** Steps in flight at once. */
  readonly parallelism: number;
  /** Milliseconds of silence after which others may hold the run for dead. */
  readonly ttlMs: number;
  /** Calls a second, by provider; one that is not named is not bounded. */
  readonly callsPerSecond: ReadonlyMap<string, number>;
  /** Milliseconds that settling one doubt may wait before it is left to a later run. */
  readonly resolvePatienceMs: number;
}

/** The bounds that hold when nobody says otherwise. */
export const DEFAULT_LIMITS: RunLimits = {
  parallelism: 10,
  ttlMs: 30_000,
  callsPerSecond: new Map(),
  resolvePatienceMs: Infinity,
};

/** What the operator asks of a run that has started. */
export interface Interrupts {
  /** First SIGINT: start nothing new, let calls finish, record, finish. */
  readonly stop: AbortSignal;
  /** Second: record an unknown outcome for what is in flight, and leave. */
  readonly leave: AbortSignal;
}

/** The operating system's locks of runs, one a run, gone with the process that took them. */
export interface RunLocks {
  /** Takes the lock of a new run; it is held until `release`, or until the process ends. */
  take(run: string): Promise<HeldRunLock>;
  /** Whether anybody holds the lock of `run`. `unknown`: this machine knows no such lock. */
  look(run: string): Promise<"held" | "free" | "unknown">;
  /** Clears away the free lock of a run that needs it no more. */
  forget(run: string): Promise<void>;
}

/** A lock of a run in this process. */
export interface HeldRunLock {
  /** `keep` leaves it there, free, for those who must know that the process has ended. */
  release(mark: "clear" | "keep"): Promise<void>;
}

/** What a run tells of itself while it goes on. */
export type RunProgress =
  | { readonly type: "RunWaits"; readonly forRun: string; readonly host: string; readonly atMostMs: number }
  | { readonly type: "RunBegan"; readonly run: string; readonly stepCount: number }
  | { readonly type: "StepBegan"; readonly step: Step }
  | { readonly type: "StepAccepted"; readonly step: Step; readonly id: string; readonly elapsedMs: number }
  /** `what` is in the provider's words, such as `built`. */
  | {
    readonly type: "StepProgressed";
    readonly step: Step;
    readonly what: string;
    readonly elapsedMs: number;
  }
  | {
    readonly type: "StepRetries";
    readonly step: Step;
    readonly failure: CallFailure;
    readonly afterMs: number;
  }
  | {
    readonly type: "StepEnded";
    readonly step: Step;
    readonly outcome: StepOutcome;
    readonly elapsedMs: number;
  }
  | { readonly type: "ResolveWaits"; readonly address: string; readonly afterMs: number }
  | {
    readonly type: "Resolved";
    readonly address: string;
    readonly outcome: "done" | "notDone" | "unknown";
    readonly evidence: string;
  };
