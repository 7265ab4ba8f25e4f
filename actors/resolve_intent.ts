/**
 * Finds out what an intent in doubt did, by looks that `judgeDoubt` asks for.
 *
 *   D1. Absence counts only from a look begun late enough on this machine's own clocks, the one that says less.
 *   D2. What is sent again is exactly what was sent, under its token; unless it certainly did nothing, absence counts anew from it.
 *   D3. What nothing settles stays open, with the search to run by hand.
 */
import { restoredAt } from "../engine/accepted_loss.ts";
import type { CallFailure } from "../engine/call_failure.ts";
import { ownerKey } from "../engine/environment.ts";
import {
  absenceWindowMs,
  type Doubt,
  type FoundObject,
  judgeDoubt,
  type Look,
  type Sighting,
  type Sightings,
  type Verdict,
} from "../engine/resolve.ts";
import { compareSent } from "../engine/resolve_fields.ts";
import type { ResourceReply } from "../engine/resource_logic_message.ts";
import type { OpenIntent, ResourceState, StoredObject } from "../engine/resource_state.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { record, someValue, Unknown, type ValueRecord } from "../engine/value.ts";
import { decodeRecord } from "../engine/value_codec.ts";
import type { ListedObject, ListRequest, LiveObject } from "../providers/provider.ts";
import { startDeadline } from "./call_deadline.ts";
import { givenId, uniqueNameOf } from "./name_look.ts";
import type { RunLog } from "./run_log.ts";
import type { ProvidedType, RunWorld } from "./run_world.ts";
import { type OpenedInputs, openKeptInputs, scrubFailure, sealFacts } from "./sealed_facts.ts";
import { supervise } from "./supervisor.ts";
import { shortestSince, stampNow, type TimeStamp } from "./time_stamp.ts";

/** Milliseconds by which the clocks of two machines may differ before the age of a token says nothing. */
const CLOCK_MARGIN_MS = 10 * 60_000;
const LOOK_ATTEMPTS = 3;

/** What a run knows of those before it. */
export interface ResolveContext {
  /** When this run's claims became durable: whoever held them before had ended by then. */
  readonly othersEnded: TimeStamp;
}

/** An intent to settle. */
export interface DoubtfulIntent {
  readonly intent: OpenIntent;
  readonly state: ResourceState;
  /** Who serves the type; `undefined` when nobody does. */
  readonly provided: ProvidedType | undefined;
  readonly context: ResolveContext;
}

/** Settles the intent, or says why it cannot be. Waits as long as absence needs, within the limits of the run. */
export async function resolveIntent(
  world: RunWorld,
  log: RunLog,
  doubtful: DoubtfulIntent,
): Promise<ResourceReply> {
  const { intent, provided } = doubtful;
  if (provided === undefined) return unsettled(doubtful, "no provider here knows its type", undefined);
  const inputs = intent.started.type === "DeleteStarted" ? {} : intent.started.inputs;
  const opened = await supervise(
    { clock: world.clock, attemptCount: LOOK_ATTEMPTS, certainty: "unknown" },
    () => openKeptInputs(world.vault, inputs),
  );
  if (!opened.ok) return unsettled(doubtful, opened.error.message, provided);
  if (someValue(opened.value.fields, (part) => part instanceof Unknown)) {
    return unsettled(doubtful, "it sent a secret that was given up since", provided);
  }
  const search = new Search(world, log, doubtful, provided, opened.value);
  const reply = await search.run();
  const outcome = reply.type === "Resolved" ? reply.outcome : "unknown";
  const evidence = reply.type === "Resolved" ? reply.evidence : "";
  world.observer({ type: "Resolved", address: doubtful.state.address, outcome, evidence });
  return reply;
}

type Waiting = Extract<Verdict, { readonly kind: "waitUntil" }>;

class Search {
  readonly #world: RunWorld;
  readonly #log: RunLog;
  readonly #doubtful: DoubtfulIntent;
  readonly #provided: ProvidedType;
  readonly #opened: OpenedInputs;
  /** When the last sending of the intent had ended: its run's end, for the run's own intents now, or that of sending it again. */
  #ended: TimeStamp;

  constructor(
    world: RunWorld,
    log: RunLog,
    doubtful: DoubtfulIntent,
    provided: ProvidedType,
    opened: OpenedInputs,
  ) {
    this.#world = world;
    this.#log = log;
    this.#doubtful = doubtful;
    this.#provided = provided;
    this.#opened = opened;
    const isOwn = doubtful.intent.run === log.run;
    this.#ended = isOwn ? stampNow(world.clock) : doubtful.context.othersEnded;
  }

  async run(): Promise<ResourceReply> {
    const doubt = await this.#doubt();
    let seen: Sightings = { hasResent: false };
    for (;;) {
      const verdict = judgeDoubt(doubt, seen);
      switch (verdict.kind) {
        case "look":
          seen = await this.#look(verdict.look, seen);
          break;
        case "waitUntil": {
          const why = await this.#waitUntil(verdict);
          if (why !== undefined) return unsettled(this.#doubtful, why, this.#provided);
          seen = { hasResent: seen.hasResent };
          break;
        }
        case "unknown":
          return unsettled(this.#doubtful, verdict.why, this.#provided);
        case "settled":
          return await this.#settled(verdict);
      }
    }
  }

  async #doubt(): Promise<Doubt> {
    const { intent, state } = this.#doubtful;
    const { schema } = this.#provided;
    const { started } = intent;
    const isProcessGone = await this.#world.locks.look(intent.run) === "free";
    const account = started.type === "CreateStarted" ? started.account : state.object?.account ?? "";
    const before = state.object === undefined ? undefined : decodeRecord(state.object.fields);
    return {
      started,
      acceptedId: intent.acceptedId ?? givenId(this.#provided, this.#opened.fields),
      world: schema.world,
      uniqueName: uniqueNameOf(this.#provided, this.#opened.fields),
      tokenAgeMs: ageMs(this.#world.clock.wallMs(), intent.at),
      windowMs: absenceWindowMs(schema.world, started.deadlineMs, isProcessGone),
      isRestored: intent.seq < restoredAt(this.#log.state.facts),
      isOwned: (id) => (this.#log.state.owners.get(ownerKey(schema.type, account, id))?.size ?? 0) > 0,
      compare: (found) =>
        compareSent(
          schema,
          this.#opened.fields,
          found.fields,
          started.type === "UpdateStarted" ? before : undefined,
        ),
    };
  }

  #sinceEndedMs(): number {
    return shortestSince(this.#world.clock, this.#ended);
  }

  /** Waits; the reason why not, when it cannot or may not. */
  async #waitUntil({ sinceEndedMs, why }: Waiting): Promise<string | undefined> {
    const afterMs = sinceEndedMs - this.#sinceEndedMs();
    const isStale = why === "stale";
    const saw = isStale ? "what was seen may be of before" : "it was not found, and may still come to be";
    if (!isStale && this.#doubtful.intent.run === this.#log.run) return `${saw}: a later run settles it`;
    if (afterMs > this.#world.limits.resolvePatienceMs) return `${saw} for ${Math.ceil(afterMs / 1_000)} s`;
    this.#world.observer({ type: "ResolveWaits", address: this.#doubtful.state.address, afterMs });
    const { stop } = this.#world.interrupts;
    const slept = await this.#world.clock.sleep(Math.max(1, afterMs), stop).then(() => true, () => false);
    return slept ? undefined : `the run was interrupted before ${isStale ? "a look" : "absence"} could count`;
  }

  async #look(look: Look, seen: Sightings): Promise<Sightings> {
    const now = await this.#lookNow(look, seen);
    // What has been found may have got an owner meanwhile: that is judged by what the log says after the look.
    if (look.kind !== "id") await this.#world.journal.refresh();
    return now;
  }

  async #lookNow(look: Look, seen: Sightings): Promise<Sightings> {
    switch (look.kind) {
      case "id":
        return { ...seen, id: await this.#sight(() => this.#read(look.id)) };
      case "token":
        return { ...seen, token: await this.#sight(() => this.#list({ token: look.token })) };
      case "name":
        return { ...seen, name: await this.#sight(() => this.#list({ uniqueName: look.name })) };
      case "resend":
        return await this.#resend(seen);
    }
  }

  async #sight<T>(ask: () => Promise<Result<T, CallFailure>>): Promise<Sighting<T>> {
    for (let attempt = 1;; attempt++) {
      const sinceEndedMs = this.#sinceEndedMs();
      const answer = await this.#ask(ask);
      if (answer.ok) return { kind: "seen", sinceEndedMs, found: answer.value };
      const failure = scrubFailure(answer.error, this.#opened.secrets);
      if (failure.retry === "never" || attempt >= LOOK_ATTEMPTS) return { kind: "unseen", failure };
      await this.#world.clock.sleep(failure.retryAfterMs ?? 200 * 2 ** attempt);
    }
  }

  async #ask<T>(ask: () => Promise<Result<T, CallFailure>>): Promise<Result<T, CallFailure>> {
    const answer = await supervise({ clock: this.#world.clock, attemptCount: 1, certainty: "unknown" }, ask);
    return answer.ok ? answer.value : answer;
  }

  async #read(id: string): Promise<Result<FoundObject | undefined, CallFailure>> {
    const answer = await this.#withDeadline(
      this.#provided.schema.timeoutsMs.read,
      (signal) =>
        this.#provided.provider.read(
          { type: this.#provided.schema.type, id, applied: this.#opened.fields, ...this.#toldOutputs() },
          signal,
        ),
    );
    return answer.ok ? ok(answer.value === undefined ? undefined : foundObject(answer.value)) : answer;
  }

  /** What the call made known before nothing more was heard of it. */
  #toldOutputs(): { readonly outputs?: ValueRecord } {
    const { progress } = this.#doubtful.intent;
    return progress === undefined ? {} : { outputs: record(Object.entries(progress)) };
  }

  async #list(by: Omit<ListRequest, "type">): Promise<Result<readonly FoundObject[], CallFailure>> {
    const { schema, provider } = this.#provided;
    const answer = await this.#withDeadline(
      schema.timeoutsMs.read,
      (signal) => provider.list({ type: schema.type, ...by }, signal),
    );
    return answer.ok ? ok(answer.value.map(foundObject)) : answer;
  }

  /**
   * Sends the creation again, and believes what comes back only when it can be read by its id. Else what it made may show later,
   * and no look from before says anything of it.
   */
  async #resend(seen: Sightings): Promise<Sightings> {
    const { started } = this.#doubtful.intent;
    if (started.type !== "CreateStarted" || this.#log.health !== "live") return { ...seen, hasResent: true };
    const { schema, provider } = this.#provided;
    const { fields } = this.#opened;
    const request = { type: schema.type, fields, token: started.token, accepted: () => {} };
    const made = await this.#ask(() =>
      this.#withDeadline(started.deadlineMs, (signal) => provider.create(request, signal))
    );
    if (!made.ok && made.error.certainty === "notDone") return { ...seen, hasResent: true };
    if (made.ok) {
      const read = await this.#ask(() => this.#read(made.value.id));
      if (read.ok && read.value !== undefined) {
        return { ...seen, hasResent: true, resend: foundObject(made.value) };
      }
    }
    this.#ended = stampNow(this.#world.clock);
    return { hasResent: true };
  }

  async #withDeadline<T>(
    deadlineMs: number,
    call: (signal: AbortSignal) => Promise<Result<T, CallFailure>>,
  ): Promise<Result<T, CallFailure>> {
    const deadline = startDeadline(this.#world.clock, deadlineMs, this.#world.interrupts.leave);
    const answer = await Promise.race([call(deadline.signal), deadline.givenUp]);
    deadline.end();
    if (typeof answer !== "string") return answer;
    return err({
      kind: answer,
      retry: "never",
      certainty: "unknown",
      message: "The provider gave no answer",
    });
  }

  async #settled(verdict: Extract<Verdict, { readonly kind: "settled" }>): Promise<ResourceReply> {
    const { outcome, evidence, found } = verdict;
    const { started } = this.#doubtful.intent;
    const reply = { type: "Resolved", token: started.token, outcome, evidence } as const;
    if (found === undefined || started.type === "DeleteStarted") return { ...reply, found: undefined };
    const before: StoredObject | undefined = this.#doubtful.state.object;
    const sent = { inputs: started.inputs, secrets: this.#opened.secrets, before };
    const facts = await supervise(
      { clock: this.#world.clock, attemptCount: LOOK_ATTEMPTS, certainty: "unknown" },
      () => sealFacts(this.#world.vault, this.#provided.schema, found, sent),
    );
    return facts.ok
      ? { ...reply, found: facts.value }
      : unsettled(this.#doubtful, facts.error.message, this.#provided);
  }
}

function foundObject(live: LiveObject | ListedObject): FoundObject {
  const { id, fields, outputs, precondition } = live;
  const token = "token" in live && live.token !== undefined ? { token: live.token } : {};
  return { id, fields, outputs, precondition, ...token };
}

/** How old an intent is at most. A time of making that lies ahead says that the clocks are not to be compared. */
function ageMs(nowMs: number, at: string): number {
  const age = nowMs - Date.parse(at);
  return Number.isNaN(age) || age < -CLOCK_MARGIN_MS ? Infinity : age + CLOCK_MARGIN_MS;
}

function unsettled(
  { intent, state }: DoubtfulIntent,
  why: string,
  provided: ProvidedType | undefined,
): ResourceReply {
  const { token } = intent.started;
  const message = `Cannot tell what happened to ${state.address}: ${why}; ${searchByHand(intent, provided)}`;
  const failure: CallFailure = { kind: "NotReady", retry: "never", certainty: "unknown", message };
  return { type: "Unsettled", token, failure };
}

/** The exact search that tells a person what this run could not. */
function searchByHand(intent: OpenIntent, provided: ProvidedType | undefined): string {
  const { started, acceptedId } = intent;
  const type = provided?.schema.type ?? "its type";
  if (started.type !== "CreateStarted") return `look up ${type} by the id "${started.id}"`;
  if (acceptedId !== undefined) return `look up ${type} by the id "${acceptedId}"`;
  const path = provided?.schema.world?.uniqueName;
  if (path !== undefined) return `list ${type} by the ${path.field} that the intent ${started.token} gives`;
  return `list ${started.resourceType} made since ${intent.at} that bears the token "${started.token}"`;
}
