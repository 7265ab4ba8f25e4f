import { frameRun } from "../actors/run_frame.ts";
import type { LogRestored } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Head } from "../store/journal_port.ts";
import { runWorld, tellingRepairs } from "./apply_project.ts";
import type { HandListener, HandRequest, HandResult, HandSummary } from "./change_by_hand.ts";
import type { ProjectFailure } from "./failure.ts";
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
 * key, and moves this user's pin to the end of it. Whoever else has pinned just these records is then no longer refused.
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
  const change = summaryOf(name, head, lost, environment.journal.state.facts?.activeDataKey ?? "");
  if (!await listener.approve(change, { name, isProtected })) return ok({ kind: "declined" });
  const world = runWorld(ports, opened, { parallelism: 1, why: request.why }, listener);
  const intention = { command: "recover --restored", writes: [], reads: [] };
  const framed = await frameRun(world, intention, async ({ log }) => {
    const result = await log.append(eventsOf(lost, head));
    return { outcome: result.ok ? "succeeded" as const : "failed" as const, result };
  });
  if (!framed.ok) return err(refusalFailure(framed.error));
  const { result, run } = framed.value;
  if (result.ok) return ok({ kind: "changed", change, run });
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

function summaryOf(
  name: string,
  head: Head,
  lost: readonly LostPin[],
  activeDataKey: string,
): HandSummary {
  return {
    summary: `The loss of what the log of ${name} lacks is accepted: it goes on from record ${head.seq}`,
    details: [
      ...lost.map((each) => lossText(each, head)),
      "What the lost part made, changed or deleted is not in this log: until smelt recover --loss-settled every plan reads " +
      "all objects, and makes none that may be there already",
      "Keys that were revoked in it are trusted again",
      restoredDataKeyText(activeDataKey),
    ],
  };
}

function lossText({ source, seq, hash, found }: LostPin, head: Head): string {
  const named = `${source} names record ${seq}, ${hash}`;
  if (found !== undefined) return `${named}; the log parts from it: there it holds ${found}`;
  const count = seq - head.seq;
  return `${named}; the log lacks ${count === 1 ? "the last record" : `${count} records`} up to it`;
}
