import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { readLines } from "./line_reader.ts";

async function linesOf(chunks: readonly Uint8Array<ArrayBuffer>[]): Promise<readonly string[]> {
  return await Array.fromAsync(readLines(ReadableStream.from(chunks)));
}

Deno.test("readLines() gives each line without its end, however the bytes arrive", async () => {
  const bytes = new TextEncoder().encode("one\r\ntwo\n\n日本\nlast");
  const wanted = ["one", "two", "", "日本", "last"];
  deepStrictEqual(await linesOf([bytes]), wanted);
  await fc.assert(fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
    const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
    const chunks = edges.slice(1).map((end, index) => bytes.slice(edges[index] ?? 0, end));
    deepStrictEqual(await linesOf(chunks), wanted);
  }));
});

Deno.test("readLines() of nothing gives nothing", async () => {
  deepStrictEqual(await linesOf([]), []);
});
