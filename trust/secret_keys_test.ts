import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Random } from "../engine/random.ts";
import type { Result } from "../engine/result.ts";
import { passingFolder } from "../tests/support/passing_folder.ts";
import type { KeyFileFault } from "./key_file_fault.ts";
import { dataKeyFiles } from "./data_key_files.ts";
import { createSecretKeys, loadSecretKeys, makeDataKey, type SecretKeyNames } from "./secret_keys.ts";

const random: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };

Deno.test("createSecretKeys() makes one private file for each key, named after it", async () => {
  const { folder, names, dataPath, digestPath } = await made();
  match(names.dataKey, /^[0-9a-f]{32}$/);
  match(names.digestKey, /^[0-9a-f]{32}$/);
  const found = await Array.fromAsync(Deno.readDir(folder));
  deepStrictEqual(found.map((entry) => join(folder, entry.name)).sort(), [dataPath, digestPath].sort());
  for (const path of [dataPath, digestPath]) strictEqual(((await Deno.stat(path)).mode ?? 0) & 0o7777, 0o600);
});

Deno.test("E17: loadSecretKeys() gives keys that cannot be exported", async () => {
  const { folder, names } = await made();
  const keys = success(await loadSecretKeys(folder, names));
  strictEqual(keys.active, names.dataKey);
  const data = await keys.dataKeys.get(names.dataKey);
  for (const key of [keys.digestKey, data]) {
    ok(key);
    await rejects(() => crypto.subtle.exportKey("raw", key), DOMException);
  }
});

Deno.test("P12: loadSecretKeys() keeps the active key of a run whose key file a rotation destroys, and meets new ones", async () => {
  const { folder, names, dataPath } = await made();
  const keys = success(await loadSecretKeys(folder, names));
  await Deno.remove(dataPath);
  ok(await keys.dataKeys.get(names.dataKey));
  const later = makeDataKey(random);
  strictEqual(await keys.dataKeys.get(later.id), undefined);
  success(await dataKeyFiles(folder, "dev").keep(later.id, later.bytes));
  ok(await keys.dataKeys.get(later.id));
});

Deno.test("dataKeyFiles() lists the keys of its environment only, and destroys one at most", async () => {
  const { folder, names } = await made();
  success(await createSecretKeys(random, folder, "dev-2"));
  const files = dataKeyFiles(folder, "dev");
  deepStrictEqual(await files.list(), [names.dataKey]);
  await files.destroy("0".repeat(32));
  deepStrictEqual(await files.list(), [names.dataKey]);
  await files.destroy(names.dataKey);
  deepStrictEqual(await files.list(), []);
  deepStrictEqual(await dataKeyFiles(join(folder, "none"), "dev").list(), []);
});

Deno.test("loadSecretKeys() names the missing file and what cannot be done without it", async () => {
  const { folder, names, dataPath, digestPath } = await made();
  await Deno.remove(digestPath);
  strictEqual(
    failure(await loadSecretKeys(folder, names)).message,
    `Cannot use the key file "${digestPath}": there is no such file, and without it changes of secrets cannot be ` +
      'told in environment "dev"; copy it from a machine that has it',
  );
  await Deno.remove(dataPath);
  const fault = failure(await loadSecretKeys(folder, names));
  strictEqual(fault.kind, "Absent");
  strictEqual(
    fault.message,
    `Cannot use the key file "${dataPath}": there is no such file, and without it secrets cannot be opened in ` +
      'environment "dev"; copy it from a machine that has it',
  );
});

Deno.test("loadSecretKeys() names the missing file also where there is no key folder at all", async () => {
  const folder = join(await passingFolder(), "keys");
  const names = { environment: "dev", dataKey: "a".repeat(32), digestKey: "b".repeat(32) };
  const fault = failure(await loadSecretKeys(folder, names));
  strictEqual(fault.kind, "Absent");
  ok(fault.message.includes(`dev.data-${names.dataKey}.key`), fault.message);
});

Deno.test("E13: loadSecretKeys() refuses a file that others may use", async () => {
  const { folder, names, dataPath } = await made();
  await Deno.chmod(dataPath, 0o644);
  const fault = failure(await loadSecretKeys(folder, names));
  strictEqual(fault.kind, "Loose");
  match(fault.message, /found mode 0644, wanted 0600; run: chmod 600 /);
});

Deno.test("loadSecretKeys() refuses a key that lies under another's name", async () => {
  const one = await made();
  const other = await made();
  await Deno.copyFile(other.dataPath, one.dataPath);
  const fault = failure(await loadSecretKeys(one.folder, one.names));
  strictEqual(fault.kind, "Malformed");
  match(
    fault.message,
    new RegExp(`holds the key ${other.names.dataKey} of "dev", wanted ${one.names.dataKey}`),
  );
  await Deno.copyFile(one.digestPath, one.dataPath);
  match(
    failure(await loadSecretKeys(one.folder, one.names)).message,
    /wanted one to encrypt by AES-256-GCM$/,
  );
});

async function made(): Promise<{
  readonly folder: string;
  readonly names: SecretKeyNames;
  readonly dataPath: string;
  readonly digestPath: string;
}> {
  const folder = join(await passingFolder(), "keys");
  const names = success(await createSecretKeys(random, folder, "dev"));
  return {
    folder,
    names,
    dataPath: join(folder, `dev.data-${names.dataKey}.key`),
    digestPath: join(folder, `dev.digest-${names.digestKey}.key`),
  };
}

function success<T>(result: Result<T, KeyFileFault>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function failure<T>(result: Result<T, KeyFileFault>): KeyFileFault {
  if (result.ok) throw new Error("a refusal was wanted");
  return result.error;
}
