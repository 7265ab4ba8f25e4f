import { match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { IMAGE_FORM, inputDigest } from "./input_digest.ts";
import { sha256 } from "./sha256_fixture_test.ts";

Deno.test("inputDigest() is equal for equal inputs, in whatever order they were said", () => {
  const digest = inputDigest(sha256, { source: { path: "a", link: "musl" }, name: "web" });
  strictEqual(inputDigest(sha256, { name: "web", source: { link: "musl", path: "a" } }), digest);
  notStrictEqual(inputDigest(sha256, { name: "web", source: { link: "musl", path: "b" } }), digest);
  match(digest, /^sha256:[0-9a-f]{64}$/);
});

Deno.test("the form of images names the compressor that deno.json pins", async () => {
  const { imports } = (await import("../deno.json", { with: { type: "json" } })).default;
  ok(IMAGE_FORM.endsWith(imports.fflate.slice("npm:".length).replace("@", " ")), IMAGE_FORM);
});
