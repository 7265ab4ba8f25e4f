import type { CallFailure, FailureKind } from "../../engine/call_failure.ts";
import { err } from "../../engine/result.ts";

/** Why the cloud does not do what it was asked: the second half of a message, for example `"cidr" overlaps …`. */
export interface Refusal {
  readonly kind: FailureKind;
  readonly detail: string;
  /** Milliseconds after which asking again may help; `undefined` when it will not. */
  readonly retryAfterMs: number | undefined;
}

/** A refusal that asking again does not change. */
export function refuse(kind: FailureKind, detail: string): { readonly ok: false; readonly error: Refusal } {
  return err({ kind, detail, retryAfterMs: undefined });
}

/** A refusal that ends by itself after `retryAfterMs`. */
export function refuseFor(
  kind: FailureKind,
  detail: string,
  retryAfterMs: number,
): { readonly ok: false; readonly error: Refusal } {
  return err({ kind, detail, retryAfterMs: Math.max(1, retryAfterMs) });
}

/** The failure that a caller gets: nothing was done. `attempt` is the first half, for example `create a sim.Subnet`. */
export function failureOf(refusal: Refusal, attempt: string): CallFailure {
  const { kind, detail, retryAfterMs } = refusal;
  const message = `Cannot ${attempt}: ${detail}`;
  const base: CallFailure = { kind, retry: "never", certainty: "notDone", message };
  return retryAfterMs === undefined ? base : { ...base, retry: "safe", retryAfterMs };
}
