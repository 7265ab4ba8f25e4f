import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { KILL_MOMENTS } from "./harness/kill_at_append.ts";
import { appendPoints, callPoints, prepareScenario, resultsOfKills } from "./harness/kill_scenario.ts";
import { KILL_STACKS } from "./harness/kill_stacks.ts";

/** The changes have more than 50 appends together, each with two sides. */
const APPEND_KILLS_AT_LEAST = 90;

Deno.test("1: killed at any event boundary of create, update, delete, replace and move, and before and after the cloud's commit: the next run doubles and forgets nothing", async () => {
  await using disposer = new AsyncDisposableStack();
  const inCalls = [];
  const atAppends = [];
  for (const stack of KILL_STACKS) {
    const prepared = disposer.use(await prepareScenario(stack));
    const calls = stack.calls.flatMap(([operation, type]) => callPoints(operation, type));
    inCalls.push(...calls.map((point) => ({ prepared, point })));
    atAppends.push(...appendPoints(prepared.appendCount).map((point) => ({ prepared, point })));
  }
  // Those in calls first: many runs after them must wait, while others go on.
  const results = await resultsOfKills([...inCalls, ...atAppends]);
  deepStrictEqual(results.flatMap(({ faults }) => faults), []);

  const killed = results.filter(({ isKilled }) => isKilled);
  const killedInCalls = killed.filter(({ moment }) => moment === undefined);
  strictEqual(killedInCalls.length, inCalls.filter(({ point }) => point.end === "killed").length);
  const appendKillCount = killed.length - killedInCalls.length;
  ok(appendKillCount >= APPEND_KILLS_AT_LEAST, `${appendKillCount} kills at appends`);
  const met = new Set(killed.map(({ scenario, moment }) => `${scenario} ${moment}`));
  const wanted = KILL_STACKS.flatMap(({ name }) => KILL_MOMENTS.map((moment) => `${name} ${moment}`));
  deepStrictEqual(wanted.filter((each) => !met.has(each)), []);
});
