import type { CliContext } from "./context.ts";

/** What the operator asks by the keyboard: first to stop, then to leave. */
export interface OperatorInterrupts {
  readonly stop: AbortSignal;
  readonly leave: AbortSignal;
  close(): void;
}

/** Listens for interrupts: the first lets calls finish, the second records what is unknown and leaves, a third is not heard. */
export function openInterrupts(context: CliContext, tell: (text: string) => void): OperatorInterrupts {
  const stop = new AbortController();
  const leave = new AbortController();
  const close = context.onInterrupt(() => {
    if (!stop.signal.aborted) {
      tell("Stopping: nothing new is started, calls in flight finish. Interrupt again to leave them");
      stop.abort();
    } else if (!leave.signal.aborted) {
      tell("Leaving: what is in flight is recorded as unknown; smelt recover settles it");
      leave.abort();
    }
  });
  return { stop: stop.signal, leave: leave.signal, close };
}
