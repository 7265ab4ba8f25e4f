import { deepStrictEqual } from "node:assert/strict";
import { readScriptInputs } from "./script_inputs.ts";

Deno.test("readScriptInputs() reads both spellings, and leaves the package's own files alone", () => {
  const output = [
    "cargo:rerun-if-changed=build.rs",
    "cargo:rerun-if-changed=/usr/include/zlib.h",
    "cargo::rerun-if-changed=../shared/x.proto\r",
    "cargo:rerun-if-changed=/usr/include/zlib.h",
    "cargo:rerun-if-env-changed=CC",
    "cargo::rerun-if-env-changed=OPENSSL_DIR",
    "  cargo:rerun-if-changed=/indented",
    "cargo:rustc-link-lib=z",
  ].join("\n");
  deepStrictEqual(readScriptInputs(output), {
    paths: ["/usr/include/zlib.h", "../shared/x.proto"],
    variables: ["CC", "OPENSSL_DIR"],
  });
});
