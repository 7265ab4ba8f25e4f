import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ResourceActor } from "../../actors/resource_actor.ts";
import { frameRun } from "../../actors/run_frame.ts";
import { executeRun } from "../../actors/engine_run.ts";
import { SMOOTH } from "../support/toy_cloud.ts";
import { openLab, ToyEngine } from "../support/toy_engine.ts";
import { planToys } from "../support/toy_plan.ts";

Deno.test("P16: what is said by hand of a resource that another run is making sends nothing, and settles nothing", async () => {
  const lab = await openLab();
  lab.cloud.fate = () => ({ ...SMOOTH, commitMs: 4_000 });
  const maker = await ToyEngine.open(lab);
  const making = executeRun(maker.world, planToys(maker.journal, { "net.a": { type: "toy.Token" } }));
  await lab.clock.settle();
  const person = await ToyEngine.open(lab);
  const said = frameRun(
    person.world,
    { command: "protect", writes: [], reads: [] },
    async ({ log, claimedAt }) => {
      const { world } = person;
      const watch = { accepted: () => {}, progressed: () => {}, retrying: () => {}, answered: () => {} };
      const parts = { world, log, watch, resolving: { othersEnded: claimedAt }, buckets: new Map() };
      const answer = await new ResourceActor("net.a", parts).send({ type: "Protect", byHand: true });
      return { outcome: answer.ok ? "succeeded" as const : "failed" as const, result: undefined };
    },
  );
  const framed = await lab.clock.run(said);
  strictEqual(framed.ok ? framed.value.end : framed.error.kind, "succeeded");
  const made = await lab.clock.run(making);
  strictEqual(made.kind === "ended" ? made.end : made.kind, "succeeded");
  deepStrictEqual(lab.cloud.calls.map((each) => each.operation), ["create"]);
  strictEqual(lab.cloud.ledger.length, 1);
});
