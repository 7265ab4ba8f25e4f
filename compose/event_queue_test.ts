import { deepStrictEqual } from "node:assert/strict";
import { EventQueue } from "./event_queue.ts";

Deno.test("EventQueue gives what was told before anybody took, and then what is told", async () => {
  const queue = new EventQueue<number>();
  queue.push(1);
  queue.push(2);
  const taken: number[] = [];
  for await (const event of queue.take()) {
    taken.push(event);
    if (event === 2) queueMicrotask(() => queue.push(3));
    if (event === 3) queue.close();
  }
  deepStrictEqual(taken, [1, 2, 3]);
});

Deno.test("EventQueue.pushSeen() waits until the event after is asked for", async () => {
  const queue = new EventQueue<string>();
  const order: string[] = [];
  const told = (async () => {
    await queue.pushSeen("asked");
    order.push("went on");
    queue.push("after");
    queue.close();
  })();
  for await (const event of queue.take()) {
    await Promise.resolve();
    order.push(event);
  }
  await told;
  deepStrictEqual(order, ["asked", "went on", "after"]);
});

Deno.test("EventQueue.pushSeen() waits for nobody who has gone", async () => {
  const queue = new EventQueue<string>();
  queue.push("first");
  for await (const _ of queue.take()) break;
  await queue.pushSeen("later");
  const other = new EventQueue<string>();
  const told = other.pushSeen("seen");
  for await (const _ of other.take()) break;
  await told;
});
