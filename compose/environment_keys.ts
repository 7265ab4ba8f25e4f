import type { EnvironmentFacts } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import { FileBlobs } from "../store/file_blobs.ts";
import { dataKeyFiles } from "../trust/data_key_files.ts";
import type { DataKeySource } from "../trust/data_key_source.ts";
import type { KeyFileFault } from "../trust/key_file_fault.ts";
import { loadSecretKeys } from "../trust/secret_keys.ts";
import { openVault } from "../trust/vault.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { Outside } from "./outside.ts";

/** Where the secrets of an environment lie, and which of them. */
export interface VaultPlace {
  /** The data key that is active now: another than before, once a rotation has been folded. */
  activeDataKey(): string;
  readonly paths: ProjectPaths;
  readonly environment: string;
  readonly stream: string;
  readonly facts: EnvironmentFacts;
}

/** Where the data keys of an environment come from: the one place that says so. */
export function dataKeysOf(paths: ProjectPaths, environment: string): DataKeySource {
  return dataKeyFiles(paths.keyFolder, environment);
}

/** Loads the secret keys of an environment and opens its vault. */
export async function openEnvironmentVault(
  { random, secrets }: Pick<Outside, "random" | "secrets">,
  place: VaultPlace,
): Promise<Result<Vault, ProjectFailure>> {
  const { paths, environment, stream, facts } = place;
  const names = { environment, dataKey: facts.activeDataKey, digestKey: facts.opened.digestKey };
  const keys = await loadSecretKeys(paths.keyFolder, names, dataKeysOf(paths, environment));
  if (!keys.ok) return err(keyFailure(keys.error));
  const { dataKeys, digestKey } = keys.value;
  const current = {
    get active() {
      return place.activeDataKey();
    },
    dataKeys,
    digestKey,
  };
  const blobs = new FileBlobs(paths.blobFolder, random);
  return ok(openVault({ stream, blobs, keys: current, random, secrets }));
}

/** A vault whose keys are not here: reading commands that meet no secret do without it. */
export function lockedVault(why: string): Vault {
  const refuse = () => Promise.reject(new Error(`Cannot open the vault: ${why}`));
  return {
    dataKey: "",
    seal: refuse,
    open: refuse,
    renew: refuse,
    matches: refuse,
    sealSource: refuse,
    openSource: refuse,
    fingerprint: refuse,
    carries: () => false,
  };
}

/** The faults that a key file does not have as smelt made it: somebody has altered or replaced it, or may have. */
const DAMAGED: ReadonlySet<KeyFileFault["kind"]> = new Set(["Malformed", "Symlink", "ForeignOwner", "Loose"]);

/** A key file that cannot be used, as a failure of the command. */
export function keyFailure(fault: KeyFileFault): ProjectFailure {
  const hint = fault.kind === "Absent"
    ? "Restore it from a backup, or run this where the environment was initialised"
    : undefined;
  const kind = DAMAGED.has(fault.kind) ? "KeyDamage" : "Keys";
  return hint === undefined ? { kind, message: fault.message } : { kind, message: fault.message, hint };
}
