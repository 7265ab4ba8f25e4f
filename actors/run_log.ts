/**
 * The journal as one run uses it.
 *
 *   R1. The run counts as held from the *sending* of its last stored record, by the larger of its two clocks.
 *   R2. Once an append could not be stored nothing more is tried; outcomes that it would have stored are kept aside.
 *   R3. A run that others have ended starts nothing more; its outcomes are appended all the same.
 *   R4. What names secrets under a data key that was exchanged meanwhile is appended with the same secrets under the new one.
 */
import type { Refusal } from "../engine/admit.ts";
import type { Clock } from "../engine/clock.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { type Event, isResourceEvent } from "../engine/event.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { InvariantError } from "../engine/invariant.ts";
import { absentResource, type ResourceState } from "../engine/resource_state.ts";
import { ok, type Result } from "../engine/result.ts";
import type { Batch, Journal } from "../store/journal_port.ts";
import type { Vault } from "../trust/vault_port.ts";
import { renewedEvents } from "./renewed_events.ts";
import { longestSince, stampNow, type TimeStamp } from "./time_stamp.ts";

/** Events that say what a call did: never to be lost. */
const OUTCOME_TYPES: ReadonlySet<Event["type"]> = new Set<Event["type"]>([
  "CreateAccepted",
  "CreateSucceeded",
  "CreateFailed",
  "UpdateSucceeded",
  "UpdateFailed",
  "DeleteSucceeded",
  "DeleteFailed",
  "OutcomeUnknown",
]);

/** Appends of one run. */
export class RunLog {
  readonly run: string;
  readonly ttlMs: number;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #vault: Pick<Vault, "renew">;
  readonly #unsaved: Event[] = [];
  readonly #changed = new Set<string>();
  #lastStored: TimeStamp;
  #fault: { readonly reason: unknown } | undefined;
  #isLost = false;

  constructor(
    world: { readonly journal: Journal; readonly clock: Clock; readonly vault: Pick<Vault, "renew"> },
    knobs: { readonly run: string; readonly ttlMs: number },
  ) {
    const { journal, clock, vault } = world;
    this.#journal = journal;
    this.#clock = clock;
    this.#vault = vault;
    this.run = knobs.run;
    this.ttlMs = knobs.ttlMs;
    this.#lastStored = stampNow(clock);
  }

  get state(): EnvironmentView {
    return this.#journal.state;
  }

  /** What the log says of `address`. */
  resource(address: string): ResourceState {
    return this.#journal.state.resources.get(address) ?? absentResource(address);
  }

  /** Addresses of which the run has appended anything. */
  get changed(): ReadonlySet<string> {
    return this.#changed;
  }

  /** Outcomes that could not be stored. */
  get unsaved(): readonly Event[] {
    return this.#unsaved;
  }

  /** Whether `reason` is why nothing can be appended any more, and the run may still come to its end: not for damage and bugs. */
  isFault(reason: unknown): boolean {
    return this.#fault !== undefined && this.#fault.reason === reason && !isDamage(reason);
  }

  /** `live`: calls may be sent. `lost`: another run holds this one for dead. `broken`: the store takes no more. */
  get health(): "live" | "lost" | "broken" {
    if (this.#fault !== undefined) return "broken";
    return this.#isLost || this.silenceMs() >= this.ttlMs ? "lost" : "live";
  }

  /** Milliseconds since the sending of the last stored record. */
  silenceMs(): number {
    return longestSince(this.#clock, this.#lastStored);
  }

  /** Appends events of the run itself. */
  append(events: readonly Event[]): Promise<Result<void, Refusal>> {
    return this.#append({ run: this.run, events, decidedOn: new Map() });
  }

  /** Appends events that were decided on `state`, which no longer holds when the resource has moved since. */
  appendDecided(events: readonly Event[], state: ResourceState): Promise<Result<void, Refusal>> {
    return this.#append({ run: this.run, events, decidedOn: new Map([[state.address, state.version]]) });
  }

  async #append(batch: Batch): Promise<Result<void, Refusal>> {
    if (this.#fault !== undefined) {
      this.#keep(batch.events);
      throw this.#fault.reason;
    }
    const sent = stampNow(this.#clock);
    try {
      const answer = await this.#appendRenewed(batch);
      if (!answer.ok) return this.#refused(answer.error);
      for (const event of batch.events) if (isResourceEvent(event)) this.#changed.add(event.address);
      if (sent.monotonicMs >= this.#lastStored.monotonicMs) this.#lastStored = sent;
      return ok(undefined);
    } catch (reason) {
      this.#fault ??= { reason };
      this.#keep(batch.events);
      throw this.#fault.reason;
    }
  }

  /** Each refusal of this kind is one more rotation, so that this comes to an end. */
  async #appendRenewed(batch: Batch): Promise<Result<unknown, Refusal>> {
    const answer = await this.#journal.append(batch);
    if (answer.ok || answer.error.kind !== "OldDataKey") return answer;
    const { activeDataKey } = this.#journal.state.facts ?? {};
    const events = await renewedEvents(this.#vault, batch.events);
    const again = await this.#journal.append({ ...batch, events });
    const isNewer = this.#journal.state.facts?.activeDataKey !== activeDataKey;
    return !again.ok && isNewer ? await this.#appendRenewed({ ...batch, events }) : again;
  }

  #refused(refusal: Refusal): Result<void, Refusal> {
    const isOver = refusal.kind === "RunNotLive" || refusal.kind === "RunOfOther";
    if (isOver && refusal.run === this.run) this.#isLost = true;
    return { ok: false, error: refusal };
  }

  #keep(events: readonly Event[]): void {
    for (const event of events) if (OUTCOME_TYPES.has(event.type)) this.#unsaved.push(event);
  }
}

/** A log that was tampered with, or a bug: nobody goes on from there. */
function isDamage(reason: unknown): boolean {
  return reason instanceof IntegrityError || reason instanceof InvariantError;
}
