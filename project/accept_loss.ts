import { frameRun, type RunWork } from "../actors/run_frame.ts";
import type { Refusal } from "../engine/admit.ts";
import type { AcceptedLoss } from "../engine/accepted_loss.ts";
import type { EnvironmentEvent, LogRestored } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Head } from "../store/journal_port.ts";
import { runWorld, tellingRepairs } from "./apply_project.ts";
import type { HandListener, HandRequest, HandResult, HandSummary } from "./change_by_hand.ts";
import type { ProjectFailure } from "./failure.ts";
import { adminsOf, endsOfReplaced, keyDetails, keyToLetIn, unseenAdmin } from "./let_in_key.ts";
import { isCheckpointLost, moveWrittenPins } from "./move_written_pins.ts";
import { CONFIG_FILE_NAME } from "./project_paths.ts";
import type { LostPin, ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { refusalText } from "./refusal_text.ts";
import { restoredDataKeyText } from "./restored_data_key.ts";
import { checkWhy } from "./said_secret.ts";

/** Which loss is accepted. */
export interface LossRequest extends Omit<HandRequest, "command"> {
  /** A record that somebody else's pin names, beside those that are pinned here. */
  readonly lost: Head | undefined;
  /** A key that the one which signs here has replaced, where it is not one that a rotation left beside it. */
  readonly oldKey: string | undefined;
}

const NAMED = "--lost";

/** The key that signs here was let in, by one that it replaced: now it can accept the loss. */
interface LetIn {
  readonly kind: "letIn";
  /** The keys that may be admins then. */
  readonly admins: ReadonlySet<string>;
}

/**
 * Accepts that a log which was restored from a backup lacks what is pinned: appends which records these are, signed by an admin
 * key, and moves this user's pin to the end of it. Whoever else has pinned just these records is then no longer refused, but for
 * those who have them from `smelt.toml`, which is given another pin: they need that file. A log of before the key that signs here
 * took the place of another one trusts that one alone: then the old key lets the new one in first.
 */
export async function acceptLoss(
  ports: ProjectPorts,
  request: LossRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const first = await accept(ports, request, { listener, approved: undefined });
  if (!first.ok || first.value.kind !== "letIn") return narrowed(first);
  return narrowed(await accept(ports, request, { listener, approved: first.value.admins }));
}

function narrowed(accepted: Result<HandResult | LetIn, ProjectFailure>): Result<HandResult, ProjectFailure> {
  if (!accepted.ok) return accepted;
  const { value } = accepted;
  return value.kind === "letIn" ? err(REVOKED_MEANWHILE) : ok(value);
}

const REVOKED_MEANWHILE: ProjectFailure = {
  kind: "KeyDamage",
  message:
    "No loss was accepted: the key that signs here was let in, and somebody has taken that back meanwhile",
  hint: "Find out who can write the log, and has the key that yours replaced",
};

/** Who is asked and told. */
interface Asking {
  readonly listener: HandListener;
  /** The keys that could be admins when somebody approved; `undefined`: nobody was asked yet. */
  readonly approved: ReadonlySet<string> | undefined;
}

async function accept(
  ports: ProjectPorts,
  request: LossRequest,
  asking: Asking,
): Promise<Result<HandResult | LetIn, ProjectFailure>> {
  const { environment, lost, oldKey } = request;
  const { listener } = asking;
  return await withEnvironment(
    ports,
    {
      environment,
      purpose: "write",
      role: "admin",
      lost: "told",
      pins: lost === undefined ? [] : [{ ...lost, source: NAMED }],
      oldKey,
      tell: (notice) => listener.noticed(notice),
    },
    (opened) => tellingRepairs(opened, listener, () => acceptOpened(ports, opened, request, asking)),
  );
}

async function acceptOpened(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  request: LossRequest,
  { listener, approved }: Asking,
): Promise<Result<HandResult | LetIn, ProjectFailure>> {
  const { environment, name, isProtected } = opened;
  const { lost } = environment;
  const { head, state } = environment.journal;
  if (lost.length === 0) {
    return ok({ kind: "unchanged", summary: `Nothing is lost: the log of ${name} holds all that is pinned` });
  }
  const said = await checkWhy(environment, request.why);
  if (!said.ok) return said;
  const { losses = [] } = state.facts ?? {};
  // A pin of this user is among the lost ones only where no key that counts for it has accepted that.
  const unnamed = lost.filter((each) => !each.isWritten || acceptanceOf(losses, each) === undefined);
  const written = lost.filter((each) => each.isWritten);
  const change = summaryOf(opened, lost);
  const admins = approved ?? adminsOf(state.keys);
  if (approved === undefined && !await listener.approve(change, { name, isProtected })) {
    return ok({ kind: "declined" });
  }
  const appending = { request, listener };
  const key = keyToLetIn(environment);
  if (key !== undefined) {
    // Whoever has been named may know of this key only; it decides nothing for those who know that it was replaced.
    const named = eventsOf(lost.filter(({ source }) => source === NAMED), head);
    const events = [{ type: "KeyTrusted", key } as const, ...named];
    const then = new Set([...admins, key.id]);
    const letIn = await append(ports, opened, { ...appending, events, admins: then });
    return letIn.ok ? ok({ kind: "letIn", admins: then }) : letIn;
  }
  const events = [...eventsOf(unnamed, head), ...endsOfReplaced(environment)];
  const accepted = await append(ports, opened, { ...appending, events, admins });
  if (!accepted.ok) return accepted;
  const moved = written.length === 0
    ? ok(undefined)
    : await moveWrittenPins(opened, written, environment.journal.head);
  if (!moved.ok) return moved;
  const late = unseenAdmin(state.keys, admins, "The loss is accepted");
  if (late !== undefined) return err(late);
  const run = accepted.value;
  return ok(
    run === undefined ? { kind: "unchanged", summary: change.summary } : { kind: "changed", change, run },
  );
}

interface Appending {
  readonly request: LossRequest;
  readonly listener: HandListener;
  readonly events: readonly EnvironmentEvent[];
  /** The keys that may be admins afterwards: those that somebody was shown. */
  readonly admins: ReadonlySet<string>;
}

/** Appends them in a run of their own, and names that; `undefined`: there are none, as a command that was cut short has appended them. */
async function append(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { request, listener, events, admins }: Appending,
): Promise<Result<string | undefined, ProjectFailure>> {
  if (events.length === 0) return ok(undefined);
  const world = runWorld(ports, opened, { parallelism: 1, why: request.why }, listener);
  const intention = { command: "recover --restored", writes: [], reads: [] };
  const framed = await frameRun(world, intention, async ({ log }): Promise<Accepted> => {
    const { keys } = opened.environment.journal.state;
    const unseen = unseenAdmin(keys, admins, "No loss was accepted");
    if (unseen !== undefined) return { outcome: "failed", result: err(unseen) };
    const answer = await log.append(events);
    return answer.ok
      ? { outcome: "succeeded", result: ok(undefined) }
      : { outcome: "failed", result: err(refused(answer.error)) };
  });
  if (!framed.ok) return err(refusalFailure(framed.error));
  const { result, run } = framed.value;
  return result.ok ? ok(run) : result;
}

type Accepted = RunWork<Result<void, ProjectFailure>>;

function refused(refusal: Refusal): ProjectFailure {
  return { kind: "Store", message: `No loss was accepted: ${refusalText(refusal)}` };
}

/** One for each record, however many name it. */
function eventsOf(lost: readonly LostPin[], { seq: restoredSeq }: Head): readonly LogRestored[] {
  const records = new Map(lost.map((each) => [`${each.seq} ${each.hash}`, each]));
  return [...records.values()].map(({ seq, hash }) => ({
    type: "LogRestored",
    lostSeq: seq,
    lostHash: hash,
    restoredSeq,
  }));
}

/** Who has accepted the loss of this record, whatever their word is worth to the pin. */
function acceptanceOf(losses: readonly AcceptedLoss[], { seq, hash }: LostPin): AcceptedLoss | undefined {
  return losses.find(({ lostSeq, lostHash }) => lostSeq === seq && lostHash === hash);
}

function summaryOf(
  { name, chosen, environment }: ReadEnvironment,
  lost: readonly LostPin[],
): HandSummary {
  const { head, state: { facts } } = environment.journal;
  const file = chosen.checkpoint?.file;
  return {
    summary: `The loss of what the log of ${name} lacks is accepted: it goes on from record ${head.seq}`,
    details: [
      ...lost.map((each) => lossText(each, head, acceptanceOf(facts?.losses ?? [], each))),
      ...lost.some((each) => each.isWritten)
        ? [
          `${CONFIG_FILE_NAME} gets a pin of the last record of now: commit it, as every machine refuses the log without it`,
        ]
        : [],
      ...isCheckpointLost(lost, file)
        ? [`It names the checkpoint "${file}" no more: smelt audit checkpoint signs another`]
        : [],
      "What the lost part made, changed or deleted is not in this log: until smelt recover --loss-settled every plan reads " +
      "all objects, and makes none that may be there already",
      "Keys that were revoked in it are trusted again",
      ...keyDetails(environment, lost.filter(({ source }) => source !== NAMED)),
      restoredDataKeyText(facts?.activeDataKey ?? ""),
    ],
  };
}

function lossText(
  { source, seq, hash, found }: LostPin,
  head: Head,
  acceptance: AcceptedLoss | undefined,
): string {
  const named = `${source} names record ${seq}, ${hash}`;
  if (acceptance !== undefined) {
    return `${named}; ${acceptance.who} accepted its loss at ${acceptance.at}, with the key ${
      acceptance.keyId.slice(0, 8)
    }`;
  }
  if (found !== undefined) return `${named}; the log parts from it: there it holds ${found}`;
  const count = seq - head.seq;
  return `${named}; the log lacks ${count === 1 ? "the last record" : `${count} records`} up to it`;
}
