import { heldValues } from "../engine/held_values.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { ok, type Result } from "../engine/result.ts";
import { sealedBlobs } from "../engine/sealed_blobs.ts";
import { blobId, blobKey, type DataKeyHistory, dataKeyHistory, type NamedBlob } from "./data_key_history.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { ReadEnvironment } from "./read_environment.ts";
import type { SecretStore } from "./secret_store.ts";
import { readCiphertexts } from "./source_ciphertexts.ts";

/** Which of the secrets that a log names can be put under another data key here. */
export interface BlobSurvey {
  readonly history: DataKeyHistory;
  /**
   * Keys that are here, that the log never names, and that something is under: a part of the log that named them was lost. A key
   * that somebody has just made and not named yet is none of them.
   */
  readonly stray: readonly string[];
  /** Keys that are here, that the log never names, that nothing is under, and that have the id of a rotation's run. */
  readonly unnamed: readonly string[];
  /** Keys that have ended, and whose files are none of keys: whoever may write the store can put such there. */
  readonly unusable: ReadonlySet<string>;
  /** Secrets that the log names and that open under no key that is here, but for those that were given up before. */
  readonly lost: readonly LostBlob[];
}

/** A secret that does not open here. */
export interface LostBlob extends NamedBlob {
  readonly id: string;
  /** `keyAbsent`: it is stored under a key that may be elsewhere. */
  readonly why: "absent" | "altered" | "keyAbsent";
  /** That key. */
  readonly dataKey: string | undefined;
  /** Whether its resource still has it, or it is one of the past. */
  readonly isHeld: boolean;
}

/**
 * Opens every secret that the log names under some key that is here. Another rotation may move them meanwhile, so one look is not
 * enough to call any lost. The failure is of a key that is here and cannot be used.
 */
export async function surveyBlobs(
  ports: Pick<ProjectPorts, "readLog">,
  opened: ReadEnvironment,
): Promise<Result<BlobSurvey, ProjectFailure>> {
  const first = await lookOnce(ports, opened);
  return first.ok && first.value.lost.length === 0 ? first : await lookOnce(ports, opened);
}

async function lookOnce(
  ports: Pick<ProjectPorts, "readLog">,
  { workspace, chosen, environment }: ReadEnvironment,
): Promise<Result<BlobSurvey, ProjectFailure>> {
  const { secretStore } = environment;
  // Looked at before the log: nothing is under a key before the log names it, unless that part of the log was lost.
  const before = await secretStore.blobs();
  const { found } = await readCiphertexts(workspace);
  const here = new Set(await secretStore.keys());
  const log = await ports.readLog(workspace.paths, chosen);
  if (!log.ok) return log;
  const history = dataKeyHistory(log.value);
  const used = new Set([...before.map(blobKey), ...found.map(({ dataKey }) => dataKey)]);
  const unusable = new Set<string>();
  for (const key of here.intersection(used)) {
    const use = await secretStore.useKey(key);
    if (use.ok) continue;
    if (!history.droppedIn.has(key)) return use;
    unusable.add(key);
  }
  const usable = here.intersection(used).difference(unusable);
  const known = new Set([history.active, ...history.retiring, ...history.dropped]);
  const unknown = [...here].filter((key) => !known.has(key));
  const stray = unknown.filter((key) => usable.has(key));
  const unnamed = unknown.filter((key) => !usable.has(key) && history.rotations.has(key));
  const elsewhere = new Set([history.active, ...history.retiring].filter((key) => !here.has(key)));
  // And after it: a blob is stored before the log names it.
  const blobs = await secretStore.blobs();
  const lost = await lostBlobs({ secretStore, usable, elsewhere, blobs }, history);
  const held = heldBlobs(environment.journal.state);
  const told = lost.map((each) => ({ ...each, isHeld: held.has(each.id) }));
  return ok({ history, stray, unnamed, unusable, lost: told });
}

interface Stored {
  readonly secretStore: SecretStore;
  readonly usable: ReadonlySet<string>;
  /** Keys that are in use and not here. */
  readonly elsewhere: ReadonlySet<string>;
  readonly blobs: readonly string[];
}

async function lostBlobs(
  { secretStore, usable, elsewhere, blobs }: Stored,
  { named, givenUp }: DataKeyHistory,
): Promise<readonly Omit<LostBlob, "isHeld">[]> {
  const keysOf = Map.groupBy(blobs, blobId);
  const lost: Omit<LostBlob, "isHeld">[] = [];
  for (const [id, place] of named) {
    const keys = (keysOf.get(id) ?? []).map(blobKey);
    const candidates = keys.filter((key) => usable.has(key));
    if (givenUp.has(id) || await opensUnderAny(secretStore, id, candidates)) continue;
    const dataKey = keys.find((key) => elsewhere.has(key));
    const why = dataKey !== undefined ? "keyAbsent" : candidates.length > 0 ? "altered" : "absent";
    lost.push({ ...place, id, why, dataKey });
  }
  return lost;
}

/** Whether a blob opens under any of these keys. */
export async function opensUnderAny(
  secretStore: Pick<SecretStore, "opens">,
  id: string,
  keys: Iterable<string>,
): Promise<boolean> {
  for (const key of keys) if (await secretStore.opens(id, key)) return true;
  return false;
}

function heldBlobs({ resources }: Pick<EnvironmentView, "resources">): ReadonlySet<string> {
  return new Set([...resources.values()].flatMap(heldValues).flatMap(sealedBlobs).map(blobId));
}
