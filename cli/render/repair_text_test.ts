import { deepStrictEqual } from "node:assert/strict";
import { repairLines } from "./repair_text.ts";

Deno.test("repairLines() tells what was cut off and where it is kept, or that a line end was added", () => {
  const lines = repairLines([
    { kind: "cut", sizeBytes: 270, keptAt: "/p/.smelt/log/default.torn-1" },
    { kind: "completed", sizeBytes: 0, keptAt: undefined },
  ]);
  deepStrictEqual(lines.map((line) => line.map((part) => part.text).join("")), [
    "note: the log ended in an unfinished record, which nobody had been told of: 270 bytes were cut off and kept in " +
    '"/p/.smelt/log/default.torn-1"',
    "note: the last record of the log was whole but lacked its line end, which it has now",
  ]);
});
