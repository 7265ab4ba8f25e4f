import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Random } from "../engine/random.ts";
import { equalValues, record, SealedSecret, Secret, someValue, type Value } from "../engine/value.ts";
import { encodeValue } from "../engine/value_codec.ts";
import { passingFolder } from "../tests/support/passing_folder.ts";
import { loadBlake3 } from "./blake3.ts";
import { createSecretKeys, importSecretKeys, loadSecretKeys, makeSecretKeys } from "./secret_keys.ts";
import { createSigningKey } from "./signing_key_file.ts";
import { openRecord, openValue, reuseSealed, sealRecord, sealValue } from "./taint.ts";
import { openVault, type VaultBlobs } from "./vault.ts";
import type { Vault } from "./vault_port.ts";

const random: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };
const STREAM = "ab".repeat(32);
const CANARY = "CANARY-7c1e55d0-CANARY";

Deno.test("sealValue() seals every open secret, and openValue() opens them again in their places", async () => {
  const { vault, puts } = await opened();
  const value = record([
    ["name", "ann"],
    ["password", new Secret(CANARY)],
    ["users", [record([["key", new Secret(record([["pem", new Secret(CANARY)]]))]])]],
  ]);
  const sealed = await sealValue(vault, value);
  ok(!someValue(sealed, (part) => part instanceof Secret));
  ok(!JSON.stringify(encodeValue(sealed)).includes(CANARY));
  strictEqual(puts(), 2);
  const back = await openValue(vault, sealed);
  const wanted = record([
    ["name", "ann"],
    ["password", new Secret(CANARY)],
    ["users", [record([["key", new Secret(record([["pem", CANARY]]))]])]],
  ]);
  ok(equalValues(back, wanted));
});

Deno.test("sealValue() and openValue() leave a value without secrets, sealed ones included, as it is", async () => {
  const { vault, puts } = await opened();
  const sealed = await sealValue(vault, [new Secret("x"), 1]);
  ok(equalValues(await sealValue(vault, sealed), sealed));
  strictEqual(puts(), 1);
  const open = await openValue(vault, sealed);
  ok(equalValues(await openValue(vault, open), open));
});

Deno.test("openValue() opens what was sealed inside a secret", async () => {
  const { vault } = await opened();
  const inner = await vault.seal(CANARY);
  const outer = await vault.seal(record([["a", inner]]));
  ok(equalValues(await openValue(vault, outer), new Secret(record([["a", CANARY]]))));
});

Deno.test("sealRecord() and openRecord() keep keys such as __proto__", async () => {
  const { vault } = await opened();
  const value = record([["__proto__", new Secret("x")]]);
  const back = await openRecord(vault, await sealRecord(vault, value));
  ok(equalValues(back, value));
});

Deno.test("reuseSealed() puts the stored secret where it has not changed, and makes no blob", async () => {
  const { vault, puts } = await opened();
  const stored = await sealRecord(vault, record([["a", new Secret("one")], ["b", new Secret("two")]]));
  const wanted = record([["a", new Secret("one")], ["b", new Secret("new")], ["c", new Secret("one")]]);
  const reused = await reuseSealed(vault, wanted, stored);
  const b = new Secret("new");
  const c = new Secret("one");
  ok(equalValues(reused, record([["a", stored["a"] ?? null], ["b", b], ["c", c]])));
  strictEqual(puts(), 2);
});

Deno.test("reuseSealed() finds an unchanged secret that moved within its list", async () => {
  const { vault } = await opened();
  const stored = await sealValue(vault, [user("ann", "one"), user("bob", "two")]);
  const wanted = [user("new", "three"), user("bob", "two"), user("ann", "one")];
  const reused = await reuseSealed(vault, wanted, stored);
  ok(Array.isArray(stored) && Array.isArray(reused));
  ok(reused[0]["key"] instanceof Secret);
  ok(equalValues(reused[1], stored[1]));
  ok(equalValues(reused[2], stored[0]));
});

Deno.test("reuseSealed() without anything stored gives what was wanted", async () => {
  const { vault } = await opened();
  const wanted = record([["a", new Secret("one")], ["b", [new Secret("two")]]]);
  ok(equalValues(await reuseSealed(vault, wanted, undefined), wanted));
  ok(equalValues(await reuseSealed(vault, wanted, "something else"), wanted));
});

Deno.test("reuseSealed() compares whole structures, and takes no other structure for equal", async () => {
  const { vault } = await opened();
  const stored = await sealValue(vault, new Secret(record([["x", 1]])));
  ok(stored instanceof SealedSecret);
  strictEqual(await reuseSealed(vault, new Secret(record([["x", new Secret(1)]])), stored), stored);
  ok(await reuseSealed(vault, new Secret(record([["x", 2]])), stored) instanceof Secret);
});

Deno.test("a canary is in no file that keys and vault write, in no encoding", async () => {
  const root = await passingFolder();
  const keyFolder = join(root, "keys");
  const hash = await loadBlake3();
  await createSigningKey(hash, random, { folder: keyFolder, name: "ann" });
  const names = await createSecretKeys(random, keyFolder, "dev");
  ok(names.ok);
  const keys = await loadSecretKeys(keyFolder, names.value);
  ok(keys.ok);
  const vault = openVault({ stream: STREAM, blobs: fileBlobs(root), keys: keys.value, random });
  const sealed = await sealValue(vault, record([["a", new Secret(CANARY)], ["b", [new Secret(CANARY)]]]));
  await Deno.writeTextFile(join(root, "event.json"), JSON.stringify(encodeValue(sealed)));
  ok(
    equalValues(
      await openValue(vault, sealed),
      record([["a", new Secret(CANARY)], ["b", [new Secret(CANARY)]]]),
    ),
  );
  const forms = formsOf(CANARY);
  for (const path of await filesUnder(root)) {
    const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
    for (const form of forms) ok(!text.includes(form), path);
  }
  deepStrictEqual((await filesUnder(root)).length, 1 + 2 + 2 + 1);
});

Deno.test("no refusal of the vault carries the secret", async () => {
  const { vault } = await opened();
  const sealed = await vault.seal(CANARY);
  const other = await vault.seal("other");
  await rejects(
    () => openValue(vault, new SealedSecret(sealed.blob, other.digest)),
    (error) => error instanceof Error && !`${error.message} ${error.stack}`.includes(CANARY),
  );
});

function user(name: string, key: string): Value {
  return record([["name", name], ["key", new Secret(key)]]);
}

async function opened(): Promise<{ readonly vault: Vault; readonly puts: () => number }> {
  const stored = new Map<string, Uint8Array<ArrayBuffer>>();
  const blobs: VaultBlobs = {
    get: (name) => Promise.resolve(stored.get(name)),
    putIfAbsent(name, bytes) {
      stored.set(name, new Uint8Array(bytes));
      return Promise.resolve("stored");
    },
    list: (prefix) => Promise.resolve([...stored.keys()].filter((name) => name.startsWith(prefix))),
  };
  const keys = await importSecretKeys(makeSecretKeys(random));
  return { vault: openVault({ stream: STREAM, blobs, keys, random }), puts: () => stored.size };
}

function fileBlobs(root: string): VaultBlobs {
  const pathOf = (name: string): string => join(root, `blob-${name.replace("/", "-")}`);
  return {
    get: (name) => Deno.readFile(pathOf(name)),
    async putIfAbsent(name, bytes) {
      await Deno.writeFile(pathOf(name), bytes, { createNew: true });
      return "stored";
    },
    list: () => Promise.resolve([]),
  };
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const found = await Promise.all(entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory ? filesUnder(path) : [path];
  }));
  return found.flat();
}

function formsOf(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  return [text, bytes.toHex(), bytes.toBase64().slice(0, 24), text.slice(0, 12)];
}
