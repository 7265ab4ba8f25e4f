import type { Refusal } from "../engine/admit.ts";
import { isIntent, type ResourceEvent } from "../engine/resource_event.ts";
import { decideResource, pendingResource, type ResourceEffect } from "../engine/resource_logic.ts";
import type { ResourceMessage, ResourceReply } from "../engine/resource_logic_message.ts";
import { heldObject, type ResourceState } from "../engine/resource_state.ts";
import type { Result } from "../engine/result.ts";
import { Actor } from "./actor.ts";
import { callProvider } from "./provider_call.ts";
import { type ResolveContext, resolveIntent } from "./resolve_intent.ts";
import type { RunLog } from "./run_log.ts";
import type { ProvidedType, RunWorld } from "./run_world.ts";
import { stampNow, type TimeStamp } from "./time_stamp.ts";
import type { TokenBucket } from "./token_bucket.ts";
import { unservedType } from "./unserved_type.ts";

/** What a resource tells of itself while it works. */
export interface ResourceWatch {
  accepted(id: string): void;
  progressed(what: string): void;
  retrying(failure: Extract<ResourceReply, { readonly type: "NotSent" }>["failure"], afterMs: number): void;
  /** The provider has answered, and what it said is on its way to the log. */
  answered(): void;
}

/** One resource of one run, on the driver: its logic, the journal of the run, and its provider. */
export class ResourceActor {
  readonly address: string;
  readonly #world: RunWorld;
  readonly #log: RunLog;
  readonly #watch: ResourceWatch;
  readonly #resolving: ResolveContext;
  readonly #buckets: ReadonlyMap<string, TokenBucket>;
  readonly #actor: Actor<ResourceState, ResourceMessage, ResourceEvent, ResourceEffect, Refusal>;
  readonly #replies: ResourceReply[] = [];
  #intentSent: TimeStamp;
  /** Whether its own intent has been looked for, and so perhaps sent again. */
  #isLookedFor = false;

  constructor(
    address: string,
    parts: {
      readonly world: RunWorld;
      readonly log: RunLog;
      readonly watch: ResourceWatch;
      readonly resolving: ResolveContext;
      /** By provider, for those that are bounded. */
      readonly buckets: ReadonlyMap<string, TokenBucket>;
    },
  ) {
    this.address = address;
    this.#world = parts.world;
    this.#log = parts.log;
    this.#watch = parts.watch;
    this.#resolving = parts.resolving;
    this.#buckets = parts.buckets;
    this.#intentSent = stampNow(parts.world.clock);
    const { run } = parts.log;
    this.#actor = new Actor(
      { decide: decideResource, pending: (state) => pendingResource(state, run) },
      {
        state: () => this.state,
        append: (events, decidedOn) => this.#append(events, decidedOn),
        perform: (effect, tell) => this.#perform(effect, tell),
      },
    );
  }

  /** What is durable of it. */
  get state(): ResourceState {
    return this.#log.resource(this.address);
  }

  /** What its effects have answered, in order. */
  get replies(): readonly ResourceReply[] {
    return this.#replies;
  }

  /** Takes up what the log says is open, and resolves when nothing is under way. */
  async recover(): Promise<void> {
    this.#actor.start();
    await this.#actor.rest();
  }

  /** Sends a message, and resolves when what follows from it has come to an end. */
  async send(message: ResourceMessage): Promise<Result<void, Refusal>> {
    const answer = await this.#actor.send(message);
    if (answer.ok) await this.#actor.rest();
    return answer;
  }

  async #append(events: readonly ResourceEvent[], decidedOn: ResourceState): Promise<Result<void, Refusal>> {
    if (events.some(isIntent)) {
      this.#intentSent = stampNow(this.#world.clock);
      this.#isLookedFor = false;
    }
    return await this.#log.appendDecided(events, decidedOn);
  }

  async #perform(
    effect: ResourceEffect,
    tell: (reply: ResourceReply) => void,
  ): Promise<ResourceReply | undefined> {
    const type = typeOf(effect, this.state);
    const provided = type === undefined ? undefined : this.#world.providers(type);
    if (effect.type === "Resolve") return await this.#resolve(effect, provided, tell);
    const reply = provided === undefined
      ? { type: "NotSent" as const, token: effect.started.token, failure: unservedType(type ?? "unknown") }
      : await callProvider(this.#world, this.#log, {
        effect,
        state: this.state,
        provided,
        intentSent: this.#intentSent,
        tell: (early) => {
          // What the first attempt did not do, the one that was sent since may have done.
          if (this.#isLookedFor && isFailure(early)) return;
          if (early.type === "Accepted") this.#watch.accepted(early.id);
          else if (early.type === "Progressed") this.#watch.progressed(early.step);
          else this.#replies.push(early);
          tell(early);
        },
        permit: async (signal) => await this.#buckets.get(provided.provider.name)?.take(signal),
        retrying: (failure, afterMs) => this.#watch.retrying(failure, afterMs),
      });
    this.#replies.push(reply);
    this.#watch.answered();
    return reply;
  }

  /** A doubt that nothing settles is told once; the resource then rests until somebody speaks to it. */
  async #resolve(
    effect: Extract<ResourceEffect, { readonly type: "Resolve" }>,
    provided: ProvidedType | undefined,
    tell: (reply: ResourceReply) => void,
  ): Promise<ResourceReply | undefined> {
    // Who does not claim the address settles nothing of it: whoever holds it may be calling right now.
    const claims = this.#log.state.liveRuns.get(this.#log.run)?.writes;
    if (claims?.has(this.address) !== true) return undefined;
    const { leave } = this.#world.interrupts;
    // Who leaves looks no more after what it has just sent: a later run does.
    if (leave.aborted && effect.intent.run === this.#log.run) return undefined;
    this.#isLookedFor = true;
    const reply = await resolveIntent(this.#world, this.#log, {
      intent: effect.intent,
      state: this.state,
      provided,
      context: this.#resolving,
    });
    this.#replies.push(reply);
    if (reply.type !== "Unsettled") return reply;
    tell(reply);
    return undefined;
  }
}

/** The type of the object that an effect is about. */
function typeOf({ intent }: ResourceEffect, state: ResourceState): string | undefined {
  const { started } = intent;
  return started.type === "CreateStarted" ? started.resourceType : heldObject(state, started.id)?.type;
}

function isFailure(reply: ResourceReply): boolean {
  return "result" in reply && !reply.result.ok;
}
