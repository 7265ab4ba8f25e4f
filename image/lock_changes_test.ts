import { strictEqual } from "node:assert/strict";
import { lockChangeText, readCargoLock } from "./lock_changes.ts";

function change(before: string, after: string): string | undefined {
  const [old, now] = [readCargoLock(before), readCargoLock(after)];
  return old === undefined || now === undefined ? "unread" : lockChangeText(old, now);
}

function lock(...packages: readonly (readonly [string, string])[]): string {
  const entries = packages.map(([name, version]) =>
    `[[package]]\nname = "${name}"\nversion = "${version}"\n`
  );
  return ["version = 4\n", ...entries].join("\n");
}

Deno.test("lockChangeText() names packages whose versions moved, came and went", () => {
  const before = lock(["serde", "1.0.1"], ["old", "0.1.0"]);
  strictEqual(
    change(before, lock(["serde", "1.0.2"], ["new", "2.0.0"])),
    "new 2.0.0 is new, old 0.1.0 is gone, serde 1.0.1 -> 1.0.2",
  );
  strictEqual(change(before, lock(["old", "0.1.0"], ["serde", "1.0.1"])), undefined);
});

Deno.test("lockChangeText() tells several versions of one package, and counts what is many", () => {
  strictEqual(
    change(lock(["a", "1.0.0"]), lock(["a", "2.0.0"], ["a", "1.0.0"])),
    "a 1.0.0 -> 1.0.0 and 2.0.0",
  );
  const many = ["a", "b", "c", "d", "e"].map((name) => [name, "1.0.0"] as const);
  strictEqual(change(lock(), lock(...many)), "a 1.0.0 is new, b 1.0.0 is new, c 1.0.0 is new, and 2 more");
});

Deno.test("readCargoLock() takes an empty lock, and no other file for one", () => {
  strictEqual(change("version = 4\n", "version = 4\n"), undefined);
  for (const text of ["[[package]]\nname = 1\nversion = 2\n", "package = 3", "no [ toml"]) {
    strictEqual(readCargoLock(text), undefined, text);
  }
});
