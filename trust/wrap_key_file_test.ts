import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { err, ok } from "../engine/result.ts";
import { passingFolder } from "../tests/support/passing_folder.ts";
import { keepInClear, type Wrapping } from "./keep_secret_key.ts";
import type { Kms } from "./kms.ts";
import { kmsFault } from "./kms_fault.ts";
import { parseKmsKeyName } from "./kms_key_name.ts";
import { unwrapWith } from "./kms_secret_keys.ts";
import { openSecretKey } from "./open_secret_key.ts";
import { wrapKeyFile } from "./wrap_key_file.ts";

const ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const KEY = new Uint8Array(32).fill(7);
const NAME = { environment: "dev", use: "digest", id: "0d".repeat(16) } as const;

/** A service whose ciphertext is the key with every bit turned; `opens` says what it gives back. */
function service(opens: (clear: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): Kms {
  const under = parseKmsKeyName(ARN);
  if (under === undefined) throw new Error(`"${ARN}" names no key`);
  const turned = (bytes: Uint8Array) => new Uint8Array(bytes).map((byte) => byte ^ 0xff);
  const nothing = () => Promise.reject(new Error("This service does nothing else"));
  return {
    wrapKey: (_name, clear) => Promise.resolve(ok({ under, ciphertext: turned(clear) })),
    openKey: ({ ciphertext }) => Promise.resolve(ok(opens(turned(ciphertext)))),
    publicKey: nothing,
    sign: nothing,
    makeKey: nothing,
  };
}

async function inClear(kms: Kms) {
  const folder = join(await passingFolder(), "keys");
  const kept = await keepInClear(folder, "dev")({ ...NAME, bytes: KEY });
  strictEqual(kept.ok ? "" : kept.error.message, "");
  const under = parseKmsKeyName(ARN);
  if (under === undefined) throw new Error(`"${ARN}" names no key`);
  const reach = () => Promise.resolve(ok(kms));
  const wrapping: Wrapping = { reach, under, place: { folder, project: "p1", environment: "dev" } };
  const path = join(folder, `dev.digest-${NAME.id}.key`);
  return { folder, path, wrapping, unwrap: unwrapWith(reach, "p1") };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}

Deno.test("wrapKeyFile() puts the same key in the place of the one in clear, private and once", async () => {
  const { folder, path, wrapping, unwrap } = await inClear(service((clear) => clear));
  // What one that was cut short has left.
  await Deno.writeTextFile(`${path}.next`, "half");
  deepStrictEqual(await wrapKeyFile(NAME, wrapping, unwrap), { ok: true, value: "wrapped" });
  const opened = await openSecretKey(folder, NAME, unwrap);
  deepStrictEqual(opened.ok ? [opened.value.form.kind, opened.value.file.key] : opened.error.message, [
    "wrapped",
    KEY,
  ]);
  strictEqual(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  deepStrictEqual(await namesIn(folder), [`dev.digest-${NAME.id}.key`]);
  deepStrictEqual(await wrapKeyFile(NAME, wrapping, unwrap), { ok: true, value: "unchanged" });
});

Deno.test("wrapKeyFile() leaves the key in clear as it is where the service gives another one back, or none", async () => {
  const { folder, path, wrapping, unwrap } = await inClear(service((clear) => clear.map((byte) => byte ^ 1)));
  const before = await Deno.readFile(path);
  const other = await wrapKeyFile(NAME, wrapping, unwrap);
  match(other.ok ? "" : other.error.message, /: what wraps it gave another key back$/);
  const asked = { action: "kms:Encrypt", key: ARN, host: "kms.example" };
  const refused = () =>
    Promise.resolve(err(kmsFault(Object.assign(new Error("told"), { name: "DisabledException" }), asked)));
  const disabled = {
    ...wrapping,
    reach: () => Promise.resolve(ok({ ...service((clear) => clear), wrapKey: refused })),
  };
  const none = await wrapKeyFile(NAME, disabled, unwrap);
  match(none.ok ? "" : none.error.message, /^Cannot make the key file .*: it is disabled/s);
  deepStrictEqual(await Deno.readFile(path), before);
  deepStrictEqual(await namesIn(folder), [`dev.digest-${NAME.id}.key`]);
});
