import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { zlibSync } from "fflate";
import { cratesOfProgram } from "./crates_of_program.ts";
import { makeElf } from "./elf_fixture_test.ts";
import { readElfSection } from "./elf_section.ts";
import { withSections } from "./elf_sections_fixture_test.ts";
import { findGlibc } from "./libc.ts";
import { rustReleaseOf } from "./rust_release.ts";

const LISTED = {
  packages: [
    { name: "app", version: "0.1.0", source: "local", dependencies: [1, 2], root: true },
    { name: "cc", version: "1.0.0", source: "crates.io", kind: "build" },
    { name: "log", version: "0.4.0", source: "git", dependencies: [3] },
    { name: "own", version: "2.0.0", source: "registry" },
  ],
};

function program(list: unknown): Uint8Array<ArrayBuffer> {
  const bytes = zlibSync(new TextEncoder().encode(typeof list === "string" ? list : JSON.stringify(list)));
  return withSections(makeElf({ machine: 62 }), { ".dep-v0": bytes });
}

function told(bytes: Uint8Array): string {
  const list = cratesOfProgram(bytes);
  return list.ok ? "" : list.error;
}

Deno.test("cratesOfProgram() reads the list that a program carries", () => {
  for (const is64 of [true, false]) {
    for (const isLittle of [true, false]) {
      const elf = makeElf({ machine: 62, is64, isLittle });
      const list = cratesOfProgram(
        withSections(elf, { ".dep-v0": zlibSync(new TextEncoder().encode(JSON.stringify(LISTED))) }),
      );
      ok(list.ok && list.value !== undefined);
      deepStrictEqual(
        list.value.crates.map(({ name, origin, relies, scope }) => [name, origin, scope, relies]),
        [
          ["app", "path", "required", [1, 2]],
          ["cc", "crates.io", "excluded", []],
          ["log", "git", "required", [3]],
          ["own", "registry", "required", []],
        ],
      );
      deepStrictEqual(list.value.roots, [0]);
    }
  }
});

Deno.test("cratesOfProgram() finds nothing in a program that carries none", () => {
  deepStrictEqual(cratesOfProgram(makeElf({ machine: 62 })), { ok: true, value: undefined });
  deepStrictEqual(cratesOfProgram(withSections(makeElf({ machine: 62 }), { ".text": new Uint8Array(8) })), {
    ok: true,
    value: undefined,
  });
});

Deno.test("cratesOfProgram() says what is wrong with a list, and never throws", () => {
  match(told(program("nonsense")), /is damaged/);
  match(told(program({})), /holds no list of packages/);
  match(told(program({ packages: [{ name: "x" }] })), /holds a package that is none/);
  match(
    told(program({ packages: [{ ...LISTED.packages[0], dependencies: [9] }] })),
    /holds a package that is none/,
  );
  match(told(program({ packages: [LISTED.packages[1]] })), /names 0 packages as the program's own/);
  const bomb = zlibSync(new Uint8Array(24 * 1024 * 1024));
  match(told(withSections(makeElf({ machine: 62 }), { ".dep-v0": bomb })), /holds more than any list/);
  const whole = program(LISTED);
  for (let length = 64; length < whole.length; length += 97) told(whole.subarray(0, length));
  for (let at = whole.length - 400; at < whole.length; at++) {
    const flipped = new Uint8Array(whole);
    flipped[at] = (flipped[at] ?? 0) ^ 0xff;
    told(flipped);
  }
});

Deno.test("readElfSection() reads this runtime's own notes of its compiler", async () => {
  const bytes = await Deno.readFile(Deno.execPath());
  const section = readElfSection(bytes, ".comment");
  ok(section.ok && section.value !== undefined && section.value.length > 0);
  match(rustReleaseOf(bytes)?.version ?? "", /^1\.[0-9]+\.[0-9]+/);
});

Deno.test("findGlibc() reads the line by which the library names itself", () => {
  const line = "xGNU C Library (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36.\nCopyright";
  deepStrictEqual(findGlibc(new TextEncoder().encode(line)), { name: "glibc", version: "2.36" });
  deepStrictEqual(findGlibc(new TextEncoder().encode("GNU C Library (odd)")), {
    name: "glibc",
    version: undefined,
  });
  strictEqual(findGlibc(new TextEncoder().encode("GGNU C Librar")), undefined);
});
