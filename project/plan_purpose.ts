import type { DriftReport } from "../engine/find_drift.ts";
import type { Irreversible } from "../engine/irreversible.ts";

/** What a plan is for, when it is not to make true what the files say. */
export type PlanPurpose =
  /** To record what reads found. */
  | { readonly kind: "refresh" }
  | {
    /** `accept`: what lives counts as sent. `revert`: it becomes again what was sent. */
    readonly kind: "accept" | "revert";
    /** The one resource that was named; `undefined`: all. */
    readonly address: string | undefined;
    readonly drift: DriftReport;
  }
  | {
    readonly kind: "rollback";
    /** The record whose state is to be again. */
    readonly seq: number;
    /** What cannot be again as it was. */
    readonly irreversible: readonly Irreversible[];
  };
