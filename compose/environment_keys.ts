import type { EnvironmentFacts } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import { FileBlobs } from "../store/file_blobs.ts";
import type { KeyFileFault } from "../trust/key_file_fault.ts";
import { unwrapWith } from "../trust/kms_secret_keys.ts";
import { loadSecretKeys } from "../trust/secret_keys.ts";
import { openVault } from "../trust/vault.ts";
import type { Vault } from "../trust/vault_port.ts";
import { reachKms } from "./key_service.ts";
import type { Outside } from "./outside.ts";

/** Where the secrets of an environment lie, and which of them. */
export interface VaultPlace {
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
  const { random } = outside;
  // A wrapped key names by its ARN, so with its region, under which key it is.
  let unreached: ProjectFailure | undefined;
  const unwrap = unwrapWith(async (under) => {
    const kms = await reachKms(outside, under, undefined);
    if (!kms.ok) unreached = kms.error;
    return kms;
  }, facts.opened.project);
  const keys = await loadSecretKeys(paths.keyFolder, {
    environment,
    dataKey: facts.activeDataKey,
    digestKey: facts.opened.digestKey,
  }, unwrap);
  if (!keys.ok) return err(unreached ?? keyFailure(keys.error));
  return ok(openVault({ stream, blobs: new FileBlobs(paths.blobFolder, random), keys: keys.value, random }));
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
