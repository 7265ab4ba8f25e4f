import { frameRun } from "../actors/run_frame.ts";
import type { AcceptedLoss } from "../engine/accepted_loss.ts";
import type { LogRestored } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Head } from "../store/journal_port.ts";
import { runWorld, tellingRepairs } from "./apply_project.ts";
import type { HandListener, HandRequest, HandResult, HandSummary } from "./change_by_hand.ts";
import type { ProjectFailure } from "./failure.ts";
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
}

/**
 * Accepts that a log which was restored from a backup lacks what is pinned: appends which records these are, signed by an admin
 * key, and moves this user's pin to the end of it. Whoever else has pinned just these records is then no longer refused, but for
 * those who have them from `smelt.toml`, which is given another pin: they need that file.
 */
export async function acceptLoss(
  ports: ProjectPorts,
  request: LossRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const { environment, lost } = request;
  return await withEnvironment(
    ports,
    {
      environment,
      purpose: "write",
      role: "admin",
      lost: "told",
      pins: lost === undefined ? [] : [{ ...lost, source: "--lost" }],
      tell: (notice) => listener.noticed(notice),
    },
    (opened) => tellingRepairs(opened, listener, () => acceptOpened(ports, opened, request, listener)),
  );
}

async function acceptOpened(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  request: LossRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const { environment, name, isProtected } = opened;
  const { lost } = environment;
  const { head } = environment.journal;
  if (lost.length === 0) {
    return ok({ kind: "unchanged", summary: `Nothing is lost: the log of ${name} holds all that is pinned` });
  }
  const said = await checkWhy(environment, request.why);
  if (!said.ok) return said;
  const { losses = [] } = environment.journal.state.facts ?? {};
  // A pin of this user is among the lost ones only where no key that counts for it has accepted that.
  const unnamed = lost.filter((each) => !each.isWritten || acceptanceOf(losses, each) === undefined);
  const written = lost.filter((each) => each.isWritten);
  const change = summaryOf(opened, lost);
  if (!await listener.approve(change, { name, isProtected })) return ok({ kind: "declined" });
  const accepted = await append(ports, opened, { request, listener, events: eventsOf(unnamed, head) });
  if (!accepted.ok) return accepted;
  const moved = written.length === 0
    ? ok(undefined)
    : await moveWrittenPins(opened, written, environment.journal.head);
  if (!moved.ok) return moved;
  const run = accepted.value;
  return ok(
    run === undefined ? { kind: "unchanged", summary: change.summary } : { kind: "changed", change, run },
  );
}

interface Appending {
  readonly request: LossRequest;
  readonly listener: HandListener;
  readonly events: readonly LogRestored[];
}

/** Appends them in a run of their own, and names that; `undefined`: there are none, as a command that was cut short has appended them. */
async function append(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { request, listener, events }: Appending,
): Promise<Result<string | undefined, ProjectFailure>> {
  if (events.length === 0) return ok(undefined);
  const world = runWorld(ports, opened, { parallelism: 1, why: request.why }, listener);
  const intention = { command: "recover --restored", writes: [], reads: [] };
  const framed = await frameRun(world, intention, async ({ log }) => {
    const result = await log.append(events);
    return { outcome: result.ok ? "succeeded" as const : "failed" as const, result };
  });
  if (!framed.ok) return err(refusalFailure(framed.error));
  const { result, run } = framed.value;
  if (result.ok) return ok(run);
  return err({ kind: "Store", message: `No loss was accepted: ${refusalText(result.error)}` });
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
