import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { err, ok, type Result } from "../engine/result.ts";
import { turn } from "../tests/support/virtual_clock.ts";
import { Actor, type ActorLogic, type ActorWorld } from "./actor.ts";

/** A counter that grows by calls: `want` says how far, each call replies with one step. */
interface Count {
  readonly done: number;
  readonly wanted: number;
}

type Message = { readonly type: "Want"; readonly wanted: number } | { readonly type: "Stepped" } | {
  readonly type: "Forbidden";
};
type Event = "stepped" | { readonly wanted: number };

const logic: ActorLogic<Count, Message, Event, { readonly step: number }, string> = {
  decide(_state, message) {
    if (message.type === "Forbidden") return err("forbidden");
    return ok(message.type === "Want" ? [{ wanted: message.wanted }] : ["stepped"]);
  },
  pending: (state) => state.done < state.wanted ? { step: state.done + 1 } : undefined,
};

/** A world whose every append and effect waits for the test. */
class Held implements ActorWorld<Count, Message, Event, { readonly step: number }, string> {
  durable: Count = { done: 0, wanted: 0 };
  readonly appends: PromiseWithResolvers<Result<void, string>>[] = [];
  readonly decidedOn: Count[] = [];
  readonly effects: { readonly step: number; readonly reply: PromiseWithResolvers<Message | undefined> }[] =
    [];
  tell: (message: Message) => void = () => {};

  state(): Count {
    return this.durable;
  }

  async append(events: readonly Event[], decidedOn: Count): Promise<Result<void, string>> {
    this.decidedOn.push(decidedOn);
    const gate = Promise.withResolvers<Result<void, string>>();
    this.appends.push(gate);
    const answer = await gate.promise;
    if (answer.ok) { for (const event of events) this.durable = evolve(this.durable, event); }
    return answer;
  }

  perform(effect: { readonly step: number }, tell: (message: Message) => void): Promise<Message | undefined> {
    const reply = Promise.withResolvers<Message | undefined>();
    this.effects.push({ step: effect.step, reply });
    this.tell = tell;
    return reply.promise;
  }

  async store(nth: number): Promise<void> {
    this.appends[nth]?.resolve(ok(undefined));
    await turn();
  }

  async reply(nth: number, message: Message | undefined): Promise<void> {
    this.effects[nth]?.reply.resolve(message);
    await turn();
  }
}

function evolve(state: Count, event: Event): Count {
  return event === "stepped" ? { ...state, done: state.done + 1 } : { ...state, wanted: event.wanted };
}

Deno.test("A1: a message sent while another is being stored is decided only afterwards, on the state that it left", async () => {
  const world = new Held();
  const actor = new Actor(logic, world);
  const first = actor.send({ type: "Want", wanted: 1 });
  const second = actor.send({ type: "Want", wanted: 0 });
  await turn();
  strictEqual(world.appends.length, 1);
  await world.store(0);
  strictEqual(world.appends.length, 2);
  deepStrictEqual(world.decidedOn.map((each) => each.wanted), [0, 1]);
  await world.store(1);
  deepStrictEqual(await Promise.all([first, second]), [ok(undefined), ok(undefined)]);
});

Deno.test("A2: no effect starts, and no sender is told, before the events are durable", async () => {
  const world = new Held();
  const actor = new Actor(logic, world);
  let toldCount = 0;
  const told = actor.send({ type: "Want", wanted: 1 }).then(() => toldCount++);
  await turn();
  strictEqual(world.effects.length, 0);
  strictEqual(toldCount, 0);
  await world.store(0);
  await told;
  strictEqual(world.effects.length, 1);
});

Deno.test("A2: after an append that could not be stored nothing is acted on any more", async () => {
  const world = new Held();
  const actor = new Actor(logic, world);
  const told = actor.send({ type: "Want", wanted: 1 });
  await turn();
  world.appends[0]?.reject(new Error("disk full"));
  await rejects(told, /disk full/);
  await rejects(actor.rest(), /disk full/);
  await rejects(actor.send({ type: "Want", wanted: 2 }), /disk full/);
  strictEqual(world.effects.length, 0);
});

Deno.test("A3: messages that arrive while an effect is in flight start no second one", async () => {
  const world = new Held();
  const actor = new Actor(logic, world);
  const sent = [1, 2, 3].map((wanted) => actor.send({ type: "Want", wanted }));
  await turn();
  for (let nth = 0; nth < 3; nth++) await world.store(nth);
  await Promise.all(sent);
  strictEqual(world.effects.length, 1);
});

Deno.test("A3: the next effect waits until the reply of the last is durable, and is the one that the state names", async () => {
  const world = new Held();
  const actor = new Actor(logic, world);
  const sent = actor.send({ type: "Want", wanted: 2 });
  await turn();
  await world.store(0);
  await sent;
  await world.reply(0, { type: "Stepped" });
  strictEqual(world.effects.length, 1);
  await world.store(1);
  deepStrictEqual(world.effects.map((each) => each.step), [1, 2]);
});

Deno.test("A3: an effect that brought nothing is not repeated until somebody speaks to the actor", async () => {
  const world = new Held();
  const actor = new Actor(logic, world);
  const sent = actor.send({ type: "Want", wanted: 1 });
  await turn();
  await world.store(0);
  await sent;
  const rested = actor.rest();
  await world.reply(0, undefined);
  await rested;
  strictEqual(world.effects.length, 1);
  const again = actor.send({ type: "Want", wanted: 1 });
  await turn();
  await world.store(1);
  await again;
  strictEqual(world.effects.length, 2);
});

Deno.test("A4: an actor that starts on a state with work does that work, with no message at all", async () => {
  const world = new Held();
  world.durable = { done: 1, wanted: 2 };
  const actor = new Actor(logic, world);
  actor.start();
  deepStrictEqual(world.effects.map((each) => each.step), [2]);
  const rested = actor.rest();
  await world.reply(0, { type: "Stepped" });
  await world.store(0);
  await rested;
  deepStrictEqual(world.durable, { done: 2, wanted: 2 });
});

Deno.test("A4: starting twice does the work once", async () => {
  const world = new Held();
  world.durable = { done: 0, wanted: 1 };
  const actor = new Actor(logic, world);
  actor.start();
  actor.start();
  await turn();
  strictEqual(world.effects.length, 1);
});

Deno.test("send() decides once more on the state that a refused append met, then tells the refusal", async () => {
  const world = new Held();
  const actor = new Actor(logic, world);
  const sent = actor.send({ type: "Want", wanted: 1 });
  await turn();
  world.durable = { done: 5, wanted: 5 };
  world.appends[0]?.resolve(err("moved"));
  await turn();
  strictEqual(world.decidedOn[1], world.durable);
  world.appends[1]?.resolve(err("moved again"));
  deepStrictEqual(await sent, err("moved again"));
  strictEqual(world.appends.length, 2);
});

Deno.test("send() tells the refusal of the logic without an append", async () => {
  const world = new Held();
  const actor = new Actor(logic, world);
  deepStrictEqual(await actor.send({ type: "Forbidden" }), err("forbidden"));
  strictEqual(world.appends.length, 0);
});

Deno.test("rest() waits for what an effect tells before its end", async () => {
  const world = new Held();
  const actor = new Actor(logic, world);
  world.durable = { done: 0, wanted: 2 };
  actor.start();
  world.tell({ type: "Stepped" });
  await turn();
  await world.store(0);
  strictEqual(world.durable.done, 1);
  const rested = actor.rest();
  await world.reply(0, { type: "Stepped" });
  await world.store(1);
  await rested;
  strictEqual(world.durable.done, 2);
  strictEqual(world.effects.length, 1);
});

Deno.test("An effect that throws breaks the actor, and whoever waits is told", async () => {
  const world = new Held();
  world.durable = { done: 0, wanted: 1 };
  const actor = new Actor(logic, world);
  actor.start();
  const rested = actor.rest();
  world.effects[0]?.reply.reject(new Error("a bug"));
  await rejects(rested, /a bug/);
});

Deno.test("A3: a reply that is refused does not bring the same effect again", async () => {
  const world = new Held();
  world.durable = { done: 0, wanted: 1 };
  const actor = new Actor(logic, world);
  actor.start();
  const rested = actor.rest();
  await world.reply(0, { type: "Forbidden" });
  await rested;
  strictEqual(world.effects.length, 1);
});

Deno.test("A3: what was told while the end of an effect is made durable comes before the next effect", async () => {
  const world = new Held();
  world.durable = { done: 0, wanted: 2 };
  const actor = new Actor(logic, world);
  actor.start();
  const rested = actor.rest();
  await world.reply(0, { type: "Stepped" });
  world.tell({ type: "Stepped" });
  await world.store(0);
  await world.store(1);
  await rested;
  deepStrictEqual([world.durable.done, world.effects.length], [2, 1]);
});
