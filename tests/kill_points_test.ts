import { deepStrictEqual, ok } from "node:assert/strict";
import { KILL_MOMENTS } from "./harness/kill_at_append.ts";
import {
  appendPoints,
  callPoints,
  type KillPoint,
  type KillResult,
  prepareScenario,
  resultsOfKills,
} from "./harness/kill_scenario.ts";
import { KILL_STACKS, type KillStack } from "./harness/kill_stacks.ts";

/** Far more than an environment of few records needs; each stack's change has at least 8 appends. */
const KILLS_AT_LEAST = 100;

/** Kills every stack's change at each of its points, side by side, since some runs after it must wait; nothing is wrong. */
async function killAll(
  pointsOf: (stack: KillStack, appendCount: number) => readonly KillPoint[],
): Promise<readonly KillResult[]> {
  await using disposer = new AsyncDisposableStack();
  const kills = [];
  for (const stack of KILL_STACKS) {
    const prepared = disposer.use(await prepareScenario(stack));
    const points = pointsOf(stack, prepared.appendCount);
    kills.push(...points.map((point) => ({ prepared, point })));
  }
  const results = await resultsOfKills(kills);
  deepStrictEqual(results.flatMap(({ faults }) => faults), []);
  return results.filter(({ isKilled }) => isKilled);
}

Deno.test("killed at any event boundary of create, update, delete and replace, and the next run puts it right", async () => {
  const kills = await killAll((_, appendCount) => appendPoints(appendCount));
  ok(kills.length >= KILLS_AT_LEAST, `${kills.length} kills`);
  const met = new Set(kills.map(({ scenario, moment }) => `${scenario} ${moment}`));
  const wanted = KILL_STACKS.flatMap(({ name }) => KILL_MOMENTS.map((moment) => `${name} ${moment}`));
  deepStrictEqual(wanted.filter((each) => !met.has(each)), []);
});

Deno.test("killed before the cloud's commit or between it and its reply, and the next run doubles and forgets nothing", async () => {
  const kills = await killAll(({ calls }) =>
    calls.flatMap(([operation, type]) => callPoints(operation, type))
  );
  ok(kills.length >= 2 * KILL_STACKS.flatMap(({ calls }) => calls).length, `${kills.length} kills`);
});
