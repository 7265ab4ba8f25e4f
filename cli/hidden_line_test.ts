import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readHiddenLine } from "./hidden_line.ts";

function terminal(chunks: readonly string[]) {
  const modes: string[] = [];
  const bytes = chunks.map((each) => new TextEncoder().encode(each));
  return {
    modes,
    setMode: (mode: "raw" | "usual") => void modes.push(mode),
    read: () => Promise.resolve(bytes.shift()),
  };
}

for (
  const [chunks, line] of [
    [["hunter2\r"], "hunter2"],
    [["hun", "ter", "2\n", "more"], "hunter2"],
    [["hunter3\x7f2\r"], "hunter2"],
    [["\x7f\bä€\r"], "ä€"],
    [["\r"], ""],
    [["hun"], undefined],
    [["hun\x04"], undefined],
  ] as const
) {
  Deno.test(`E8: readHiddenLine() of ${JSON.stringify(chunks)}, and the terminal is as it was`, async () => {
    const fake = terminal(chunks);
    strictEqual(await readHiddenLine(fake), line);
    deepStrictEqual(fake.modes, ["raw", "usual"]);
  });
}
