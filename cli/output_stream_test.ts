import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { OutputStream } from "./output_stream.ts";

/** Takes three bytes at a time, and answers first as `failures` say. */
function sinkOf(failures: Error[] = []): { readonly taken: string[]; writeSync(bytes: Uint8Array): number } {
  const taken: string[] = [];
  return {
    taken,
    writeSync(bytes) {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      taken.push(new TextDecoder().decode(bytes.subarray(0, 3)));
      return Math.min(3, bytes.length);
    },
  };
}

Deno.test("OutputStream writes all of a text, however little the stream takes at once", () => {
  const sink = sinkOf([new Deno.errors.WouldBlock("full"), new Deno.errors.WouldBlock("full")]);
  new OutputStream(sink).write("abcdefgh");
  deepStrictEqual(sink.taken, ["abc", "def", "gh"]);
});

Deno.test("OutputStream never throws: what nobody reads is dropped and is no loss", () => {
  const sink = sinkOf([new Deno.errors.BrokenPipe("gone")]);
  const stream = new OutputStream(sink);
  stream.write("abc");
  stream.write("def");
  deepStrictEqual(sink.taken, []);
  strictEqual(stream.loss, undefined);
});

Deno.test("OutputStream tells what was lost while somebody might still read", () => {
  const stream = new OutputStream(sinkOf([new Error("No space left on device")]));
  stream.write("abc");
  strictEqual(stream.loss?.message, "No space left on device");
});
