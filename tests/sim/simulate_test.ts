import { deepStrictEqual, ok } from "node:assert/strict";
import { failureText, runSeed, shrink } from "./shrink.ts";
import { simulate } from "./simulate.ts";

const SEEDS = 500;

Deno.test(`simulate() keeps log and cloud right on ${SEEDS} seeds`, async () => {
  let faultCount = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const result = await runSeed(seed);
    faultCount += result.faults.length;
    if (result.violations.length > 0) throw new Error(failureText(seed, await shrink(seed)));
  }
  ok(faultCount > SEEDS * 5, `only ${faultCount} faults in ${SEEDS} seeds`);
});

Deno.test("simulate() does the same for the same seed", async () => {
  deepStrictEqual(await simulate(7), await simulate(7));
});
