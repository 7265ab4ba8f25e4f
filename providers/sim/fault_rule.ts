import type { CallFailure } from "../../engine/call_failure.ts";
import type { Json } from "../../engine/json.ts";

/** The calls that faults can be injected into. */
export type Operation = "identity" | "read" | "create" | "update" | "delete" | "list";

/** All of them. */
export const OPERATIONS: readonly Operation[] = ["identity", "read", "create", "update", "delete", "list"];

/** One rule of the faults that the sim cloud is told to have. */
export interface FaultRule {
  /** What calls of it are counted under; equal rules in one file have different ones. */
  readonly key: string;
  readonly operation: Operation | "*";
  /** `undefined`: all types. */
  readonly type: string | undefined;
  /** Values that fields of the call must have, by `field` or `section.field`; `id` is the object's id. */
  readonly match: ReadonlyMap<string, Json>;
  /** Which of the matching calls are meant, counted from 1; `undefined`: all, and none is counted. */
  readonly span: { readonly first: number; readonly last: number } | undefined;
  readonly effect: FaultEffect;
}

/** What a fault does to a call. */
export type FaultEffect =
  /** The call takes so many milliseconds longer. */
  | { readonly kind: "latency"; readonly ms: number }
  /** The call answers with this failure. With certainty `done` the cloud does what was asked before. */
  | { readonly kind: "fail"; readonly failure: CallFailure }
  /** The cloud does what was asked; the caller gets a time-out. */
  | { readonly kind: "loseReply" }
  /** The process of the caller is killed before the cloud gets the request. */
  | { readonly kind: "crashBefore" }
  /** The process of the caller is killed after the cloud did what was asked, before it is told. */
  | { readonly kind: "crashAfter" }
  /** Changes younger than so many milliseconds are not shown. */
  | { readonly kind: "lag"; readonly ms: number }
  /** No answer comes until the caller gives up, and nothing is done. */
  | { readonly kind: "hang" }
  /** The caller gets a time-out; so many milliseconds later the cloud does what was asked. */
  | { readonly kind: "late"; readonly ms: number };

/** Names of the effects, as a faults file has them. */
export const EFFECT_KINDS: readonly FaultEffect["kind"][] = [
  "latency",
  "fail",
  "loseReply",
  "crashBefore",
  "crashAfter",
  "lag",
  "hang",
  "late",
];
