import { ResourceActor } from "../../actors/resource_actor.ts";
import { frameRun } from "../../actors/run_frame.ts";
import type { RunWorld } from "../../actors/run_world.ts";
import type { ResourceMessage } from "../../engine/resource_logic_message.ts";
import type { SeededRandom } from "../support/seeded_random.ts";

/** What a person says of a resource, and what that claims. */
interface Said {
  readonly message: ResourceMessage;
  readonly claims: "nothing" | "address";
}

const SAID: readonly Said[] = [
  { message: { type: "Taint", reason: "by hand" }, claims: "nothing" },
  { message: { type: "Untaint" }, claims: "address" },
  { message: { type: "Protect", byHand: true }, claims: "nothing" },
  { message: { type: "Unprotect", byHand: true }, claims: "address" },
];

/** Says something of one resource that the log knows, in a run of its own. */
export async function sayByHand(world: RunWorld, random: SeededRandom): Promise<string> {
  const addresses = [...world.journal.state.resources.keys()];
  if (addresses.length === 0) return "nothing is known";
  return await say(world, random.pick(addresses), random.pick(SAID));
}

/** Takes back all protection by hand, so that what the files want can be done. */
export async function unprotectAll(world: RunWorld): Promise<void> {
  for (const { address, isProtected } of world.journal.state.resources.values()) {
    if (isProtected) {
      await say(world, address, { message: { type: "Unprotect", byHand: true }, claims: "address" });
    }
  }
}

async function say(world: RunWorld, address: string, { message, claims }: Said): Promise<string> {
  const writes = claims === "address" ? [address] : [];
  const intention = { command: message.type.toLowerCase(), writes, reads: [] };
  const framed = await frameRun(world, intention, async ({ log, claimedAt }) => {
    const watch = { accepted: () => {}, progressed: () => {}, retrying: () => {}, answered: () => {} };
    const resolving = { othersEnded: claimedAt };
    const actor = new ResourceActor(address, { world, log, watch, resolving, buckets: new Map() });
    const answer = await actor.send(message);
    return { outcome: answer.ok ? "succeeded" as const : "failed" as const, result: answer };
  });
  return framed.ok ? `${message.type} of ${address}: ${framed.value.end}` : `refused: ${framed.error.kind}`;
}
