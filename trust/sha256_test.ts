import { strictEqual } from "node:assert/strict";
import { loadSha256 } from "./sha256.ts";

Deno.test("loadSha256() gives the digests of FIPS 180-4, and keeps nothing between calls", async () => {
  const sha256 = await loadSha256();
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  strictEqual(sha256(new TextEncoder().encode("abc")), abc);
  strictEqual(sha256(new Uint8Array()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  strictEqual(sha256(new TextEncoder().encode("abc")), abc);
});
