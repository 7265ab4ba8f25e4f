import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { originOf, parseCargoLock } from "./cargo_lock.ts";

const CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index";
const GIT = "git+https://github.com/me/tool?branch=main";
const SUM = "ab".repeat(32);

const LOCK = `version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = ["rand 0.7.3", "rand 0.8.5", "tool (${GIT})", "tool 1.0.0 (${GIT})"]

[[package]]
name = "rand"
version = "0.7.3"
source = "${CRATES_IO}"
checksum = "${SUM}"

[[package]]
name = "rand"
version = "0.8.5"
source = "${CRATES_IO}"

[[package]]
name = "tool"
version = "1.0.0"
source = "${GIT}#0123456789012345678901234567890123456789"
`.replace(`"tool (${GIT})", `, "");

function told(text: string): string {
  const read = parseCargoLock(text);
  return read.ok ? "" : read.error;
}

Deno.test("parseCargoLock() tells packages of one name apart, and finds those of git without their commit", () => {
  const read = parseCargoLock(LOCK);
  deepStrictEqual(
    read.ok && read.value.map(({ checksum, dependencies, name }) => [name, checksum, dependencies]),
    [
      ["app", undefined, [1, 2, 3]],
      ["rand", SUM, []],
      ["rand", undefined, []],
      ["tool", undefined, []],
    ],
  );
});

Deno.test("parseCargoLock() reads checksums where the first version of the format has them", () => {
  const old = `[[package]]\nname = "rand"\nversion = "0.7.3"\nsource = "${CRATES_IO}"\n\n` +
    `[metadata]\n"checksum rand 0.7.3 (${CRATES_IO})" = "${SUM}"\n`;
  const read = parseCargoLock(old);
  strictEqual(read.ok && read.value[0]?.checksum, SUM);
});

Deno.test("parseCargoLock() refuses what is no lock file, by what is wrong with it", () => {
  match(told("[[package"), /in line 1$/);
  match(told('package = "x"'), /its "package" is no list of tables/);
  match(told('[[package]]\nname = "x"'), /has no name or no version/);
  match(told('[[package]]\nname = "x"\nversion = "1"'), /its package "x" has a version that is none: "1"/);
  match(told(LOCK.replace(SUM, "abc")), /its package "rand" has a checksum that is no SHA-256/);
  match(
    told(LOCK.replace('"rand 0.7.3"', '"gone"')),
    /its package "app" relies on "gone", which is not in it/,
  );
});

Deno.test("originOf() takes only Rust's own registry for it", () => {
  strictEqual(originOf(CRATES_IO), "crates.io");
  strictEqual(originOf("sparse+https://index.crates.io/"), "crates.io");
  strictEqual(originOf("registry+https://evil.example/crates.io-index"), "registry");
  strictEqual(originOf(GIT), "git");
  strictEqual(originOf(undefined), "path");
});
