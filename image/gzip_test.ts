import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { sha256 } from "./sha256_fixture_test.ts";
import { gzip } from "./gzip.ts";

async function inflated(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("gzip() is one member without name, time or system, and two other decoders read it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 4096 }), async (bytes) => {
      const packed = gzip(bytes);
      deepStrictEqual([...packed.subarray(0, 10)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
      deepStrictEqual(new Uint8Array(gunzipSync(packed)), new Uint8Array(bytes));
      deepStrictEqual(await inflated(packed), new Uint8Array(bytes));
    }),
    { numRuns: 50 },
  );
});

Deno.test("gzip() of one text is the same for ever: a change of these digests moves every image", () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `line ${index * index % 977}\n`).join("");
  strictEqual(
    sha256(gzip(new Uint8Array())),
    "ac73670af3abed54ac6fb4695131f4099be9fbe39d6076c5d0264a6bbdae9d83",
  );
  strictEqual(
    sha256(gzip(new TextEncoder().encode(text))),
    "fac7681d6bad10cf54e109a781e9427618e2d3dcac0cb1b9d5f494b63556c562",
  );
});
