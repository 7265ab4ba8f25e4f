import { tokenOf } from "../test_calls.ts";
import { testClock, testRandom } from "./_test_world.ts";
import { record } from "../../engine/value.ts";
import { simProvider } from "./sim_provider.ts";

/**
 * A program of its own that creates queues in a sim cloud, for tests with several processes or with one that dies. Its
 * arguments are the folder, the first token's number, how many queues, and fault rules. It prints each new id on a line.
 */
const [folder = "", first = "0", count = "0", faults = ""] = Deno.args;
const random = testRandom(`child ${first}`);
const provider = simProvider({ folder, clock: testClock(), random, faults: () => faults });
const creates = Array.from({ length: Number(count) }, async (_, index) => {
  const token = tokenOf(Number(first) + index);
  const fields = record([["name", `queue ${first} ${index}`]]);
  const request = { type: "sim.Queue", fields, token, accepted: () => undefined };
  const made = await provider.create(request, new AbortController().signal);
  const line = made.ok ? made.value.id : made.error.message;
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
});
await Promise.all(creates);
