import type { EnvironmentFacts } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import { isHere, type SecretStore, type StoredKeyForm, type WantedKeys } from "../project/secret_store.ts";
import type { KeyPlaces } from "../project/smelt_toml_keys.ts";
import { FileBlobs } from "../store/file_blobs.ts";
import { DataKeyRing } from "../trust/data_key_ring.ts";
import { copySecretKey, formOfSecretKey, openSecretKey } from "../trust/open_secret_key.ts";
import { opens, resealBlob } from "../trust/reseal_blob.ts";
import type { SecretKeyName } from "../trust/secret_key_path.ts";
import { digestKeyName, makeDataKey } from "../trust/secret_keys.ts";
import { wrapKeyFile } from "../trust/wrap_key_file.ts";
import { keyFailure } from "./key_failure.ts";
import type { Outside } from "./outside.ts";
import { accessKeys, type KeyAccess } from "./secret_key_place.ts";

/** Of which environment the secrets are. */
interface StorePlace {
  readonly paths: ProjectPaths;
  readonly environment: string;
  readonly stream: string;
  readonly facts: EnvironmentFacts;
  readonly keys: KeyPlaces;
}

/** The keys of an environment in the project's key folder, and its blobs. */
export function openSecretStore(
  outside: Outside,
  { paths, environment, stream, facts, keys }: StorePlace,
): SecretStore {
  const { random } = outside;
  const access = accessKeys(outside, { paths, environment, project: facts.opened.project, keys });
  const { dataKeys: source, folder, newForm } = access;
  const blobs = new FileBlobs(paths.blobFolder, random);
  const ring = new DataKeyRing(source);
  const parts = { stream, blobs, dataKeys: ring, random };
  const { digestKey } = facts.opened;
  const digest = digestKeyName({ environment, dataKey: facts.activeDataKey, digestKey });
  return {
    keys: () => source.list(),
    keyForm: (id) => formOf(folder, id === digestKey ? digest : { environment, use: "encrypt", id }),
    newForm,
    async useKey(id) {
      const loaded = await source.load(id);
      if (!loaded.ok) return err(access.failureOf(loaded.error));
      await ring.add(id, loaded.value);
      return ok(undefined);
    },
    async useDigestKey() {
      const opened = await openSecretKey(folder, digest, access.unwrap);
      return opened.ok ? ok(undefined) : err(access.failureOf(opened.error));
    },
    async makeKey(id) {
      const kept = await source.keep(id, makeDataKey(random, id).bytes);
      return kept.ok ? kept : err(keyFailure(kept.error));
    },
    wrapDigestKey: () => wrapDigestKey(access, digest),
    destroyKey: (id) => source.destroy(id),
    restoreKeys: (copies, wanted) => restoreKeys(access, copies, wanted),
    blobs: () => blobs.list(""),
    reseal: (id, keys) => resealBlob(parts, id, keys),
    opens: (id, key) => opens(parts, id, key),
    removeBlob: (name) => blobs.remove(name),
    removeUnfinished: (beforeMs) => blobs.removeUnfinished(beforeMs),
  };
}

/** A file that cannot be read is told by whoever needs the key: here it is only not called absent. */
async function formOf(folder: string, name: SecretKeyName): Promise<StoredKeyForm> {
  const form = await formOfSecretKey(folder, name);
  if (form.ok) return form.value;
  return { kind: form.error.kind === "Absent" ? "absent" : "unusable" };
}

async function wrapDigestKey(
  { wrapping, unwrap, failureOf }: KeyAccess,
  digest: SecretKeyName,
): Promise<Result<"wrapped" | "unchanged", ProjectFailure>> {
  if (wrapping === undefined) return ok("unchanged");
  const wrapped = await wrapKeyFile(digest, wrapping, unwrap);
  return wrapped.ok ? wrapped : err(failureOf(wrapped.error));
}

async function restoreKeys(
  { folder, environment, unwrap, keep, failureOf }: KeyAccess,
  copies: string,
  { dataKey, digestKey }: WantedKeys,
): Promise<Result<readonly string[], ProjectFailure>> {
  const restored: string[] = [];
  for (
    const name of [
      { environment, use: "encrypt", id: dataKey },
      { environment, use: "digest", id: digestKey },
    ] as const
  ) {
    const form = await formOf(folder, name);
    if (isHere(form)) continue;
    const copied = await copySecretKey({ from: copies, to: folder }, name, { unwrap, keep });
    if (!copied.ok) return err(failureOf(copied.error));
    restored.push(name.id);
  }
  return ok(restored);
}
