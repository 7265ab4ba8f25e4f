import type { CallFailure } from "../../engine/call_failure.ts";
import type { Clock } from "../../engine/clock.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { abandonedCall } from "./abandoned_call.ts";
import type { CloudStore } from "./cloud_store.ts";
import { type CallSubject, meetFaults, type MetFaults } from "./met_faults.ts";

/** What a call needs of its world to go wrong as it is told to. */
export interface FaultyWorld {
  readonly store: CloudStore;
  readonly clock: Clock;
  /** The fault rules in force now, as JSON text; asked before each call. */
  faults(): string | undefined;
  /** Ends the process that calls; its promise never settles. */
  crash(): Promise<never>;
}

/** A call in its two halves: what the cloud does, and how the caller comes to know of it. */
export interface CallSteps<Done, Reply> {
  commit(met: MetFaults): Promise<Result<Done, CallFailure>>;
  reply(done: Done): Promise<Result<Reply, CallFailure>>;
}

/** Makes a call under the faults in force: before it, in its place, and between its halves. */
export async function faultyCall<Done, Reply>(
  world: FaultyWorld,
  subject: CallSubject,
  steps: CallSteps<Done, Reply>,
  signal: AbortSignal,
): Promise<Result<Reply, CallFailure>> {
  if (signal.aborted) return err(abandonedCall(signal, "notDone"));
  const { store, clock } = world;
  const faults = faultsNow(world);
  if (!faults.ok) return faults;
  const met = await meetFaults(faults.value, subject, { store, now: clock.wallMs(), signal });
  if (!met.ok) return met;
  const before = await meetBefore(world, met.value, signal);
  if (before !== undefined) return err(before);
  const done = await steps.commit(met.value);
  const { effect } = met.value;
  if (effect?.kind === "crashAfter") await world.crash();
  if (effect?.kind === "loseReply") return err(LOST_REPLY);
  if (!done.ok) return done;
  return effect?.kind === "fail" ? err(effect.failure) : await steps.reply(done.value);
}

/** The rules in force; a source that cannot be read fails the call, since it may hold rules. */
function faultsNow(world: FaultyWorld): Result<string | undefined, CallFailure> {
  try {
    return ok(world.faults());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = `Cannot read the faults of the sim cloud: ${error.message}`;
    return err({ kind: "InvalidConfig", retry: "never", certainty: "notDone", message });
  }
}

/** The caller's deadline has passed and it knows nothing. */
export const LOST_REPLY: CallFailure = {
  kind: "Timeout",
  retry: "withToken",
  certainty: "unknown",
  message: "Cannot tell what the sim cloud did: no reply came",
};

/** Waits until the clock shows `instant`; `false` when the signal aborted before. */
export async function waitUntil(clock: Clock, instant: number, signal: AbortSignal): Promise<boolean> {
  for (let left = instant - clock.wallMs(); left > 0; left = instant - clock.wallMs()) {
    if (!await waitFor(clock, left, signal)) return false;
  }
  return true;
}

async function meetBefore(
  world: FaultyWorld,
  met: MetFaults,
  signal: AbortSignal,
): Promise<CallFailure | undefined> {
  const { effect, latencyMs } = met;
  if (latencyMs > 0 && !await waitFor(world.clock, latencyMs, signal)) {
    return abandonedCall(signal, "unknown");
  }
  if (effect?.kind === "crashBefore") await world.crash();
  if (effect?.kind === "hang") return await hang(signal);
  return effect?.kind === "fail" && effect.failure.certainty !== "done" ? effect.failure : undefined;
}

async function waitFor(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

function hang(signal: AbortSignal): Promise<CallFailure> {
  return new Promise((resolve) => {
    const giveUp = (): void => resolve(abandonedCall(signal, "unknown"));
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
}
