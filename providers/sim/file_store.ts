import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { abandonedCall } from "./abandoned_call.ts";
import type { Access, CloudStore } from "./cloud_store.ts";
import { BrokenJournal, Journal, type JournalParts } from "./journal.ts";

/**
 * Makes the store whose truth is the journal under `folder`, shared by all processes of the machine that use it. Calls
 * that arrive while a transaction is under way go into the next one together, so that they share its lock and its sync.
 * No file stays open between two transactions.
 */
export function fileStore(parts: JournalParts): CloudStore {
  const queue: Job[] = [];
  const journal = new Journal(parts);
  let isDraining = false;

  const drain = async (): Promise<void> => {
    if (isDraining) return;
    isDraining = true;
    try {
      while (queue.length > 0) await runBatch(journal, queue);
    } finally {
      isDraining = false;
    }
  };

  return {
    transact: <T>(work: (access: Access) => T, signal: AbortSignal) =>
      new Promise<Result<T, CallFailure>>((resolve, reject) => {
        const leave = (): void => {
          const place = queue.indexOf(job);
          if (place < 0) return;
          queue.splice(place, 1);
          resolve(err(abandonedCall(signal, "notDone")));
        };
        const job: Job = {
          run: (access) => {
            signal.removeEventListener("abort", leave);
            const value = work(access);
            return () => resolve(ok(value));
          },
          fail: (failure) => {
            signal.removeEventListener("abort", leave);
            resolve(err(failure));
          },
          reject,
        };
        signal.addEventListener("abort", leave);
        queue.push(job);
        drain();
      }),
  };
}

/** One transaction that waits. */
interface Job {
  /** Does the work and gives back how to answer once its facts are durable. */
  run(access: Access): () => void;
  fail(failure: CallFailure): void;
  /** The work itself is at fault. */
  reject(error: unknown): void;
}

/** Takes all that waits once the lock is held, makes it durable together, and answers. */
async function runBatch(journal: Journal, queue: Job[]): Promise<void> {
  let taken: Job[] | undefined;
  const answers: (() => void)[] = [];
  try {
    await journal.locked((access) => {
      taken = queue.splice(0);
      for (const job of taken) {
        try {
          answers.push(job.run(access));
        } catch (error) {
          job.reject(error);
        }
      }
    });
    answers.forEach((answer) => answer());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const certainty = taken === undefined ? "notDone" : "unknown";
    for (const job of taken ?? queue.splice(0)) job.fail(failureOfStore(error, certainty));
  }
}

function failureOfStore(error: Error, certainty: "notDone" | "unknown"): CallFailure {
  const message = `Cannot use the sim cloud: ${error.message}`;
  if (error instanceof BrokenJournal) return { kind: "Internal", retry: "never", certainty, message };
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return { kind: "Denied", retry: "never", certainty, message };
  }
  return { kind: "Transient", retry: "withToken", certainty, message };
}
