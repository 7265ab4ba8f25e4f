import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { makeElf } from "./elf_fixture_test.ts";
import { isStatic, readElf } from "./elf.ts";

function refusal(bytes: Uint8Array): string {
  const read = readElf(bytes);
  return read.ok ? "" : read.error;
}

Deno.test("readElf() reads a real program: this runtime, which needs a loader and a C library", async () => {
  if (Deno.build.os !== "linux") return;
  using file = await Deno.open(Deno.execPath());
  const bytes = new Uint8Array((await file.stat()).size);
  for (let at = 0; at < bytes.length;) at += await file.read(bytes.subarray(at)) ?? bytes.length;
  const facts = readElf(bytes);
  ok(facts.ok);
  strictEqual(facts.value.architecture, Deno.build.arch === "aarch64" ? "arm64" : "amd64");
  match(facts.value.interpreter ?? "", /^\/lib(?:64)?\/ld-/);
  ok(facts.value.libraries.some((each) => /^libc\.so/.test(each)), facts.value.libraries.join());
  ok(!isStatic(facts.value));
});

Deno.test("readElf() knows the processors that images name, in both orders and both widths", () => {
  const known = [
    [{ machine: 62 }, "amd64"],
    [{ machine: 183 }, "arm64"],
    [{ machine: 40, is64: false }, "arm"],
    [{ machine: 3, is64: false }, "386"],
    [{ machine: 21 }, "ppc64le"],
    [{ machine: 22, isLittle: false }, "s390x"],
    [{ machine: 243 }, "riscv64"],
    [{ machine: 258 }, "loong64"],
  ] as const;
  for (const [shape, architecture] of known) {
    const facts = readElf(
      makeElf({ ...shape, interpreter: "/lib/ld.so", libraries: ["liba.so", "libb.so"] }),
    );
    deepStrictEqual(facts, {
      ok: true,
      value: {
        architecture,
        kind: "sharedObject",
        interpreter: "/lib/ld.so",
        libraries: ["liba.so", "libb.so"],
      },
    });
  }
});

Deno.test("isStatic() looks for a loader and for libraries: a dynamic segment alone says nothing", () => {
  const verdict = (shape: Parameters<typeof makeElf>[0]) => {
    const facts = readElf(makeElf(shape));
    return facts.ok && isStatic(facts.value) ? "static" : "dynamic";
  };
  strictEqual(verdict({ machine: 62, type: 2 }), "static");
  strictEqual(verdict({ machine: 62, libraries: [] }), "static");
  strictEqual(verdict({ machine: 62, libraries: ["libc.so.6"] }), "dynamic");
  strictEqual(verdict({ machine: 62, interpreter: "/lib/ld-musl-x86_64.so.1" }), "dynamic");
});

Deno.test("readElf() says what a file is instead, and never throws", () => {
  strictEqual(
    refusal(new TextEncoder().encode("#!/bin/sh\necho a script\n")),
    "it is no ELF program, but a script",
  );
  strictEqual(refusal(new Uint8Array(4)), "it is no ELF program");
  strictEqual(refusal(makeElf({ machine: 62, type: 1 })), "it is an ELF file, but no program");
  strictEqual(refusal(makeElf({ machine: 8 })), "it is for a processor that images have no name for here");
  const whole = makeElf({ machine: 62, interpreter: "/lib/ld.so", libraries: ["libc.so.6"] });
  strictEqual(refusal(whole.subarray(0, 100)), "its headers go beyond its end: it is cut short or damaged");
  fc.assert(fc.property(fc.nat(3200), fc.nat(255), fc.nat(4096), (at, byte, end) => {
    const changed = whole.slice();
    changed[at] = byte;
    readElf(changed);
    readElf(changed.subarray(0, end));
  }));
});
