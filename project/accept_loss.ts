import { frameRun, type RunWork } from "../actors/run_frame.ts";
import type { Refusal } from "../engine/admit.ts";
import type { EnvironmentEvent, LogRestored, TrustedKey } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Head } from "../store/journal_port.ts";
import { runWorld, tellingRepairs } from "./apply_project.ts";
import type { HandListener, HandRequest, HandResult, HandSummary } from "./change_by_hand.ts";
import type { ProjectFailure } from "./failure.ts";
import { adminsOf, endsOfReplaced, keyToLetIn, unseenAdmin } from "./let_in_key.ts";
import { acceptanceOf, lossSummary, NAMED } from "./loss_summary.ts";
import { moveWrittenPins } from "./move_written_pins.ts";
import type { LostPin, ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { refusalText } from "./refusal_text.ts";
import { checkWhy } from "./said_secret.ts";

/** Which loss is accepted. */
export interface LossRequest extends Omit<HandRequest, "command"> {
  /** A record that somebody else's pin names, beside those that are pinned here. */
  readonly lost: Head | undefined;
  /** A key that the one which signs here has replaced, where it is not one that a rotation left beside it. */
  readonly oldKey: string | undefined;
}

/** What somebody has approved, of a log as it was then. */
interface ApprovedLoss {
  readonly change: HandSummary;
  /** The last record of the restored log. */
  readonly restored: Head;
  /** The keys that may be admins. */
  readonly admins: ReadonlySet<string>;
}

/** The key that signs here was let in, by one that it replaced: now it can accept the loss. */
interface LetIn {
  readonly kind: "letIn";
  readonly approved: ApprovedLoss;
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
  if (!first.ok) return first;
  if (first.value.kind !== "letIn") return ok(first.value);
  const second = await accept(ports, request, { listener, approved: first.value.approved });
  if (!second.ok) return second;
  return second.value.kind === "letIn" ? err(TAKEN_BACK) : ok(second.value);
}

const TAKEN_BACK: ProjectFailure = {
  kind: "KeyDamage",
  message:
    "No loss was accepted: the key that signs here was let in, and somebody has taken that back meanwhile",
  hint: "Find out who can write the log, and has the key that yours replaced",
};

/** Who is asked and told. */
interface Asking {
  readonly listener: HandListener;
  /** `undefined`: nobody was asked yet. */
  readonly approved: ApprovedLoss | undefined;
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
  asking: Asking,
): Promise<Result<HandResult | LetIn, ProjectFailure>> {
  const { environment, name } = opened;
  const { listener } = asking;
  if (environment.lost.length === 0) {
    return ok({ kind: "unchanged", summary: `Nothing is lost: the log of ${name} holds all that is pinned` });
  }
  const said = await checkWhy(environment, request.why);
  if (!said.ok) return said;
  const shown = asking.approved ?? await approveLoss(opened, listener);
  if (shown === undefined) return ok({ kind: "declined" });
  const signing = { opened, request, listener };
  const key = keyToLetIn(environment);
  return key === undefined
    ? await acceptAll(ports, signing, shown)
    : await letIn(ports, signing, { key, approved: shown });
}

/** Asks somebody; `undefined`: they do not want it. */
async function approveLoss(
  opened: ReadEnvironment,
  listener: HandListener,
): Promise<ApprovedLoss | undefined> {
  const { environment: { journal: { head, state } }, name, isProtected } = opened;
  const change = lossSummary(opened);
  const admins = adminsOf(state.keys);
  return await listener.approve(change, { name, isProtected })
    ? { change, restored: head, admins }
    : undefined;
}

/** What signs in an opened environment, and who is told. */
interface Signing {
  readonly opened: ReadEnvironment;
  readonly request: LossRequest;
  readonly listener: HandListener;
}

/** With the old key. Whoever was named may know that one only: its word decides nothing for those who know that it was replaced. */
async function letIn(
  ports: ProjectPorts,
  signing: Signing,
  { key, approved }: { readonly key: TrustedKey; readonly approved: ApprovedLoss },
): Promise<Result<LetIn, ProjectFailure>> {
  const named = signing.opened.environment.lost.filter(({ source }) => source === NAMED);
  const after = { ...approved, admins: new Set([...approved.admins, key.id]) };
  const events = [{ type: "KeyTrusted", key } as const, ...eventsOf(named, approved.restored)];
  const appended = await append(ports, signing, { events, admins: after.admins });
  return appended.ok ? ok({ kind: "letIn", approved: after }) : appended;
}

/** With the key that signs here. */
async function acceptAll(
  ports: ProjectPorts,
  signing: Signing,
  { change, restored, admins }: ApprovedLoss,
): Promise<Result<HandResult, ProjectFailure>> {
  const { environment } = signing.opened;
  const { journal, lost } = environment;
  const { losses = [] } = journal.state.facts ?? {};
  // A pin of this user is among the lost ones only where no key that counts for it has accepted that.
  const unnamed = lost.filter((each) => !each.isWritten || acceptanceOf(losses, each) === undefined);
  const events = [...eventsOf(unnamed, restored), ...endsOfReplaced(environment)];
  const accepted = await append(ports, signing, { events, admins });
  if (!accepted.ok) return accepted;
  const written = lost.filter((each) => each.isWritten);
  const moved = written.length === 0
    ? ok(undefined)
    : await moveWrittenPins(signing.opened, written, journal.head);
  if (!moved.ok) return moved;
  const late = unseenAdmin(journal.state.keys, admins, "The loss is accepted");
  if (late !== undefined) return err(late);
  const run = accepted.value;
  return ok(
    run === undefined ? { kind: "unchanged", summary: change.summary } : { kind: "changed", change, run },
  );
}

interface Appending {
  readonly events: readonly EnvironmentEvent[];
  /** The keys that may be admins afterwards: those that somebody was shown. */
  readonly admins: ReadonlySet<string>;
}

/** Appends them in a run of their own, and names that; `undefined`: there are none, as a command that was cut short has appended them. */
async function append(
  ports: ProjectPorts,
  { opened, request, listener }: Signing,
  { events, admins }: Appending,
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
