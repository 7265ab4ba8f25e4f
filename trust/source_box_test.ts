import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { parseCiphertext } from "../engine/ciphertext.ts";
import type { Random } from "../engine/random.ts";
import { importSecretKeys, makeSecretKeys } from "./secret_keys.ts";
import { openSource, sealSource } from "./source_box.ts";
import { openVault, type VaultBlobs } from "./vault.ts";

const random: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };
const STREAM = "ab".repeat(32);
const PLACE = "db.main.auth.password";

async function parts(stream = STREAM) {
  return { stream, random, keys: await importSecretKeys(makeSecretKeys(random)) };
}

Deno.test("openSource() gives back what sealSource() was given, at its place only", async () => {
  const made = await parts();
  for (const text of ["hunter2", "größe\n", "x".repeat(1000), ""]) {
    const ciphertext = await sealSource(made, PLACE, text);
    strictEqual(parseCiphertext(ciphertext)?.dataKey, made.keys.active);
    deepStrictEqual(await openSource(made, PLACE, ciphertext), { ok: true, value: text });
    for (const place of ["db.main.auth.passwor", "db.main.auth.password2", "", `${PLACE}|`]) {
      deepStrictEqual(await openSource(made, place, ciphertext), { ok: false, error: { kind: "Refused" } });
    }
  }
});

Deno.test("E6: openSource() refuses the ciphertext of another incarnation, and every changed character", async () => {
  const made = await parts();
  const ciphertext = await sealSource(made, PLACE, "hunter2");
  const elsewhere = { ...made, stream: "cd".repeat(32) };
  deepStrictEqual(await openSource(elsewhere, PLACE, ciphertext), { ok: false, error: { kind: "Refused" } });
  for (let at = "enc:smelt:1:".length; at < ciphertext.length; at++) {
    const other = ciphertext[at] === "a" ? "b" : "a";
    const opened = await openSource(made, PLACE, ciphertext.slice(0, at) + other + ciphertext.slice(at + 1));
    ok(!opened.ok || other === ciphertext[at], `character ${at}`);
  }
});

Deno.test("openSource() names the key that is not here, and refuses what is no ciphertext", async () => {
  const ciphertext = await sealSource(await parts(), PLACE, "hunter2");
  const opened = await openSource(await parts(), PLACE, ciphertext);
  const dataKey = parseCiphertext(ciphertext)?.dataKey;
  deepStrictEqual(opened, { ok: false, error: { kind: "KeyAbsent", dataKey } });
  deepStrictEqual(await openSource(await parts(), PLACE, "enc:smelt:1:x"), {
    ok: false,
    error: { kind: "Malformed" },
  });
});

Deno.test("sealSource() of one text is another ciphertext each time, and tells its length to 256 bytes only", async () => {
  const made = await parts();
  const one = await sealSource(made, PLACE, "a");
  notStrictEqual(one, await sealSource(made, PLACE, "a"));
  strictEqual(one.length, (await sealSource(made, PLACE, "a".repeat(255))).length);
  match(one, /^enc:smelt:1:[0-9a-f]{32}:[\w-]+$/);
});

Deno.test("P12: renew() stores a blob under the active key too, which opens with the same digest", async () => {
  const stored = new Map<string, Uint8Array<ArrayBuffer>>();
  const blobs: VaultBlobs = {
    get: (name) => Promise.resolve(stored.get(name)),
    putIfAbsent(name, bytes) {
      if (stored.has(name)) return Promise.resolve("exists");
      stored.set(name, new Uint8Array(bytes));
      return Promise.resolve("stored");
    },
    list: (prefix) => Promise.resolve([...stored.keys()].filter((each) => each.startsWith(prefix)).sort()),
  };
  const { keys: before } = await parts();
  const { keys: after } = await parts();
  const dataKeys = {
    get: async (id: string) => await before.dataKeys.get(id) ?? await after.dataKeys.get(id),
  };
  let { active } = before;
  const keys = {
    get active() {
      return active;
    },
    dataKeys,
    digestKey: before.digestKey,
  };
  const vault = openVault({ stream: STREAM, blobs, keys, random });
  const sealed = await vault.seal("hunter2");
  strictEqual(await vault.renew(sealed.blob), sealed.blob);
  ({ active } = after);
  strictEqual(vault.dataKey, after.active);
  const renewed = await vault.renew(sealed.blob);
  deepStrictEqual([...stored.keys()].sort(), [sealed.blob, renewed].sort());
  strictEqual(renewed, `${sealed.blob.slice(0, 32)}/${after.active}`);
  stored.delete(sealed.blob);
  strictEqual(await vault.open(sealed), "hunter2");
  strictEqual(await vault.renew(sealed.blob), renewed);
});
