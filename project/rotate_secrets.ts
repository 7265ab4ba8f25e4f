/**
 * The exchange of an environment's data key. Each step is durable before the next, and each can be repeated, so that another
 * `secrets rotate` completes what one has left that died anywhere:
 *
 *   S1. A new key is durable before `SecretsRotated{active}` names it: the fence. From then on admission takes no event that
 *       names a blob under another key; runs that meet it store what they seal under the new one.
 *   S2. Every blob under an old key is encrypted anew beside the old one, whether or not an event names it: saved plans and
 *       outcomes that were kept aside name blobs too. Then every blob that the log names is opened under the new key.
 *   S3. Ciphertexts in the project's files follow. Where one is left under an old key, that key stays and nothing is dropped.
 *   S4. `SecretsRotated{dropped}` is durable before anything is removed; blobs go before the key, which goes last. No blob is
 *       removed that is not stored under the new key, unless nothing can open it.
 */
import { frameRun } from "../actors/run_frame.ts";
import type { RunLog } from "../actors/run_log.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { type ApplyListener, runWorld, tellingRepairs } from "./apply_project.ts";
import { blobId, blobKey, type DataKeyHistory, dataKeyHistory } from "./data_key_history.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { refusalText } from "./refusal_text.ts";
import { renewCiphertexts } from "./renew_ciphertexts.ts";

/** Whose key is exchanged. */
export interface RotateRequest {
  /** The default one when `undefined`. */
  readonly environment: string | undefined;
  readonly why: string | undefined;
}

/** Who is told. */
export type RotateListener = Pick<ApplyListener, "repaired" | "noticed" | "interrupts">;

/** What a rotation came to. */
export interface Rotation {
  readonly environment: string;
  /** `completed`: one that was interrupted before has been brought to its end. */
  readonly kind: "rotated" | "completed";
  /** The data key that secrets are under now. */
  readonly active: string;
  /** The keys that are gone. */
  readonly dropped: readonly string[];
  readonly blobCount: number;
  readonly ciphertextCount: number;
  /** The files of the project that were changed. */
  readonly files: readonly string[];
  /** Where ciphertexts under an old key are left in the files, by that key: it was kept for them. */
  readonly kept: ReadonlyMap<string, readonly string[]>;
}

/** Exchanges the data key of an environment, or completes an exchange that was interrupted. */
export async function rotateSecrets(
  ports: ProjectPorts,
  request: RotateRequest,
  listener: RotateListener,
): Promise<Result<Rotation, ProjectFailure>> {
  return await withEnvironment(
    ports,
    { environment: request.environment, purpose: "write", tell: (notice) => listener.noticed(notice) },
    (opened) => tellingRepairs(opened, listener, () => rotateOpened({ ports, opened, listener }, request)),
  );
}

interface Rotating {
  readonly ports: ProjectPorts;
  readonly opened: ReadEnvironment;
  readonly listener: RotateListener;
}

async function rotateOpened(
  rotating: Rotating,
  { why }: RotateRequest,
): Promise<Result<Rotation, ProjectFailure>> {
  const { ports, opened, listener: { interrupts } } = rotating;
  const world = runWorld(ports, opened, { parallelism: 1, why }, { interrupts, progress: () => {} });
  const intention = { command: "secrets rotate", writes: [], reads: [] };
  const framed = await frameRun(world, intention, async ({ log }) => {
    const result = await exchange(rotating, log);
    const outcome = !result.ok ? "failed" : result.value.kept.size > 0 ? "partial" : "succeeded";
    return { outcome, result } as const;
  });
  return framed.ok ? framed.value.result : err(refusalFailure(framed.error));
}

async function exchange(rotating: Rotating, log: RunLog): Promise<Result<Rotation, ProjectFailure>> {
  const { environment, workspace, name } = rotating.opened;
  const before = await historyOf(rotating);
  if (!before.ok) return before;
  const lacking = await lackingKey(rotating.opened, before.value);
  if (lacking !== undefined) return err(keyLacks(name, lacking));
  const isLeft = await leavesSomething(rotating.opened, before.value);
  const fenced = isLeft ? ok(undefined) : await raiseFence(rotating, log);
  if (!fenced.ok) return fenced;
  const history = await historyOf(rotating);
  if (!history.ok) return history;
  const { active, retiring } = history.value;
  const blobCount = await resealAll(rotating.opened, history.value);
  await openAll(rotating.opened, history.value);
  const renewed = await renewCiphertexts(workspace, environment.vault, new Set(retiring));
  if (!renewed.ok) return renewed;
  const { count: ciphertextCount, files, left: kept } = renewed.value;
  // One that has begun meanwhile does the rest: it finds these keys among those that retire.
  if (log.state.facts?.activeDataKey !== active) return err(overtaken(name));
  const dropped = retiring.filter((key) => !kept.has(key));
  for (const key of dropped) {
    const answer = await log.append([{ type: "SecretsRotated", dropped: key }]);
    if (!answer.ok) {
      return err({ kind: "Store", message: `Cannot end a data key: ${refusalText(answer.error)}` });
    }
  }
  const gone = new Set([...history.value.dropped, ...dropped]);
  await sweep(rotating.opened, history.value, gone);
  const kind = isLeft ? "completed" : "rotated";
  return ok({ environment: name, kind, active, dropped, blobCount, ciphertextCount, files, kept });
}

async function historyOf({ ports, opened }: Rotating): Promise<Result<DataKeyHistory, ProjectFailure>> {
  const log = await ports.readLog(opened.workspace.paths, opened.chosen);
  return log.ok ? ok(dataKeyHistory(log.value)) : log;
}

/** A key that blobs are still under, and that is not here: nothing could be encrypted anew. */
async function lackingKey(
  { environment: { secretStore } }: ReadEnvironment,
  { retiring }: DataKeyHistory,
): Promise<string | undefined> {
  const here = new Set(await secretStore.keys());
  const used = new Set((await secretStore.blobs()).map(blobKey));
  return retiring.find((key) => used.has(key) && !here.has(key));
}

function keyLacks(environment: string, key: string): ProjectFailure {
  return {
    kind: "Keys",
    message:
      `Cannot complete the rotation of "${environment}": secrets are still under the data key ${key}, ` +
      "which is not here",
    hint: "Run this where the rotation began, or copy the key from there",
  };
}

/** Whether a rotation was interrupted: a key that was to go is not gone, or something that is under a key that has ended is. */
async function leavesSomething(
  { environment: { secretStore } }: ReadEnvironment,
  { retiring, dropped }: DataKeyHistory,
): Promise<boolean> {
  if (retiring.length > 0) return true;
  const ended = new Set(dropped);
  const [keys, blobs] = [await secretStore.keys(), await secretStore.blobs()];
  return keys.some((key) => ended.has(key)) || blobs.some((blob) => ended.has(blobKey(blob)));
}

/** S1. */
async function raiseFence({ opened }: Rotating, log: RunLog): Promise<Result<void, ProjectFailure>> {
  const made = await opened.environment.secretStore.makeKey();
  if (!made.ok) return made;
  const answer = await log.append([{ type: "SecretsRotated", active: made.value }]);
  if (answer.ok) return ok(undefined);
  await opened.environment.secretStore.destroyKey(made.value);
  const kind = answer.error.kind === "KeyNotTrusted" ? "Keys" : "Store";
  return err({ kind, message: `Cannot exchange the data key: ${refusalText(answer.error)}` });
}

/** S2: encrypts anew. What is named and does not open is damage; what is not named is of no use to anybody, and is left. */
async function resealAll(
  { environment: { secretStore } }: ReadEnvironment,
  { active, retiring, named }: DataKeyHistory,
): Promise<number> {
  const old = new Set(retiring);
  let count = 0;
  for (const blob of await secretStore.blobs()) {
    const from = blobKey(blob);
    if (!old.has(from)) continue;
    const outcome = await secretStore.reseal(blobId(blob), { from, to: active });
    if (outcome === "done") count++;
    else if (outcome === "unopened" && named.has(blobId(blob))) throw damaged(blob, "does not open");
  }
  return count;
}

/** S2: opens. */
async function openAll(
  { environment: { secretStore } }: ReadEnvironment,
  { active, named }: DataKeyHistory,
): Promise<void> {
  for (const id of named) {
    if (!await secretStore.opens(id, active)) throw damaged(`${id}/${active}`, "is absent or does not open");
  }
}

/** S4. */
async function sweep(
  { environment: { secretStore } }: ReadEnvironment,
  { active, named }: DataKeyHistory,
  gone: ReadonlySet<string>,
): Promise<void> {
  const keys = new Set(await secretStore.keys());
  for (const blob of await secretStore.blobs()) {
    const from = blobKey(blob);
    if (!gone.has(from)) continue;
    const id = blobId(blob);
    const canOpen = keys.has(from);
    const outcome = canOpen ? await secretStore.reseal(id, { from, to: active }) : undefined;
    if (outcome !== "done" && named.has(id) && !await secretStore.opens(id, active)) {
      throw damaged(blob, "does not open");
    }
    await secretStore.removeBlob(blob);
  }
  for (const key of keys) if (gone.has(key)) await secretStore.destroyKey(key);
}

function damaged(blob: string, what: string): IntegrityError {
  const where = `blob ${blob}`;
  return new IntegrityError(
    "blob",
    where,
    `Cannot exchange the data key: ${where} ${what}; no key was ended`,
  );
}

function overtaken(environment: string): ProjectFailure {
  return {
    kind: "Stale",
    message: `Another rotation of "${environment}" has begun: this one ends without ending a key`,
    hint: "The other one completes both; when it is over, smelt secrets status tells what is left",
  };
}
