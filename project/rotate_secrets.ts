/**
 * The exchange of an environment's data key. Each step is durable before the next, and each can be repeated, so that another
 * `secrets rotate` completes what one has left that died anywhere:
 *
 *   S1. Before anything, every blob that the log names must open under some key that is here, or be given up by name: whoever may
 *       remove a blob could else keep a leaked key in use for ever. The run that gives secrets up says which.
 *   S2. A new key, which has the id of its run, is durable before `SecretsRotated{active}` names it: the fence. From then on admission takes no event that
 *       names a blob under another key; runs that meet it store what they seal under the new one.
 *   S3. Every blob is encrypted anew beside the old one, from whatever key that is here opens it, whether or not an event names
 *       it: saved plans and outcomes that were kept aside name blobs too, and a log that was restored knows older keys than those
 *       that its blobs are under. Then every blob that the log names is opened under the new key.
 *   S4. Ciphertexts in the project's files follow: each new text is read and opened in its place before it is written, and the
 *       files are looked at again when all are. Where one is left under an old key, or where anything was not to be seen, that
 *       key stays.
 *   S5. `SecretsRotated{dropped}` is durable before anything is removed; blobs go before the key, which goes last. No blob is
 *       removed that is not stored under the new key, unless nothing can open it.
 *
 * What cannot go on is an answer, not an exception: the run ends with its `RunFinished`.
 */
import { frameRun } from "../actors/run_frame.ts";
import type { RunLog } from "../actors/run_log.ts";
import { giveUpCommand } from "../engine/given_up_secrets.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { type ApplyListener, type ApprovedEnvironment, runWorld, tellingRepairs } from "./apply_project.ts";
import { type BlobSurvey, type LostBlob, surveyBlobs } from "./blob_survey.ts";
import { type DataKeyHistory, dataKeyHistory } from "./data_key_history.ts";
import type { ProjectFailure } from "./failure.ts";
import type { KeptPlace } from "./kept_place.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { removeUnfinished } from "./unfinished_files.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { refusalText } from "./refusal_text.ts";
import { renewCiphertexts } from "./renew_ciphertexts.ts";
import { clearRefusal, leavesSomething, refusalOf } from "./rotation_refusals.ts";
import { type Moving, openAll, resealAll, sweep } from "./rotation_steps.ts";
import type { SecretStore } from "./secret_store.ts";
import { checkWhy } from "./said_secret.ts";

/** Whose key is exchanged. */
export interface RotateRequest {
  /** The default one when `undefined`. */
  readonly environment: string | undefined;
  readonly why: string | undefined;
  /** Asked whether to go on without the secrets that open under no key; such a rotation is refused when left out. */
  readonly giveUp?: GiveUp | undefined;
  /** Whether the new key may lie in clear where the one before is wrapped; refused when left out. */
  readonly inClear?: "allow" | "refuse";
}

/** Whether to go on without secrets that nothing here opens. `false` ends the command without a change. */
export type GiveUp = (lost: readonly LostBlob[], environment: ApprovedEnvironment) => Promise<boolean>;

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
  /** The old keys that were kept, and for what. */
  readonly kept: ReadonlyMap<string, readonly KeptPlace[]>;
  /** Secrets that were given up. */
  readonly givenUp: readonly LostBlob[];
  /** Whether the digest key, which stays, lay in clear until now and is wrapped. */
  readonly digestKey: "wrapped" | "unchanged";
}

/** Exchanges the data key of an environment, or completes an exchange that was interrupted. */
export async function rotateSecrets(
  ports: ProjectPorts,
  request: RotateRequest,
  listener: RotateListener,
): Promise<Result<Rotation | { readonly kind: "declined" }, ProjectFailure>> {
  return await withEnvironment(
    ports,
    {
      environment: request.environment,
      purpose: "write",
      role: "admin",
      tell: (notice) => listener.noticed(notice),
    },
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
  { why, giveUp, inClear }: RotateRequest,
): Promise<Result<Rotation | { readonly kind: "declined" }, ProjectFailure>> {
  const { ports, opened, listener: { interrupts } } = rotating;
  const surveyed = await surveyBlobs(ports, opened);
  if (!surveyed.ok) return surveyed;
  const survey = surveyed.value;
  const refusal = await refusalOf(opened, survey, giveUp === undefined ? "refused" : "asked") ??
    (inClear === "allow" ? undefined : await clearRefusal(opened, survey));
  if (refusal !== undefined) return err(refusal);
  const said = await checkWhy(opened.environment, why);
  if (!said.ok) return said;
  const { name, isProtected } = opened;
  const goesOn = survey.lost.length === 0 || await giveUp?.(survey.lost, { name, isProtected });
  if (goesOn !== true) return ok({ kind: "declined" });
  const world = runWorld(ports, opened, { parallelism: 1, why }, { interrupts, progress: () => {} });
  const intention = { command: commandOf(survey), writes: [], reads: [] };
  const framed = await frameRun(world, intention, async ({ log }) => {
    const result = await exchange(rotating, log, survey);
    const outcome = !result.ok ? "failed" : result.value.kept.size > 0 ? "partial" : "succeeded";
    return { outcome, result } as const;
  });
  return framed.ok ? framed.value.result : err(refusalFailure(framed.error));
}

/** As the log tells it for ever: with the ids of what is given up. */
function commandOf({ lost }: BlobSurvey): string {
  const ids = lost.map(({ id }) => id);
  return ids.length === 0 ? "secrets rotate" : giveUpCommand(ids);
}

async function exchange(
  rotating: Rotating,
  log: RunLog,
  survey: BlobSurvey,
): Promise<Result<Rotation, ProjectFailure>> {
  const { environment: { secretStore, vault }, workspace, name } = rotating.opened;
  const begun = await begin(rotating, log, survey);
  if (!begun.ok) return begun;
  const { kind, digestKey, ending, returned, moving } = begun.value;
  const { active } = moving.history;
  const resealed = await resealAll(moving);
  if (!resealed.ok) return resealed;
  const open = await openAll(moving);
  if (!open.ok) return open;
  const renewed = await renewCiphertexts(workspace, vault, new Set([...ending, ...returned]));
  if (!renewed.ok) return renewed;
  const { count: ciphertextCount, files, left: kept } = renewed.value;
  // One that has begun meanwhile does the rest: it finds these keys among those that retire.
  if (log.state.facts?.activeDataKey !== active) return err(overtaken(name));
  const dropped = ending.filter((key) => !kept.has(key));
  const told = await dropKeys(log, dropped);
  if (!told.ok) return told;
  const gone = [...moving.history.dropped, ...dropped].filter((key) => !kept.has(key));
  const swept = await sweep(moving, new Set(gone));
  if (!swept.ok) return swept;
  await removeUnfinished(workspace, secretStore, rotating.ports.clock);
  const counts = { blobCount: resealed.value, ciphertextCount };
  const about = { kept, givenUp: survey.lost, digestKey };
  return ok({ environment: name, kind, active, dropped, ...counts, files, ...about });
}

/** A rotation whose fence stands. */
interface Begun extends Pick<Rotation, "kind" | "digestKey"> {
  /** The keys that are to go. */
  readonly ending: readonly string[];
  /** Keys that have ended and are here all the same, from a backup or on another machine: old ciphertexts may need them. */
  readonly returned: readonly string[];
  readonly moving: Moving;
}

async function begin(
  rotating: Rotating,
  log: RunLog,
  { stray, unnamed, unusable, lost }: BlobSurvey,
): Promise<Result<Begun, ProjectFailure>> {
  const { secretStore } = rotating.opened.environment;
  const before = await historyOf(rotating);
  if (!before.ok) return before;
  const isLeft = await leavesSomething(rotating.opened, before.value, lost);
  const wrapped = await secretStore.wrapDigestKey();
  if (!wrapped.ok) return wrapped;
  const fenced = isLeft ? ok(undefined) : await raiseFence(rotating, log);
  if (!fenced.ok) return fenced;
  // Whose run has ended names no key any more: what it has named is in the history that is read after this.
  const ended = unnamed.filter((key) => !log.state.liveRuns.has(key));
  const after = await historyOf(rotating);
  if (!after.ok) return after;
  const history = after.value;
  const abandoned = ended.filter((key) => key !== history.active && !history.retiring.includes(key));
  const givenUp = new Set([...history.givenUp, ...lost.map(({ id }) => id)]);
  return ok({
    kind: isLeft ? "completed" : "rotated",
    digestKey: wrapped.value,
    ending: [...history.retiring, ...stray, ...abandoned],
    returned: await usableHere(secretStore, history.dropped),
    moving: { secretStore, history, givenUp, unusable },
  });
}

async function usableHere(
  secretStore: Pick<SecretStore, "keys" | "useKey">,
  wanted: readonly string[],
): Promise<readonly string[]> {
  const usable: string[] = [];
  const here = new Set(await secretStore.keys());
  for (const key of wanted) if (here.has(key) && (await secretStore.useKey(key)).ok) usable.push(key);
  return usable;
}

async function historyOf({ ports, opened }: Rotating): Promise<Result<DataKeyHistory, ProjectFailure>> {
  const log = await ports.readLog(opened.workspace.paths, opened.chosen);
  return log.ok ? ok(dataKeyHistory(log.value)) : log;
}

/** S2. */
async function raiseFence({ opened }: Rotating, log: RunLog): Promise<Result<void, ProjectFailure>> {
  const { secretStore } = opened.environment;
  const active = log.run;
  const made = await secretStore.makeKey(active);
  if (!made.ok) return made;
  const answer = await log.append([{ type: "SecretsRotated", active }]);
  if (answer.ok) return ok(undefined);
  await secretStore.destroyKey(active);
  const kind = answer.error.kind === "KeyNotTrusted" ? "Keys" : "Store";
  return err({ kind, message: `Cannot exchange the data key: ${refusalText(answer.error)}` });
}

/** S5: one after the other, before anything of them is removed. */
async function dropKeys(log: RunLog, dropped: readonly string[]): Promise<Result<void, ProjectFailure>> {
  for (const key of dropped) {
    const answer = await log.append([{ type: "SecretsRotated", dropped: key }]);
    if (!answer.ok) {
      return err({ kind: "Store", message: `Cannot end a data key: ${refusalText(answer.error)}` });
    }
  }
  return ok(undefined);
}

function overtaken(environment: string): ProjectFailure {
  return {
    kind: "Stale",
    message: `Another rotation of "${environment}" has begun: this one ends without ending a key`,
    hint: "The other one completes both; when it is over, smelt secrets status tells what is left",
  };
}
