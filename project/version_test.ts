import { strictEqual } from "node:assert/strict";
import { VERSION } from "./version.ts";

Deno.test("VERSION is the one of the manifest", () => {
  const manifest: { readonly version: string } = JSON.parse(
    Deno.readTextFileSync(new URL("../deno.json", import.meta.url)),
  );
  strictEqual(VERSION, manifest.version);
});
