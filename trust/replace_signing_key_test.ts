import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Random } from "../engine/random.ts";
import { loadBlake3 } from "./blake3.ts";
import { nextSigningKey, replaceSigningKey, retiredNames } from "./replace_signing_key.ts";
import { createSigningKey, loadSigner, signingKeyNames, signingKeyPath } from "./signing_key_file.ts";

const hash = await loadBlake3();
const random: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };
const NAME = "local";

async function withKey(work: (folder: string, id: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "smelt-test-" });
  try {
    const folder = join(root, "keys");
    const made = await createSigningKey(hash, random, { folder, name: NAME });
    ok(made.ok);
    await work(folder, made.value.signer.keyId);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function idOf(folder: string, name: string): Promise<string> {
  const key = await loadSigner(hash, signingKeyPath(folder, name));
  ok(key.ok, name);
  return key.value.signer.keyId;
}

async function nextId(folder: string): Promise<string> {
  const next = await nextSigningKey(hash, random, { folder, name: NAME });
  ok(next.ok);
  return next.value.signer.keyId;
}

Deno.test("replaceSigningKey() puts the next key under the name, and keeps the old one under one that says so", async () => {
  await withKey(async (folder, old) => {
    const next = await nextId(folder);
    strictEqual(await nextId(folder), next, "one that was left is taken up");
    strictEqual(await idOf(folder, NAME), old);
    const retired = await replaceSigningKey(folder, NAME, old);
    strictEqual(retired, `local.retired-${old.slice(0, 8)}`);
    deepStrictEqual([await idOf(folder, NAME), await idOf(folder, retired)], [next, old]);
    deepStrictEqual(await retiredNames(folder, NAME), [retired]);
    deepStrictEqual(await signingKeyNames(folder), [NAME, retired]);
    for (const name of [NAME, retired]) {
      strictEqual((await Deno.stat(signingKeyPath(folder, name))).mode ?? 0, 0o100600);
    }
  });
});

Deno.test("R1, R3: cut short between keeping the old key and taking the new one, it is taken up", async () => {
  await withKey(async (folder, old) => {
    const next = await nextId(folder);
    const retired = `local.retired-${old.slice(0, 8)}`;
    await Deno.link(signingKeyPath(folder, NAME), signingKeyPath(folder, retired));
    strictEqual(await idOf(folder, NAME), old);
    strictEqual(await replaceSigningKey(folder, NAME, old), retired);
    deepStrictEqual([await idOf(folder, NAME), await idOf(folder, retired)], [next, old]);
  });
});

Deno.test("a next key whose file was cut short was trusted by nobody, and is made anew; others that cannot be used are told", async () => {
  await withKey(async (folder, old) => {
    const path = signingKeyPath(folder, "local.next");
    await nextId(folder);
    await Deno.writeTextFile(path, (await Deno.readTextFile(path)).slice(0, 40));
    const next = await nextId(folder);
    strictEqual(await idOf(folder, "local.next"), next);
    await Deno.chmod(path, 0o644);
    const loose = await nextSigningKey(hash, random, { folder, name: NAME });
    strictEqual(!loose.ok && loose.error.kind, "Loose");
    strictEqual(await idOf(folder, NAME), old);
  });
});

Deno.test("replaceSigningKey() without a next key leaves the one that signs where it is", async () => {
  await withKey(async (folder, old) => {
    await rejects(replaceSigningKey(folder, NAME, old));
    strictEqual(await idOf(folder, NAME), old);
  });
});
