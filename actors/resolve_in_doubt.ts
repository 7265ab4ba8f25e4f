import type { EnvironmentView } from "../engine/environment.ts";
import type { RunOutcome } from "../engine/environment_event.ts";
import { type Event, isResourceEvent } from "../engine/event.ts";
import type { CallFailure } from "../engine/call_failure.ts";
import { compareText } from "../engine/text_order.ts";
import { ResourceActor } from "./resource_actor.ts";
import { type AccountProblem, findAccounts } from "./run_accounts.ts";
import type { ClaimedRun, RunIntention } from "./run_claims.ts";
import { forgetLocks } from "./run_death.ts";
import { type FramedRun, frameRun, type RunWork } from "./run_frame.ts";
import type { RunLog } from "./run_log.ts";
import type { RunWorld } from "./run_world.ts";
import { TAKEN_OVER } from "./step_outcome.ts";

/** What came of settling doubts. */
export type ResolveResult =
  /** Nothing was open, and nothing was appended. */
  | { readonly kind: "nothing" }
  | AccountProblem
  | ({
    readonly kind: "ended";
    readonly settled: readonly SettledDoubt[];
    /** What stays in doubt; its failure says what to search for by hand. */
    readonly unsettled: readonly { readonly address: string; readonly failure: CallFailure }[];
  } & Omit<FramedRun<unknown>, "result">);

/** An intent of before whose outcome is now known. */
export interface SettledDoubt {
  readonly address: string;
  readonly outcome: "done" | "notDone";
  /** As in `OutcomeResolved`; `recorded`: an outcome that had been kept aside was stored. */
  readonly evidence: string;
}

interface Doubts {
  readonly settled: readonly SettledDoubt[];
  readonly unsettled: readonly { readonly address: string; readonly failure: CallFailure }[];
}

/**
 * Settles what runs of before have left open, in a run of its own. A run that lives keeps what it holds. `unsaved` are
 * outcomes that an earlier run could not store; those whose tokens are open, or were held for not done since, are appended first. In another account than
 * the bound one nothing is looked for: what is not found there proves nothing, and what is sent again there makes another.
 */
export async function resolveInDoubt(
  world: RunWorld,
  errand: Pick<RunIntention, "command" | "resumes">,
  unsaved: readonly Event[],
): Promise<ResolveResult> {
  await world.journal.refresh();
  const writes = await openAddresses(world);
  const isAwaited = unsaved.some((event) => waitsFor(world.journal.state, event));
  if (writes.length === 0 && !isAwaited) return { kind: "nothing" };
  const accounts = await findAccounts(world, typesInDoubt(world, writes));
  if (!accounts.ok) return accounts.error;
  const framed = await frameRun(world, { ...errand, writes, reads: [] }, async (claimed) => {
    const doubts = await settleAll(world, claimed, writes, unsaved);
    const outcome = endOf(doubts, world.interrupts.stop.aborted);
    return { outcome, result: doubts } satisfies RunWork<Doubts>;
  });
  if (!framed.ok) return { kind: "refused", refusal: framed.error };
  const { result, ...rest } = framed.value;
  return { kind: "ended", ...rest, ...result };
}

/** Whether the log still takes this outcome: of a call that is open, or of a creation that somebody held for not done. */
export function waitsFor(
  { deniedTokens, openTokens }: Pick<EnvironmentView, "openTokens" | "deniedTokens">,
  event: Event,
): boolean {
  if (!("token" in event)) return false;
  if (openTokens.has(event.token)) return true;
  const isMade = event.type === "CreateAccepted" || event.type === "CreateSucceeded";
  return isMade && deniedTokens.has(event.token);
}

function endOf({ settled, unsettled }: Doubts, wasInterrupted: boolean): RunOutcome {
  if (unsettled.length === 0) return "succeeded";
  if (wasInterrupted) return "interrupted";
  return settled.length === 0 ? "failed" : "partial";
}

/** Types of the objects that the open intents of `addresses` are about. */
function typesInDoubt(world: RunWorld, addresses: readonly string[]): ReadonlySet<string> {
  const types = addresses.map((address) => {
    const state = world.journal.state.resources.get(address);
    const started = state?.intent?.started;
    if (started?.type === "CreateStarted") return started.resourceType;
    const old = state?.deposed.find((each) => each.object.id === started?.id);
    return (old?.object ?? state?.object)?.type;
  });
  return new Set(types.filter((type) => type !== undefined));
}

/** Addresses with an open intent, but for those of runs whose lock is held on this machine. */
async function openAddresses(world: RunWorld): Promise<readonly string[]> {
  const { openTokens, resources, liveRuns } = world.journal.state;
  const held = new Map<string, boolean>();
  const addresses: string[] = [];
  for (const address of openTokens.values()) {
    const run = resources.get(address)?.intent?.run;
    if (run === undefined) continue;
    const isHeld = held.get(run) ?? (liveRuns.has(run) && await world.locks.look(run) === "held");
    held.set(run, isHeld);
    if (!isHeld) addresses.push(address);
  }
  return addresses.sort(compareText);
}

async function settleAll(
  world: RunWorld,
  { log, claimedAt }: ClaimedRun,
  addresses: readonly string[],
  unsaved: readonly Event[],
): Promise<Doubts> {
  const settled: SettledDoubt[] = await appendUnsaved(log, unsaved);
  const unsettled: { readonly address: string; readonly failure: CallFailure }[] = [];
  const runs = new Set<string>();
  const waiting = addresses.values();
  const work = async () => {
    for (const address of waiting) {
      const actor = new ResourceActor(address, {
        world,
        log,
        watch: { accepted: () => {}, progressed: () => {}, retrying: () => {}, answered: () => {} },
        resolving: { othersEnded: claimedAt },
        buckets: new Map(),
      });
      const { intent } = actor.state;
      if (intent === undefined) continue;
      runs.add(intent.run);
      await actor.recover();
      const reply = actor.replies.at(-1);
      if (reply?.type === "Resolved") {
        settled.push({ address, outcome: reply.outcome, evidence: reply.evidence });
      } else if (reply?.type === "Unsettled") unsettled.push({ address, failure: reply.failure });
      else if (actor.state.intent !== undefined) {
        unsettled.push({ address, failure: intent.doubt ?? TAKEN_OVER });
      }
    }
  };
  await Promise.all(Array.from({ length: world.limits.parallelism }, work));
  await forgetLocks(world, log, runs);
  return { settled, unsettled };
}

/** An outcome is admitted by its token: what is refused has been settled otherwise since. */
async function appendUnsaved(log: RunLog, unsaved: readonly Event[]): Promise<SettledDoubt[]> {
  const settled: SettledDoubt[] = [];
  for (const event of unsaved) {
    if (!isResourceEvent(event)) continue;
    const answer = await log.append([event]);
    const isOpen = log.resource(event.address).intent !== undefined;
    if (!answer.ok || isOpen) continue;
    const isNotDone = event.type === "CreateFailed" || event.type === "UpdateFailed" ||
      event.type === "DeleteFailed";
    settled.push({ address: event.address, outcome: isNotDone ? "notDone" : "done", evidence: "recorded" });
  }
  return settled;
}
