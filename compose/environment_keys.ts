import type { EnvironmentFacts } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import { FileBlobs } from "../store/file_blobs.ts";
import { dataKeyFiles } from "../trust/data_key_files.ts";
import type { DataKeySource } from "../trust/data_key_source.ts";
import type { KeyFileFault } from "../trust/key_file_fault.ts";
import { unwrapWith } from "../trust/kms_secret_keys.ts";
import type { KeyPlaces } from "../project/smelt_toml_keys.ts";
import type { Unwrap } from "../trust/secret_key_file.ts";
import { wrappedDataKeys } from "../trust/wrapped_data_keys.ts";
import { loadSecretKeys } from "../trust/secret_keys.ts";
import { openVault } from "../trust/vault.ts";
import type { Vault } from "../trust/vault_port.ts";
import { reachKms } from "./key_service.ts";
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

/** Of which environment data keys are, and where `smelt.toml` wants new ones. */
export interface DataKeyPlace {
  readonly paths: ProjectPaths;
  readonly environment: string;
  /** The id of the project. */
  readonly project: string;
  readonly keys: KeyPlaces;
}

/** Where the data keys of an environment come from, and new ones go: the one place that says so. */
export function dataKeysOf(
  outside: Outside,
  { paths: { keyFolder: folder }, environment, project, keys }: DataKeyPlace,
): DataKeySource {
  const files = dataKeyFiles(folder, environment, keyServiceOf(outside, project).unwrap);
  const { wrapping: under, region } = keys;
  if (under === undefined) return files;
  const place = { folder, project, environment };
  return wrappedDataKeys(files, (name) => reachKms(outside, name, region), { under, place });
}

/** Loads the secret keys of an environment and opens its vault. */
export async function openEnvironmentVault(
  outside: Outside,
  place: VaultPlace,
): Promise<Result<Vault, ProjectFailure>> {
  const { paths, environment, stream, facts } = place;
  const { random, secrets } = outside;
  const names = { environment, dataKey: facts.activeDataKey, digestKey: facts.opened.digestKey };
  const service = keyServiceOf(outside, facts.opened.project);
  const source = dataKeyFiles(paths.keyFolder, environment, service.unwrap);
  const keys = await loadSecretKeys(paths.keyFolder, names, { source, unwrap: service.unwrap });
  if (!keys.ok) {
    return err(service.unreached() ?? await vaultFailure(source, facts.activeDataKey, keys.error));
  }
  const { dataKeys, digestKey } = keys.value;
  const current = {
    get active() {
      return place.activeDataKey();
    },
    dataKeys,
    digestKey,
  };
  return ok(
    openVault({ stream, blobs: new FileBlobs(paths.blobFolder, random), keys: current, random, secrets }),
  );
}

/** A log that was restored may name a key that a rotation has ended since, while its secrets are under the one after it. */
async function vaultFailure(
  source: DataKeySource,
  activeDataKey: string,
  fault: KeyFileFault,
): Promise<ProjectFailure> {
  const failure = keyFailure(fault);
  const here = await source.list();
  if (fault.kind !== "Absent" || here.length === 0 || here.includes(activeDataKey)) return failure;
  const hint = "other data keys are here: where the log was restored, smelt secrets rotate goes on with them";
  return { ...failure, hint: `${failure.hint}; ${hint}` };
}

/** What opens wrapped keys of a project, and why it could not be reached, if it could not. */
export function keyServiceOf(
  outside: Outside,
  project: string,
): { readonly unwrap: Unwrap; unreached(): ProjectFailure | undefined } {
  let unreached: ProjectFailure | undefined;
  // A wrapped key names by its ARN, so with its region, under which key it is.
  const unwrap = unwrapWith(async (under) => {
    const kms = await reachKms(outside, under, undefined);
    if (!kms.ok) unreached = kms.error;
    return kms;
  }, project);
  return { unwrap, unreached: () => unreached };
}

/** The faults that a key file does not have as smelt made it: somebody has altered or replaced it, or may have. */
const DAMAGED: ReadonlySet<KeyFileFault["kind"]> = new Set([
  "Malformed",
  "Symlink",
  "ForeignOwner",
  "Loose",
  "Foreign",
]);

const HINTS: Readonly<Partial<Record<KeyFileFault["kind"], string>>> = {
  Absent: "Restore it from a backup, or run this where the environment was initialised",
  Locked: "Commands that only read do without it, as long as they meet no secret",
};

/** A key file that cannot be used, as a failure of the command. */
export function keyFailure({ kind, message }: KeyFileFault): ProjectFailure {
  const hint = HINTS[kind];
  const failure = { kind: DAMAGED.has(kind) ? "KeyDamage" : "Keys", message } as const;
  return hint === undefined ? failure : { ...failure, hint };
}
