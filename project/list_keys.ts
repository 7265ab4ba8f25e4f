import { type KeyEntry, keyHistory } from "../audit/key_history.ts";
import { stateAfter } from "../audit/verified_log.ts";
import { NO_POLICY } from "../engine/approvals.ts";
import type { ChangePolicy } from "../engine/environment.ts";
import { ok, type Result } from "../engine/result.ts";
import { stricterPolicy } from "./change_policy.ts";
import type { ProjectFailure } from "./failure.ts";
import type { KeyFileEntry } from "./key_folder.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { parseKmsReference } from "./smelt_toml_keys.ts";
import { openInitialised } from "./workspace.ts";

/** A key of an environment, and what of it lies here. */
export interface ListedKey extends KeyEntry {
  /** Its file on this machine, relative to the root; `undefined` where it is not here. */
  readonly path: string | undefined;
  /** Whether this machine signs with it. */
  readonly isOwn: boolean;
}

/** The keys of an environment. */
export interface ListedKeys {
  readonly environment: string;
  /** In the order in which they were trusted, revoked ones too. */
  readonly keys: readonly ListedKey[];
  /** The name of the key that signs here: as `SMELT_KEY` says, else `smelt.toml`, else `local`; one in KMS is `kms:NAME`. */
  readonly ownName: string;
  /** Whether that key is held by a key service: which of the log's keys it is, only the service can say. */
  readonly isRemote: boolean;
  /** Files of signing keys that lie here and that the environment does not know, or that cannot be used. */
  readonly strangers: readonly KeyFileEntry[];
  readonly policy: ChangePolicy;
}

/** Lists the keys of an environment. The log is verified; throws an `IntegrityError` for damage. */
export async function listKeys(
  ports: ProjectPorts,
  environment: string | undefined,
): Promise<Result<ListedKeys, ProjectFailure>> {
  const found = await openInitialised(ports.workingFolder, environment);
  if (!found.ok) return found;
  const { workspace: { paths }, chosen } = found.value;
  const folder = await ports.keyFolder(paths);
  const ownName = folder.ownName(chosen.keys.signing);
  if (!ownName.ok) return ownName;
  const log = await ports.readLog(paths, chosen);
  if (!log.ok) return log;
  const files = await folder.list();
  const entries = keyHistory(log.value.records);
  const known = new Set(entries.map((each) => each.key.id));
  const { facts } = stateAfter(log.value, log.value.head.seq);
  return ok({
    environment: chosen.name,
    keys: entries.map((entry) => listed(entry, files, ownName.value)),
    ownName: ownName.value,
    isRemote: parseKmsReference(ownName.value) !== undefined,
    strangers: files.filter(({ key }) => !key.ok || !known.has(key.value.id)),
    policy: stricterPolicy(chosen, facts?.policy ?? NO_POLICY),
  });
}

function listed(entry: KeyEntry, files: readonly KeyFileEntry[], ownName: string): ListedKey {
  const here = files.filter(({ key }) => key.ok && key.value.id === entry.key.id);
  const own = here.find(({ name }) => name === ownName);
  return { ...entry, path: (own ?? here[0])?.path, isOwn: own !== undefined };
}
