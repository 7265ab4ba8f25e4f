import { strictEqual } from "node:assert/strict";
import { loadBlake3 } from "./blake3.ts";

Deno.test("loadBlake3() gives the digests of the published test vectors", async () => {
  const hash = await loadBlake3();
  // https://github.com/BLAKE3-team/BLAKE3/blob/master/test_vectors/test_vectors.json, input_len 0, 1 and 1024.
  strictEqual(hash(new Uint8Array()), "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  strictEqual(hash(new Uint8Array(1)), "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213");
  const long = Uint8Array.from({ length: 1024 }, (_, index) => index % 251);
  strictEqual(hash(long), "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7");
});

Deno.test("loadBlake3() gives a function that keeps nothing between calls", async () => {
  const hash = await loadBlake3();
  const bytes = new TextEncoder().encode("smelt");
  const first = hash(bytes);
  hash(new Uint8Array(100));
  strictEqual(hash(bytes), first);
});
