import { deepStrictEqual, match, notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { IntegrityError } from "../engine/integrity_error.ts";
import type { Random } from "../engine/random.ts";
import { equalValues, record, SealedSecret, type Value } from "../engine/value.ts";
import { importSecretKeys, makeSecretKeys, type SecretKeys } from "./secret_keys.ts";
import { openVault, type VaultBlobs, type VaultParts } from "./vault.ts";
import type { Vault } from "./vault_port.ts";

const random: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };
const STREAM = "ab".repeat(32);
const CANARY = "canary-3f9d-secret";

Deno.test("open() gives back what seal() was given, for any value", async () => {
  const { vault } = await opened();
  await fc.assert(fc.asyncProperty(anyValue(), async (value) => {
    const sealed = await vault.seal(value);
    ok(equalValues(await vault.open(sealed), value));
    ok(await vault.matches(sealed, value));
  }));
});

Deno.test("E16: matches() tells a changed value, and the same value of another secret", async () => {
  const { vault } = await opened();
  const one = await vault.seal(CANARY);
  const two = await vault.seal(CANARY);
  ok(!await vault.matches(one, `${CANARY}.`));
  ok(await vault.matches(two, CANARY));
  notStrictEqual(one.digest, two.digest);
  notStrictEqual(one.blob, two.blob);
});

Deno.test("seal() stores a blob under id and active key before it resolves, and nothing of it in clear", async () => {
  const { vault, blobs } = await opened();
  const sealed = await vault.seal(record([["password", CANARY]]));
  deepStrictEqual([...blobs.stored.keys()], [sealed.blob]);
  match(sealed.blob, new RegExp(`^[0-9a-f]{32}/${vault.dataKey}$`));
  match(sealed.digest, /^[0-9a-f]{64}$/);
  const bytes = blobs.stored.get(sealed.blob) ?? new Uint8Array();
  ok(!new TextDecoder("latin1").decode(bytes).includes("canary"));
});

Deno.test("seal() makes blobs of one size for secrets of up to 253 characters", async () => {
  const { vault, blobs } = await opened();
  await Promise.all(["", "x", CANARY, "x".repeat(253)].map((each) => vault.seal(each)));
  const sizes = new Set([...blobs.stored.values()].map((bytes) => bytes.length));
  deepStrictEqual([...sizes], [1 + 12 + 256 + 16]);
  const longer = await vault.seal("x".repeat(254));
  strictEqual(blobs.stored.get(longer.blob)?.length, 1 + 12 + 512 + 16);
});

Deno.test("open() refuses every flipped byte of a blob, and every cut", async () => {
  const { vault, blobs } = await opened();
  const sealed = await vault.seal(CANARY);
  const bytes = blobs.stored.get(sealed.blob) ?? new Uint8Array();
  for (let at = 0; at < bytes.length; at++) {
    blobs.stored.set(sealed.blob, bytes.map((byte, index) => index === at ? byte ^ 1 : byte));
    await damaged(vault, sealed);
  }
  for (const length of [0, 1, 12, 13, 28, 29, bytes.length - 1]) {
    blobs.stored.set(sealed.blob, bytes.slice(0, length));
    await damaged(vault, sealed);
  }
});

Deno.test("P12: two ciphertexts that were swapped do not open", async () => {
  const { vault, blobs } = await opened();
  const one = await vault.seal("one");
  const two = await vault.seal("two");
  const bytes = blobs.stored.get(one.blob) ?? new Uint8Array();
  blobs.stored.set(one.blob, blobs.stored.get(two.blob) ?? new Uint8Array());
  blobs.stored.set(two.blob, bytes);
  await damaged(vault, one);
  await damaged(vault, two);
});

Deno.test("P12: the older ciphertext of a field, put in the place of the newer, does not open", async () => {
  const { vault, blobs } = await opened();
  const older = await vault.seal("password of last year");
  const newer = await vault.seal("password of today");
  blobs.stored.set(newer.blob, blobs.stored.get(older.blob) ?? new Uint8Array());
  await damaged(vault, newer);
  strictEqual(await vault.open(older), "password of last year");
});

Deno.test("P12: the ciphertext of another environment does not open, even under the same keys", async () => {
  const keys = await importSecretKeys(makeSecretKeys(random));
  const blobs = memoryBlobs();
  const staging = openVault({ stream: "cd".repeat(32), blobs, keys, random });
  const production = openVault({ stream: STREAM, blobs, keys, random });
  const sealed = await staging.seal("staging");
  await damaged(production, sealed);
  strictEqual(await staging.open(sealed), "staging");
});

Deno.test("P12: an event that names a digest of another value is refused", async () => {
  const { vault } = await opened();
  const one = await vault.seal("one");
  const two = await vault.seal("two");
  await damaged(vault, new SealedSecret(one.blob, two.digest));
});

Deno.test("P12: a move needs nothing, since nothing of the address is bound into the blob", async () => {
  const { vault } = await opened();
  const sealed = await vault.seal(CANARY);
  strictEqual(await vault.open(new SealedSecret(sealed.blob, sealed.digest)), CANARY);
});

Deno.test("P12: a reader that meets absent lists the id before it believes it", async () => {
  const raw = makeSecretKeys(random);
  const before = await importSecretKeys(raw);
  const after = await rotated(before);
  const blobs = memoryBlobs();
  const sealed = await openVault({ stream: STREAM, blobs, keys: before, random }).seal(CANARY);
  await moveBlob(blobs, sealed, after);
  const reader = openVault({ stream: STREAM, blobs, keys: after, random });
  strictEqual(await reader.open(sealed), CANARY);
});

Deno.test("open() says that the key is not here, when a blob lies under another key only", async () => {
  const before = await importSecretKeys(makeSecretKeys(random));
  const after = await rotated(before);
  const blobs = memoryBlobs();
  const vault = openVault({ stream: STREAM, blobs, keys: before, random });
  const sealed = await vault.seal(CANARY);
  await moveBlob(blobs, sealed, after);
  await rejects(() => vault.open(sealed), {
    name: "Error",
    message: `Cannot open a secret: it is under the data key ${after.active}, which is not here`,
  });
});

Deno.test("open() refuses an absent blob and a name that is none", async () => {
  const { vault, blobs } = await opened();
  const sealed = await vault.seal(CANARY);
  blobs.stored.clear();
  await rejects(() => vault.open(sealed), {
    name: "IntegrityError",
    kind: "blob",
    where: `blob ${sealed.blob}`,
    message: `Cannot open the secret in blob ${sealed.blob}: its stored bytes are absent`,
  });
  await damaged(vault, new SealedSecret("../keys/ann.key", sealed.digest));
});

Deno.test("open() takes no error of the store for an answer", async () => {
  const { vault, blobs } = await opened();
  const sealed = await vault.seal(CANARY);
  blobs.get = () => Promise.reject(new Error("the disk is gone"));
  await rejects(() => vault.open(sealed), { name: "Error", message: "the disk is gone" });
});

Deno.test("seal() takes a put that the store sent twice for its own, and refuses what is not", async () => {
  const { vault, blobs } = await opened();
  const put = blobs.putIfAbsent.bind(blobs);
  blobs.putIfAbsent = async (name, bytes) => {
    await put(name, bytes);
    return "exists";
  };
  strictEqual(await vault.open(await vault.seal(CANARY)), CANARY);
  blobs.putIfAbsent = async (name) => {
    await put(name, new Uint8Array(3));
    return "exists";
  };
  await rejects(() => vault.seal(CANARY), /holds something else already$/);
});

Deno.test("V5: the text of a secret that was given up comes from matches() alone, where its digest proves it, and is stored again", async () => {
  const { vault, blobs, again } = await opened(() => Promise.resolve(STREAM !== ""));
  const sealed = await vault.seal(CANARY);
  const kept = await vault.seal("kept");
  ok(!await vault.isGivenUp(kept));
  blobs.stored.delete(sealed.blob);
  for (const guess of [undefined, `${CANARY}.`]) {
    const other = again();
    if (guess !== undefined) ok(!await other.matches(sealed, guess));
    ok(await other.isGivenUp(sealed));
    await damaged(other, sealed);
    await rejects(() => other.renew(`${sealed.blob.slice(0, 32)}/${"0".repeat(32)}`), IntegrityError);
    ok(!blobs.stored.has(sealed.blob));
  }
  const told = again();
  ok(await told.matches(sealed, CANARY));
  ok(!await told.isGivenUp(sealed));
  strictEqual(await told.open(sealed), CANARY);
  strictEqual(await again().open(sealed), CANARY);
});

Deno.test("V5: what nobody has given up is damage, though its text was told by matches()", async () => {
  const { vault, blobs } = await opened();
  const sealed = await vault.seal(CANARY);
  ok(await vault.matches(sealed, CANARY));
  blobs.stored.delete(sealed.blob);
  ok(!await vault.isGivenUp(sealed));
  await damaged(vault, sealed);
  ok(!blobs.stored.has(sealed.blob));
});

/** A store of blobs that tests may reach into. */
interface MemoryBlobs extends VaultBlobs {
  readonly stored: Map<string, Uint8Array<ArrayBuffer>>;
}

function memoryBlobs(): MemoryBlobs {
  const stored = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    stored,
    get: (name) => Promise.resolve(stored.get(name)),
    putIfAbsent(name, bytes) {
      if (stored.has(name)) return Promise.resolve("exists");
      stored.set(name, new Uint8Array(bytes));
      return Promise.resolve("stored");
    },
    list: (prefix) => Promise.resolve([...stored.keys()].filter((name) => name.startsWith(prefix)).sort()),
  };
}

async function opened(
  isGivenUp: NonNullable<VaultParts["isGivenUp"]> = () => Promise.resolve(STREAM === ""),
): Promise<{ readonly vault: Vault; readonly blobs: MemoryBlobs; again(): Vault }> {
  const blobs = memoryBlobs();
  const keys = await importSecretKeys(makeSecretKeys(random));
  const again = () => openVault({ stream: STREAM, blobs, keys, random, isGivenUp });
  return { blobs, vault: again(), again };
}

/** The keys of after a rotation: another active key, the old one gone, the digest key as before. */
async function rotated(before: SecretKeys): Promise<SecretKeys> {
  const fresh = await importSecretKeys(makeSecretKeys(random));
  return { ...fresh, digestKey: before.digestKey };
}

/** Puts the secret under the active key of `keys` and removes its old blob, as a rotation does. */
async function moveBlob(blobs: MemoryBlobs, sealed: SealedSecret, keys: SecretKeys): Promise<void> {
  const id = sealed.blob.slice(0, 32);
  const idBytes: Random = { bytes: (count) => count === 16 ? Uint8Array.fromHex(id) : random.bytes(count) };
  const moved = await openVault({ stream: STREAM, blobs, keys, random: idBytes }).seal(CANARY);
  strictEqual(moved.digest, sealed.digest);
  blobs.stored.delete(sealed.blob);
}

async function damaged(vault: Vault, sealed: SealedSecret): Promise<void> {
  await rejects(
    () => vault.open(sealed),
    (error) => error instanceof IntegrityError && error.kind === "blob",
  );
}

function anyValue(): fc.Arbitrary<Value> {
  const key = fc.oneof(fc.constantFrom("__proto__", "$secret", "$int", "$object"), fc.string());
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: "binary" }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.bigInt({ min: 2n ** 53n }),
      fc.constant(null),
      fc.boolean(),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => record(entries)),
    ),
  }));
  return value;
}
