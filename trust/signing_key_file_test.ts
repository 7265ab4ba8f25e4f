import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { isKeyName } from "../engine/key_name.ts";
import type { Random } from "../engine/random.ts";
import type { Result } from "../engine/result.ts";
import { passingFolder } from "../tests/support/passing_folder.ts";
import { loadBlake3 } from "./blake3.ts";
import { type SigningKey, trustedKey } from "./ed25519_key.ts";
import type { KeyFileFault } from "./key_file_fault.ts";
import { createSigningKey, loadSigner, signingKeyPath } from "./signing_key_file.ts";
import { signedStatement } from "./statement.ts";
import { signatureVerifier } from "./verify_signature.ts";

const hash = await loadBlake3();
const random: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };

Deno.test("createSigningKey() makes a file 0600 in a folder 0700, whatever the umask", async () => {
  const before = Deno.umask(0);
  try {
    const { folder, path } = await made();
    strictEqual(await modeOf(path), "600");
    strictEqual(await modeOf(folder), "700");
  } finally {
    Deno.umask(before);
  }
});

Deno.test("loadSigner() gives the key that was made, and its signatures verify", async () => {
  const { path, key } = await made();
  const loaded = success(await loadSigner(hash, path));
  deepStrictEqual(trustedKey(loaded, ["admin"]), trustedKey(key, ["admin"]));
  const statement = signedStatement("", 1, "ab".repeat(32));
  const signature = await loaded.signer.sign(statement);
  await signatureVerifier(hash)(trustedKey(loaded, ["admin"]), statement, signature, "dev record 1");
});

Deno.test("createSigningKey() never replaces a file", async () => {
  const { folder, path } = await made();
  const bytes = await Deno.readFile(path);
  const fault = failure(await createSigningKey(hash, random, { folder, name: "ann" }));
  strictEqual(fault.kind, "Exists");
  strictEqual(
    fault.message,
    `Cannot make the key file "${path}": there is one already, and it is not replaced`,
  );
  deepStrictEqual(await Deno.readFile(path), bytes);
});

Deno.test("loadSigner() refuses a file that others may use, with the modes and the command", async () => {
  const { path } = await made();
  for (const mode of [0o644, 0o640, 0o604, 0o601, 0o660]) {
    await Deno.chmod(path, mode);
    const fault = failure(await loadSigner(hash, path));
    strictEqual(fault.kind, "Loose");
    strictEqual(
      fault.message,
      `Cannot use the key file "${path}": others may use it: found mode 0${mode.toString(8)}, wanted 0600; ` +
        `run: chmod 600 ${path}`,
    );
  }
  await Deno.chmod(path, 0o400);
  success(await loadSigner(hash, path));
});

Deno.test("loadSigner() and createSigningKey() refuse a folder that others may use", async () => {
  const { folder, path } = await made();
  await Deno.chmod(folder, 0o755);
  const why = `"${folder}": others may use it: found mode 0755, wanted 0700; run: chmod 700 ${folder}`;
  for (
    const result of [
      await loadSigner(hash, path),
      await createSigningKey(hash, random, { folder, name: "bob" }),
    ]
  ) {
    const fault = failure(result);
    strictEqual(fault.kind, "Loose");
    strictEqual(fault.message, `Cannot use the key folder ${why}`);
  }
  await rejects(Deno.stat(join(folder, "bob.key")), Deno.errors.NotFound);
});

Deno.test("the chmod command quotes a path that a shell would split", async () => {
  const { path } = await made("it's a key folder");
  await Deno.chmod(path, 0o644);
  const { message } = failure(await loadSigner(hash, path));
  ok(message.endsWith(`; run: chmod 600 '${path.replace("'", "'\\''")}'`), message);
});

Deno.test("loadSigner() refuses a symbolic link, to the file or for the folder", async () => {
  const { folder, path } = await made();
  const link = join(folder, "link.key");
  await Deno.symlink(path, link);
  const fault = failure(await loadSigner(hash, link));
  strictEqual(fault.kind, "Symlink");
  strictEqual(fault.message, `Cannot use the key file "${link}": it is a symbolic link`);
  await Deno.symlink(folder, `${folder}-link`);
  const other = failure(await loadSigner(hash, join(`${folder}-link`, "ann.key")));
  strictEqual(other.message, `Cannot use the key folder "${folder}-link": it is a symbolic link`);
});

Deno.test("createSigningKey() does not write through a dangling symbolic link", async () => {
  const { folder } = await made();
  await Deno.symlink(join(folder, "elsewhere"), join(folder, "bob.key"));
  const fault = failure(await createSigningKey(hash, random, { folder, name: "bob" }));
  strictEqual(fault.kind, "Exists");
  await rejects(Deno.stat(join(folder, "elsewhere")), Deno.errors.NotFound);
});

Deno.test("loadSigner() refuses a file or folder of another user", async () => {
  if (Deno.uid() !== 0) {
    const fault = failure(await loadSigner(hash, "/etc/ann.key"));
    strictEqual(fault.kind, "ForeignOwner");
    return;
  }
  const { path } = await made();
  await Deno.chown(path, 12_345, null);
  const fault = failure(await loadSigner(hash, path));
  strictEqual(fault.kind, "ForeignOwner");
  strictEqual(
    fault.message,
    `Cannot use the key file "${path}": it belongs to user 12345, wanted user 0, who runs this command`,
  );
});

Deno.test("loadSigner() says what is there instead of a key file", async () => {
  const { folder, path } = await made();
  const absent = failure(await loadSigner(hash, join(folder, "bob.key")));
  strictEqual(absent.kind, "Absent");
  match(absent.message, /bob\.key": there is no such file$/);
  await Deno.mkdir(join(folder, "dir.key"), { mode: 0o700 });
  strictEqual(failure(await loadSigner(hash, join(folder, "dir.key"))).kind, "NotAFile");
  strictEqual(failure(await loadSigner(hash, join(path, "x.key"))).kind, "NotAFile");
});

Deno.test("loadSigner() refuses every cut and every changed character of a key file", async () => {
  const { path } = await made();
  const text = await Deno.readTextFile(path);
  const name = new Set(spanOf(text, "name"));
  for (let at = 0; at < text.length; at += 3) {
    await Deno.writeTextFile(path, text.slice(0, at));
    strictEqual(failure(await loadSigner(hash, path)).kind, "Malformed");
    if (name.has(at)) continue;
    await Deno.writeTextFile(
      path,
      `${text.slice(0, at)}${text[at] === "x" ? "y" : "x"}${text.slice(at + 1)}`,
    );
    const fault = failure(await loadSigner(hash, path));
    strictEqual(fault.kind, "Malformed");
  }
});

Deno.test("loadSigner() names a newer version of the form, and a key for another use", async () => {
  const { path } = await made();
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replace('"v":1', '"v":2'));
  match(failure(await loadSigner(hash, path)).message, /: its form is version 2, wanted 1$/);
  const encrypting = text.replace('"use":"sign"', '"use":"encrypt"').replace("Ed25519", "AES-256-GCM");
  await Deno.writeTextFile(path, encrypting);
  match(
    failure(await loadSigner(hash, path)).message,
    /: it holds a key to encrypt by AES-256-GCM, wanted one to sign by Ed25519$/,
  );
});

Deno.test("no message about a damaged key file holds its key", async () => {
  const { path } = await made();
  const text = await Deno.readTextFile(path);
  const key = /"key":"([^"]+)"/.exec(text)?.[1] ?? "";
  ok(key.length > 40);
  for (
    const damaged of [
      text.slice(0, -5),
      text.replace("Ed25519", "RSA"),
      `${text} `,
      text.replace(key, `${key}=`),
    ]
  ) {
    await Deno.writeTextFile(path, damaged);
    ok(!failure(await loadSigner(hash, path)).message.includes(key.slice(-12)));
  }
});

Deno.test("equal random bits make an equal key, others another", async () => {
  const zeros: Random = { bytes: (count) => new Uint8Array(count) };
  const one = await made("keys", zeros);
  const two = await made("keys", zeros);
  const other = await made();
  strictEqual(one.key.signer.keyId, two.key.signer.keyId);
  ok(one.key.signer.keyId !== other.key.signer.keyId);
});

Deno.test("isKeyName() refuses what would leave the folder or hide in it", () => {
  for (const name of ["ann", "ann.lee", "ci-1", "A_b", "a".repeat(64)]) ok(isKeyName(name), name);
  for (const name of ["", ".", "..", ".ann", "a/b", "a\\b", "-a", "a b", "é", "a\n", "a".repeat(65)]) {
    ok(!isKeyName(name), name);
  }
  strictEqual(signingKeyPath("/k", "ann"), "/k/ann.key");
});

async function made(
  folderName = "keys",
  bits: Random = random,
): Promise<{ readonly folder: string; readonly path: string; readonly key: SigningKey }> {
  const root = await passingFolder();
  const folder = join(root, folderName);
  const key = success(await createSigningKey(hash, bits, { folder, name: "ann" }));
  return { folder, path: join(folder, "ann.key"), key };
}

async function modeOf(path: string): Promise<string> {
  const { mode } = await Deno.stat(path);
  return ((mode ?? 0) & 0o7777).toString(8);
}

function spanOf(text: string, field: string): number[] {
  const found = new RegExp(`"${field}":"([^"]*)"`).exec(text);
  const start = text.indexOf(`"${field}":"`) + field.length + 4;
  return Array.from({ length: found?.[1]?.length ?? 0 }, (_, offset) => start + offset);
}

function success<T>(result: Result<T, KeyFileFault>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function failure<T>(result: Result<T, KeyFileFault>): KeyFileFault {
  if (result.ok) throw new Error("a refusal was wanted");
  return result.error;
}
