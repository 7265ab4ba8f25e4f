import { deepStrictEqual, ok } from "node:assert/strict";
import { readInput } from "./read_input.ts";

Deno.test("readInput() joins what comes in pieces", async () => {
  const stream = ReadableStream.from([new Uint8Array([1, 2]), new Uint8Array(), new Uint8Array([3])]);
  deepStrictEqual(await readInput(stream, 3), new Uint8Array([1, 2, 3]));
});

Deno.test("readInput() ends soon after its limit, though more would come", async () => {
  function* endless() {
    for (;;) yield new Uint8Array(10);
  }
  const read = await readInput(ReadableStream.from(endless()), 25);
  ok(read.length > 25 && read.length <= 40);
});
