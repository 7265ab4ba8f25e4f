import type { EnvironmentFacts } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import { LOCAL_KEYS } from "../project/smelt_toml_keys.ts";
import { FileBlobs } from "../store/file_blobs.ts";
import type { DataKeySource } from "../trust/data_key_source.ts";
import type { KeyFileFault } from "../trust/key_file_fault.ts";
import { loadSecretKeys } from "../trust/secret_keys.ts";
import { openVault } from "../trust/vault.ts";
import type { Vault } from "../trust/vault_port.ts";
import { keyFailure } from "./key_failure.ts";
import type { Outside } from "./outside.ts";
import { accessKeys } from "./secret_key_place.ts";

/** Where the secrets of an environment lie, and which of them. */
export interface VaultPlace {
  /** The data key that is active now: another than before, once a rotation has been folded. */
  activeDataKey(): string;
  /** Whether the log says of the secret of this id that an admin has given it up. */
  isGivenUp?(id: string): Promise<boolean>;
  readonly paths: ProjectPaths;
  readonly environment: string;
  readonly stream: string;
  readonly facts: EnvironmentFacts;
}

/** Loads the secret keys of an environment and opens its vault. */
export async function openEnvironmentVault(
  outside: Outside,
  place: VaultPlace,
): Promise<Result<Vault, ProjectFailure>> {
  const { paths, environment, stream, facts } = place;
  const { random, secrets } = outside;
  const names = { environment, dataKey: facts.activeDataKey, digestKey: facts.opened.digestKey };
  // A vault makes no key.
  const access = accessKeys(outside, { paths, environment, project: facts.opened.project, keys: LOCAL_KEYS });
  const { dataKeys: source, unwrap } = access;
  const keys = await loadSecretKeys(paths.keyFolder, names, { source, unwrap });
  if (!keys.ok) {
    const hinted = await restoredFailure(source, facts.activeDataKey, keys.error);
    return err(hinted ?? access.failureOf(keys.error));
  }
  const { dataKeys, digestKey } = keys.value;
  const current = {
    get active() {
      return place.activeDataKey();
    },
    dataKeys,
    digestKey,
  };
  const { isGivenUp } = place;
  const blobs = new FileBlobs(paths.blobFolder, random);
  const parts = { stream, blobs, keys: current, random, secrets };
  return ok(openVault(isGivenUp === undefined ? parts : { ...parts, isGivenUp }));
}

/** A log that was restored may name a key that a rotation has ended since, while its secrets are under the one after it. */
async function restoredFailure(
  source: DataKeySource,
  activeDataKey: string,
  fault: KeyFileFault,
): Promise<ProjectFailure | undefined> {
  const here = await source.list();
  if (fault.kind !== "Absent" || here.length === 0 || here.includes(activeDataKey)) return undefined;
  const failure = keyFailure(fault);
  const hint = "other data keys are here: where the log was restored, smelt secrets rotate goes on with them";
  return { ...failure, hint: `${failure.hint}; ${hint}` };
}
