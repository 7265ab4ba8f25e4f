import { deepStrictEqual, ok } from "node:assert/strict";
import { runCrowd } from "./crowd/crowd.ts";

/** Few rounds, since each process is a start of the program; `tests/crowd/main.ts` lets more of them come. */
const ROUNDS = 2;

Deno.test("16 processes apply overlapping and disjoint parts of one stack, some killed: the cloud holds what the files say, nothing twice", async () => {
  const { violations, ends } = await runCrowd(1, { processCount: 16, roundCount: ROUNDS, killedShare: 25 });
  deepStrictEqual(violations, []);
  ok((ends.get("0") ?? 0) > 0 && (ends.get("SIGKILL") ?? 0) > 0, JSON.stringify([...ends]));
});

Deno.test("4: two processes apply at once, 20 times: one wins or both serialise, nothing is made twice", async () => {
  const { violations, ends } = await runCrowd(2, { processCount: 2, roundCount: 20, killedShare: 0 });
  deepStrictEqual(violations, []);
  deepStrictEqual([...ends.keys()].filter((end) => !["0", "1", "5"].includes(end)), []);
  ok((ends.get("0") ?? 0) >= 20, JSON.stringify([...ends]));
});
