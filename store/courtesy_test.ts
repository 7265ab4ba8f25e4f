import { ok, strictEqual } from "node:assert/strict";
import { startStream, type TestStream } from "../tests/support/test_stream.ts";
import { VirtualClock } from "../tests/support/virtual_clock.ts";
import { batch, OTHER_RUN, RUN, runStarted } from "./_test_log.ts";
import type { Journal } from "./journal_port.ts";
import { MemoryLog } from "./memory_log.ts";

/** A journal of a writer that needs `appendMs` from what it has seen to what is stored. */
function racer({ log, open }: TestStream, clock: VirtualClock, appendMs: number): Promise<Journal> {
  return open(clock, () => {}, {
    read: (name, from) => log.read(name, from),
    append: async (name, seq, bytes) => {
      await clock.sleep(appendMs);
      return await log.append(name, seq, bytes);
    },
    sync: (name) => log.sync(name),
    environments: () => log.environments(),
  });
}

/** Appends without a rest for so long; says how often. */
async function fill(journal: Journal, clock: VirtualClock, ms: number): Promise<number> {
  const endMs = clock.monotonicMs() + ms;
  let count = 0;
  for (; clock.monotonicMs() < endMs; count++) await journal.append(batch([{ type: "RunRenewed" }]));
  return count;
}

Deno.test("J6: a writer that wins beside another live run lets one append time pass before its next", async () => {
  const clock = new VirtualClock();
  const stream = await startStream(new MemoryLog(), clock);
  const journal = await clock.run(racer(stream, clock, 10));
  await clock.run(journal.append(batch([runStarted(RUN)])));
  strictEqual(await clock.run(fill(journal, clock, 100)), 10);
  await clock.run(journal.append(batch([runStarted(OTHER_RUN, ["b.y"])], OTHER_RUN)));
  strictEqual(await clock.run(fill(journal, clock, 100)), 5);
});

Deno.test("J6: nobody waits for a run of which nothing was heard for its ttl", async () => {
  const clock = new VirtualClock();
  const stream = await startStream(new MemoryLog(), clock);
  const journal = await clock.run(racer(stream, clock, 10));
  await clock.run(journal.append(batch([runStarted(OTHER_RUN, ["b.y"])], OTHER_RUN)));
  await clock.run(journal.append(batch([runStarted(RUN)])));
  clock.jump(31_000);
  await clock.run(journal.append(batch([{ type: "RunRenewed" }])));
  strictEqual(await clock.run(fill(journal, clock, 100)), 10);
});

Deno.test("P13 f: a signer many times as slow as another renews itself long before it is held for dead", async () => {
  const clock = new VirtualClock();
  const stream = await startStream(new MemoryLog(), clock);
  const quick = await clock.run(racer(stream, clock, 5));
  await clock.run(quick.append(batch([runStarted(RUN)])));
  const slow = await clock.run(racer(stream, clock, 90));
  await clock.run(slow.append(batch([runStarted(OTHER_RUN, ["b.y"])], OTHER_RUN)));
  const sentMs = clock.monotonicMs();
  const renewed = slow.append(batch([{ type: "RunRenewed" }], OTHER_RUN));
  let renewedMs = Infinity;
  renewed.then(() => renewedMs = clock.monotonicMs() - sentMs);
  await clock.run(fill(quick, clock, 20_000));
  ok(renewedMs < 11_000, `renewed after ${renewedMs} ms`);
});

Deno.test("P13 f: a key service that signs for 400 ms beside a key in a file renews its run in time", async () => {
  const clock = new VirtualClock();
  const stream = await startStream(new MemoryLog(), clock);
  const quick = await clock.run(racer(stream, clock, 5));
  await clock.run(quick.append(batch([runStarted(RUN)])));
  const slow = await clock.run(stream.openSlow(clock, 400));
  await clock.run(slow.append(batch([runStarted(OTHER_RUN, ["b.y"])], OTHER_RUN)));
  const sentMs = clock.monotonicMs();
  let renewedMs = Infinity;
  slow.append(batch([{ type: "RunRenewed" }], OTHER_RUN)).then(() =>
    renewedMs = clock.monotonicMs() - sentMs
  );
  await clock.run(fill(quick, clock, 20_000));
  ok(renewedMs < 13_000, `renewed after ${renewedMs} ms`);
});
