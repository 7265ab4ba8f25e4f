import { deepStrictEqual, ok } from "node:assert/strict";
import { appendPoints, callPoints, faultsOfKills, prepareScenario } from "./harness/kill_scenario.ts";
import { KILL_STACKS } from "./harness/kill_stacks.ts";

for (const stack of KILL_STACKS) {
  Deno.test(`a program killed at any event boundary of ${stack.name} leaves what the next run puts right`, async () => {
    await using prepared = await prepareScenario(stack);
    const points = appendPoints(prepared.appendCount);
    ok(points.length >= 20, `${points.length} points`);
    deepStrictEqual(await faultsOfKills(prepared, points), []);
  });

  Deno.test(`a program killed between the cloud's commit and its reply of ${stack.name} doubles and forgets nothing`, async () => {
    await using prepared = await prepareScenario(stack);
    const points = stack.calls.flatMap(([operation, type]) => callPoints(operation, type));
    deepStrictEqual(await faultsOfKills(prepared, points), []);
  });
}
