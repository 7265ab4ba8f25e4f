import { deepStrictEqual } from "node:assert/strict";
import { settledLines } from "./settled_text.ts";

Deno.test("settledLines() says what had been done, and what is done only now", () => {
  const lines = settledLines({
    kind: "ended",
    run: "r",
    end: "succeeded",
    unsavedAt: undefined,
    settled: [
      { address: "a.a", outcome: "done", evidence: "token" },
      { address: "a.b", outcome: "notDone", evidence: "absence" },
      { address: "a.c", outcome: "done", evidence: "resend" },
    ],
    unsettled: [],
  });
  deepStrictEqual(lines.map((line) => line.map(({ text }) => text).join("")), [
    "settled: a.a, an earlier call had been done (evidence: found by the token of the call)",
    "settled: a.b, an earlier call had not been done (evidence: looked for, late enough, and not there)",
    "settled: a.c, an earlier call has been done now, by sending it again under its token",
  ]);
});
