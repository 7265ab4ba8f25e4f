import { deepStrictEqual, ok } from "node:assert/strict";
import {
  appendPoints,
  callPoints,
  faultsOfKills,
  type KillPoint,
  prepareScenario,
} from "./harness/kill_scenario.ts";
import { KILL_STACKS, type KillStack } from "./harness/kill_stacks.ts";

/** Kills every stack's change at each of its points. Changes are killed side by side, since some runs after it must wait. */
async function killAll(pointsOf: (stack: KillStack, appendCount: number) => readonly KillPoint[]) {
  await using disposer = new AsyncDisposableStack();
  const kills = [];
  for (const stack of KILL_STACKS) {
    const prepared = disposer.use(await prepareScenario(stack));
    const points = pointsOf(stack, prepared.appendCount);
    kills.push(...points.map((point) => ({ prepared, point })));
  }
  deepStrictEqual(await faultsOfKills(kills), []);
  return kills.length;
}

Deno.test("killed at any event boundary of create, update, delete and replace, and the next run puts it right", async () => {
  const count = await killAll((_, appendCount) => appendPoints(appendCount));
  ok(count >= 80, `${count} kills`);
});

Deno.test("killed before the cloud's commit or between it and its reply, and the next run doubles and forgets nothing", async () => {
  await killAll(({ calls }) => calls.flatMap(([operation, type]) => callPoints(operation, type)));
});
