import { deepStrictEqual, ok } from "node:assert/strict";
import { create, tokenOf, valueOf } from "../test_calls.ts";
import { memorySim } from "./memory_sim.ts";
import { readLedger } from "./ledger.ts";
import { simProvider } from "./sim_provider.ts";
import { noFaults, testClock, testRandom } from "./_test_world.ts";

const COUNT = 5_000;
const WIDTH = 50;

Deno.test("5,000 creates in one network append a line each, of one size, and read nothing twice", async () => {
  const folder = await Deno.makeTempDir();
  const journal = `${folder}/journal.jsonl`;
  const sim = simProvider({ folder, clock: testClock(), random: testRandom(), faults: noFaults });
  try {
    const network = valueOf(await create(sim, "sim.Network", { cidr: "10.0.0.0/8" }, tokenOf(1)));
    const before = (await Deno.stat(journal)).size;
    for (let start = 0; start < COUNT; start += WIDTH) {
      const made = await Promise.all(
        Array.from({ length: WIDTH }, (_, index) => {
          const number = start + index;
          const cidr = `10.${Math.floor(number / 256)}.${number % 256}.0/24`;
          return create(sim, "sim.Subnet", { network_id: network.id, cidr }, tokenOf(10 + number));
        }),
      );
      made.forEach(valueOf);
    }
    const text = await Deno.readTextFile(journal);
    deepStrictEqual(readLedger(text).live.length, COUNT + 1);
    deepStrictEqual(text.split("\n").length, COUNT + 3);
    ok((text.length - before) / COUNT < 700, `${(text.length - before) / COUNT} bytes a create`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the rules look at as much of the cloud for the last create as for the first", async () => {
  const looks = async (count: number): Promise<number> => {
    const sim = memorySim({ clock: testClock(), random: testRandom(), faults: noFaults });
    const network = valueOf(await create(sim, "sim.Network", { cidr: "10.0.0.0/8" }, tokenOf(1)));
    const subnet = { network_id: network.id, cidr: "10.128.0.0/9" };
    const { id } = valueOf(await create(sim, "sim.Subnet", subnet, tokenOf(2)));
    const instance = { subnet_id: id, image: "debian-13" };
    for (let number = 0; number < count; number++) {
      valueOf(await create(sim, "sim.Instance", instance, tokenOf(10 + number)));
    }
    const restore = countLooks();
    valueOf(await create(sim, "sim.Instance", instance, tokenOf(5)));
    return restore();
  };
  deepStrictEqual(await looks(1_000), await looks(10));
});

/** Counts what is looked up in any map until the function that it gives back is called. */
function countLooks(): () => number {
  const { get, has } = Map.prototype;
  let count = 0;
  Map.prototype.get = function (key) {
    count++;
    return get.call(this, key);
  };
  Map.prototype.has = function (key) {
    count++;
    return has.call(this, key);
  };
  return () => {
    Map.prototype.get = get;
    Map.prototype.has = has;
    return count;
  };
}
