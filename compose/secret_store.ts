import type { EnvironmentFacts } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import type { SecretStore, WantedKeys } from "../project/secret_store.ts";
import { FileBlobs } from "../store/file_blobs.ts";
import { dataKeyFiles } from "../trust/data_key_files.ts";
import type { DataKeySource } from "../trust/data_key_source.ts";
import { DataKeyRing } from "../trust/data_key_ring.ts";
import { opens, resealBlob } from "../trust/reseal_blob.ts";
import { copyDigestKey, hasDigestKey, makeDataKey, openDigestKey } from "../trust/secret_keys.ts";
import type { KeyPlaces } from "../project/smelt_toml_keys.ts";
import { dataKeysOf, keyFailure, keyServiceOf } from "./environment_keys.ts";
import type { Outside } from "./outside.ts";

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
  const source = dataKeysOf(outside, { paths, environment, project: facts.opened.project, keys });
  const blobs = new FileBlobs(paths.blobFolder, random);
  const ring = new DataKeyRing(source);
  const parts = { stream, blobs, dataKeys: ring, random };
  const { unwrap, unreached } = keyServiceOf(outside, facts.opened.project);
  const names = { environment, dataKey: facts.activeDataKey, digestKey: facts.opened.digestKey };
  return {
    keys: () => source.list(),
    hasDigestKey: () => hasDigestKey(paths.keyFolder, names),
    async useKey(id) {
      const loaded = await source.load(id);
      if (!loaded.ok) return err(unreached() ?? keyFailure(loaded.error));
      await ring.add(id, loaded.value);
      return ok(undefined);
    },
    async useDigestKey() {
      const opened = await openDigestKey(paths.keyFolder, names, unwrap);
      return opened.ok ? ok(undefined) : err(unreached() ?? keyFailure(opened.error));
    },
    async makeKey() {
      const { id, bytes } = makeDataKey(random);
      const kept = await source.keep(id, bytes);
      return kept.ok ? ok(id) : err(keyFailure(kept.error));
    },
    destroyKey: (id) => source.destroy(id),
    restoreKeys: (folder, wanted) =>
      restoreKeys({ here: source, keyFolder: paths.keyFolder, environment }, folder, wanted),
    blobs: () => blobs.list(""),
    reseal: (id, keys) => resealBlob(parts, id, keys),
    opens: (id, key) => opens(parts, id, key),
    removeBlob: (name) => blobs.remove(name),
  };
}

async function restoreKeys(
  { here, keyFolder, environment }: {
    readonly here: DataKeySource;
    readonly keyFolder: string;
    readonly environment: string;
  },
  folder: string,
  { dataKey, digestKey }: WantedKeys,
): Promise<Result<readonly string[], ProjectFailure>> {
  const restored: string[] = [];
  if (!(await here.list()).includes(dataKey)) {
    const copy = await dataKeyFiles(folder, environment).load(dataKey);
    if (!copy.ok) return err(keyFailure(copy.error));
    const kept = await here.keep(dataKey, copy.value);
    if (!kept.ok) return err(keyFailure(kept.error));
    restored.push(dataKey);
  }
  const names = { environment, dataKey, digestKey };
  if (await hasDigestKey(keyFolder, names)) return ok(restored);
  const copied = await copyDigestKey(folder, keyFolder, names);
  return copied.ok ? ok([...restored, digestKey]) : err(keyFailure(copied.error));
}
