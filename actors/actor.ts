/**
 * The one driver that every resource runs on.
 *
 *   A1. One message is decided at a time; `send` queues the rest.
 *   A2. Events are durable before the state they lead to is visible or acted on.
 *   A3. At most one effect is in flight, and it is the one that `pending` names.
 *   A4. `start` is recovery: look at the durable state, then ask `pending`. There is no other path.
 */
import { ok, type Result } from "../engine/result.ts";

/** What an actor decides, as pure values. How states follow from events is the journal's to say, which owns the only fold. */
export interface ActorLogic<State, Message, Event, Effect, Refusal> {
  decide(state: State, message: Message): Result<readonly Event[], Refusal>;
  /** The one effect that `state` waits for. */
  pending(state: State): Effect | undefined;
}

/** Where an actor lives: its durable state, and the world that its effects reach. */
export interface ActorWorld<State, Message, Event, Effect, Refusal> {
  /** The state as it is durable. */
  state(): State;
  /** Durable, and folded into `state()`, once it resolves. Rejects when the store is broken. */
  append(events: readonly Event[], decidedOn: State): Promise<Result<void, Refusal>>;
  /**
   * Carries out `effect` and answers with its reply, or with nothing when nothing was learned: the actor then rests until
   * the next message. `tell` sends what is known before the end.
   */
  perform(effect: Effect, tell: (message: Message) => void): Promise<Message | undefined>;
}

interface Letter<Message, Refusal> {
  readonly message: Message | undefined;
  /** What an effect brings is taken even by an actor that is broken: the world knows how to keep it. */
  readonly from: "sender" | "effect" | "end of effect";
  resolve(result: Result<void, Refusal>): void;
  reject(reason: unknown): void;
}

/** One running actor. */
export class Actor<State, Message, Event, Effect, Refusal> {
  readonly #logic: ActorLogic<State, Message, Event, Effect, Refusal>;
  readonly #world: ActorWorld<State, Message, Event, Effect, Refusal>;
  readonly #mailbox: Letter<Message, Refusal>[] = [];
  readonly #resting: PromiseWithResolvers<void>[] = [];
  #isTurning = false;
  #isPerforming = false;
  /** Whether what `pending` names is to be looked for once nothing waits in the mailbox. */
  #wakesNext = false;
  #broken: { readonly reason: unknown } | undefined;

  constructor(
    logic: ActorLogic<State, Message, Event, Effect, Refusal>,
    world: ActorWorld<State, Message, Event, Effect, Refusal>,
  ) {
    this.#logic = logic;
    this.#world = world;
  }

  /** Takes up what the durable state waits for. */
  start(): void {
    this.#wake();
  }

  /** Queues `message`; resolves when its events are durable, or with the reason of its refusal. Rejects once the actor is broken. */
  send(message: Message): Promise<Result<void, Refusal>> {
    return new Promise((resolve, reject) => this.#post({ message, from: "sender", resolve, reject }));
  }

  /** Settles when no message waits and no effect is in flight; rejects when the actor is broken. */
  rest(): Promise<void> {
    const waiter = Promise.withResolvers<void>();
    this.#resting.push(waiter);
    this.#settleResting();
    return waiter.promise;
  }

  #post(letter: Letter<Message, Refusal>): void {
    this.#mailbox.push(letter);
    if (!this.#isTurning) this.#openNext();
  }

  #openNext(): void {
    const letter = this.#mailbox.shift();
    this.#isTurning = letter !== undefined;
    if (letter === undefined) {
      // What has been told already comes before an effect that rests on its not being known.
      if (this.#wakesNext) this.#wake();
      return this.#settleResting();
    }
    this.#turn(letter).then((result) => {
      // A reply that is refused would be brought again for ever.
      const isNews = letter.from === "sender" || (letter.message !== undefined && result.ok);
      if (isNews && !this.#isPerforming) this.#wakesNext = true;
      letter.resolve(result);
    }, (reason) => {
      this.#broken ??= { reason };
      letter.reject(reason);
    }).finally(() => this.#openNext());
  }

  async #turn({ message, from }: Letter<Message, Refusal>): Promise<Result<void, Refusal>> {
    if (from === "sender" && this.#broken !== undefined) throw this.#broken.reason;
    try {
      return message === undefined ? ok(undefined) : await this.#decide(message);
    } finally {
      if (from === "end of effect") this.#isPerforming = false;
    }
  }

  /** A refused append is decided once more, on the state that it met; then the refusal stands. */
  async #decide(message: Message): Promise<Result<void, Refusal>> {
    const decision = this.#decideNow(message);
    if (!decision.ok || decision.value.events.length === 0) return decision.ok ? ok(undefined) : decision;
    const appended = await this.#world.append(decision.value.events, decision.value.state);
    if (appended.ok) return appended;
    const again = this.#decideNow(message);
    if (!again.ok || again.value.events.length === 0) return again.ok ? ok(undefined) : again;
    return await this.#world.append(again.value.events, again.value.state);
  }

  #decideNow(
    message: Message,
  ): Result<{ readonly events: readonly Event[]; readonly state: State }, Refusal> {
    const state = this.#world.state();
    const decision = this.#logic.decide(state, message);
    return decision.ok ? ok({ events: decision.value, state }) : decision;
  }

  #wake(): void {
    this.#wakesNext = false;
    if (this.#isPerforming || this.#broken !== undefined) return;
    const effect = this.#logic.pending(this.#world.state());
    if (effect === undefined) return;
    this.#isPerforming = true;
    const post = (message: Message | undefined, from: "effect" | "end of effect") =>
      this.#post({ message, from, resolve: () => {}, reject: () => {} });
    this.#world.perform(effect, (message) => post(message, "effect")).then(
      (reply) => post(reply, "end of effect"),
      (reason) => {
        this.#broken ??= { reason };
        post(undefined, "end of effect");
      },
    );
  }

  #settleResting(): void {
    if (this.#isTurning || this.#isPerforming || this.#mailbox.length > 0) return;
    for (const waiter of this.#resting.splice(0)) {
      if (this.#broken === undefined) waiter.resolve();
      else waiter.reject(this.#broken.reason);
    }
  }
}
