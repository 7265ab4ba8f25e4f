import { deepStrictEqual, match, ok as holds, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { err, ok } from "../engine/result.ts";
import { compareText } from "../engine/text_order.ts";
import { passingFolder } from "../tests/support/passing_folder.ts";
import { SeededRandom } from "../tests/support/seeded_random.ts";
import { dataKeyFiles } from "./data_key_files.ts";
import type { Kms, KmsContext } from "./kms.ts";
import { kmsFault, type KmsFaultKind } from "./kms_fault.ts";
import { type KmsKeyName, parseKmsKeyName } from "./kms_key_name.ts";
import { keepWrapped } from "./keep_secret_key.ts";
import { createWrappedKeys, unwrapWith } from "./kms_secret_keys.ts";
import { openSecretKeyFile, type Unwrap } from "./secret_key_file.ts";
import { loadSecretKeys, type SecretKeyNames } from "./secret_keys.ts";

const ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const UNDER = keyName();

/** A service that keeps the keys that it wraps: what it gives as their ciphertext is a number. */
class Wrapper implements Kms {
  readonly #keys: { readonly clear: Uint8Array<ArrayBuffer>; readonly context: KmsContext }[] = [];
  /** Contexts of keys that were asked for, in order. */
  readonly opened: KmsContext[] = [];

  makeKey(_name: unknown, context: KmsContext): ReturnType<Kms["makeKey"]> {
    const clear = new Uint8Array(32).fill(0xa0 + this.#keys.length);
    const ciphertext = new Uint8Array([this.#keys.push({ clear, context }) - 1]);
    return Promise.resolve(ok({ clear, wrapped: { under: UNDER, ciphertext } }));
  }

  openKey(
    { ciphertext }: { readonly ciphertext: Uint8Array },
    context: KmsContext,
  ): ReturnType<Kms["openKey"]> {
    this.opened.push(context);
    const key = this.#keys[ciphertext[0] ?? -1];
    const fits = key !== undefined && isDeepStrictEqual(key.context, context);
    return Promise.resolve(fits ? ok(key.clear) : err(kmsFault(named("InvalidCiphertextException"), ASKED)));
  }

  wrapKey(_name: unknown, bytes: Uint8Array, context: KmsContext): ReturnType<Kms["wrapKey"]> {
    const ciphertext = new Uint8Array([this.#keys.push({ clear: new Uint8Array(bytes), context }) - 1]);
    return Promise.resolve(ok({ under: UNDER, ciphertext }));
  }

  publicKey(): never {
    throw new Error("This service signs nothing");
  }

  sign(): never {
    throw new Error("This service signs nothing");
  }
}

const ASKED = { action: "kms:Decrypt", key: ARN, host: "kms.example" };

function named(name: string): Error {
  return Object.assign(new Error("told by the test"), { name });
}

function keyName(): KmsKeyName {
  const name = parseKmsKeyName(ARN);
  if (name === undefined) throw new Error(`"${ARN}" names no key`);
  return name;
}

function loadWrapped(
  folder: string,
  names: SecretKeyNames,
  unwrap: Unwrap,
): ReturnType<typeof loadSecretKeys> {
  return loadSecretKeys(folder, names, { source: dataKeyFiles(folder, "dev", { unwrap }), unwrap });
}

async function made(environment = "dev") {
  const kms = new Wrapper();
  const folder = join(await passingFolder(), "keys");
  const place = { folder, project: "p1", environment };
  const names = await createWrappedKeys(kms, new SeededRandom(1), { under: UNDER, place });
  if (!names.ok) throw new Error(names.error.message);
  const paths = ["data", "digest"].map((kind) =>
    join(
      folder,
      `${environment}.${kind}-${kind === "data" ? names.value.dataKey : names.value.digestKey}.key`,
    )
  );
  return { kms, folder, names: names.value, paths, unwrap: unwrapWith(() => Promise.resolve(ok(kms)), "p1") };
}

Deno.test("createWrappedKeys() makes private files that hold nothing of the keys in clear", async () => {
  const { paths } = await made();
  for (const path of paths) {
    strictEqual(((await Deno.stat(path)).mode ?? 0) & 0o7777, 0o600);
    const text = await Deno.readTextFile(path);
    const clear = new Uint8Array(32).fill(0xa0 + paths.indexOf(path));
    holds(!text.includes(clear.toBase64({ alphabet: "base64url", omitPadding: true })), text);
    strictEqual(JSON.parse(text).under, ARN);
  }
});

Deno.test("loadSecretKeys() opens wrapped keys for exactly what they were made for, and imports them for good", async () => {
  const { kms, folder, names, unwrap } = await made();
  const keys = await loadWrapped(folder, names, unwrap);
  if (!keys.ok) throw new Error(keys.error.message);
  const dataKey = await keys.value.dataKeys.get(names.dataKey);
  holds(dataKey !== undefined);
  for (const key of [keys.value.digestKey, dataKey]) {
    await rejects(() => crypto.subtle.exportKey("raw", key), DOMException);
  }
  const about = { "smelt:project": "p1", "smelt:environment": "dev" };
  const opened = kms.opened.toSorted((one, other) =>
    compareText(one["smelt:use"] ?? "", other["smelt:use"] ?? "")
  );
  deepStrictEqual(opened, [
    { ...about, "smelt:use": "digest", "smelt:key": names.digestKey },
    { ...about, "smelt:use": "encrypt", "smelt:key": names.dataKey },
  ]);
});

Deno.test("keepWrapped() keeps a key that was made elsewhere, for the same use only", async () => {
  const { kms, folder, names, unwrap } = await made();
  const place = { folder, project: "p1", environment: "dev" };
  const keep = keepWrapped({ reach: () => Promise.resolve(ok(kms)), under: UNDER, place });
  const bytes = new Uint8Array(32).fill(7);
  const id = "0e".repeat(16);
  const kept = await keep({ use: "encrypt", id, bytes });
  holds(kept.ok);
  const read = await openSecretKeyFile(join(folder, `dev.data-${id}.key`), "encrypt", unwrap);
  deepStrictEqual(read.ok ? read.value.file.key : read.error.message, bytes);
  const again = await keep({ use: "encrypt", id: names.dataKey, bytes });
  strictEqual(again.ok ? undefined : again.error.kind, "Exists");
});

Deno.test("loadSecretKeys() is told by the service of keys of another project or use, and names what it wanted", async () => {
  const { kms, folder, names, paths, unwrap } = await made();
  const elsewhere = unwrapWith(() => Promise.resolve(ok(kms)), "p2");
  const foreign = await loadWrapped(folder, names, elsewhere);
  strictEqual(foreign.ok ? undefined : foreign.error.kind, "Foreign");
  match(
    foreign.ok ? "" : foreign.error.message,
    /wrapped for something else than the key [0-9a-f]{32} of "dev"/,
  );

  const [data = "", digest = ""] = paths;
  const own = await Deno.readTextFile(data);
  await Deno.writeTextFile(
    data,
    own.replace(
      /"ciphertext":"[^"]*"/,
      `"ciphertext":"${JSON.parse(await Deno.readTextFile(digest)).ciphertext}"`,
    ),
  );
  const exchanged = await loadWrapped(folder, names, unwrap);
  strictEqual(exchanged.ok ? undefined : exchanged.error.kind, "Foreign");
});

Deno.test("loadSecretKeys() tells a service that does not open a key from a key that does not open", async () => {
  const { folder, names, paths } = await made();
  const [path] = paths;
  const faults: readonly (readonly [string, KmsFaultKind])[] = [["AccessDeniedException", "Denied"], [
    "DisabledException",
    "Unusable",
  ]];
  for (const [name, kind] of faults) {
    const fault = kmsFault(named(name), ASKED);
    strictEqual(fault.kind, kind);
    const kms = Object.assign(new Wrapper(), { openKey: () => Promise.resolve(err(fault)) });
    const keys = await loadWrapped(folder, names, unwrapWith(() => Promise.resolve(ok(kms)), "p1"));
    strictEqual(keys.ok ? undefined : keys.error.kind, "Locked");
    strictEqual(
      keys.ok ? "" : keys.error.message,
      `Cannot use the key file "${path}": it is wrapped, and "${ARN}" in AWS KMS does not open it: ${fault.why}`,
    );
  }
  const alone = await loadSecretKeys(folder, names);
  match(alone.ok ? "" : alone.error.message, /it is wrapped, and no key service is at hand$/);
});

Deno.test("loadSecretKeys() refuses every cut and every changed character of a wrapped key file", async () => {
  const { folder, names, paths, unwrap } = await made();
  const [path = ""] = paths;
  const whole = await Deno.readTextFile(path);
  for (let at = 0; at < whole.length; at++) {
    for (const text of [whole.slice(0, at), `${whole.slice(0, at)}~${whole.slice(at + 1)}`]) {
      await Deno.writeTextFile(path, text);
      const keys = await loadWrapped(folder, names, unwrap);
      holds(!keys.ok && ["Malformed", "Foreign"].includes(keys.error.kind), text);
    }
  }
});
