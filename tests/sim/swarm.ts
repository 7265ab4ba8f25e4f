import type { CallFate } from "../support/toy_cloud.ts";
import { failure, THROTTLED } from "../support/toy_cloud.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import { TOY_DEADLINE_MS, TOY_WORLDS } from "../support/toy_schema.ts";
import type { AppendFate } from "./sim_disk.ts";

/** Everything that can go wrong in a simulation. */
export const FAULT_KINDS = [
  "crash before an append",
  "crash between write and sync",
  "crash after an append",
  "reply of an append lost",
  "append arrives late",
  "append not sent",
  "torn write",
  "power loss",
  "kill",
  "pause",
  "machine sleep",
  "skewed clock",
  "slow commit",
  "commit after the deadline",
  "reply of a call lost",
  "busy cloud",
  "call refused",
  "lag",
  "other files",
  "foreign object",
  "change by hand",
  "two runs in one process",
  "interrupt",
] as const;

/**
 * Milliseconds after its deadline at which a call may still be done: less than the start window, which the absence of an effect
 * waits for besides.
 */
const LATE_COMMIT_MS = 8_000;

export type FaultKind = typeof FAULT_KINDS[number];

/** Which faults a seed has, and which of them are left when its failure is shrunk. */
export class Swarm {
  readonly #random: SeededRandom;
  readonly #enabled: ReadonlySet<FaultKind>;
  readonly #disabled: ReadonlySet<FaultKind>;
  readonly #limit: number;
  readonly happened: FaultKind[] = [];
  isQuiet = false;

  constructor(random: SeededRandom, disabled: ReadonlySet<FaultKind>, limit: number) {
    this.#random = random;
    this.#enabled = new Set(FAULT_KINDS.filter(() => random.percent(45)));
    this.#disabled = disabled;
    this.#limit = limit;
  }

  /** Whether `kind` strikes now, so many times in a hundred where the seed has it at all. */
  strikes(kind: FaultKind, share: number): boolean {
    const isDrawn = this.#random.percent(share);
    const counts = isDrawn && !this.isQuiet && this.#enabled.has(kind) && !this.#disabled.has(kind) &&
      this.happened.length < this.#limit;
    if (counts) this.happened.push(kind);
    return counts;
  }

  /** What befalls an append. */
  appendFate(): AppendFate {
    if (this.strikes("crash before an append", 2)) return "crash before";
    if (this.strikes("crash between write and sync", 2)) return "crash unsynced";
    if (this.strikes("crash after an append", 2)) return "crash after";
    if (this.strikes("torn write", 2)) return "torn";
    if (this.strikes("reply of an append lost", 4)) return "reply lost";
    if (this.strikes("append arrives late", 3)) return "arrives late";
    return this.strikes("append not sent", 4) ? "not sent" : "well";
  }

  /** What befalls a call. */
  callFate(operation: string, type: string): CallFate {
    const isLook = operation === "read" || operation === "list";
    const lagMs = this.strikes("lag", 60) ? this.#random.below((TOY_WORLDS[type]?.settleMs ?? 0) + 1) : 0;
    if (isLook) return { commitMs: 0, replyMs: 0, failure: undefined, lagMs };
    const commitMs = this.strikes("commit after the deadline", 8)
      ? TOY_DEADLINE_MS + this.#random.below(LATE_COMMIT_MS)
      : this.strikes("slow commit", 30)
      ? this.#random.below(TOY_DEADLINE_MS - 1_000)
      : this.#random.below(150);
    if (this.strikes("busy cloud", 8)) return { commitMs, replyMs: 0, failure: THROTTLED, lagMs };
    if (this.strikes("call refused", 5)) {
      return { commitMs, replyMs: 0, failure: failure("QuotaExceeded", "No more today"), lagMs };
    }
    const replyMs = this.strikes("reply of a call lost", 8) ? "lost" : this.#random.below(100);
    return { commitMs, replyMs, failure: undefined, lagMs };
  }
}
