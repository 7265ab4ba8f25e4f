import type { Arrival, ArrivalRefusal } from "./arrivals.ts";
import type { Value, ValueRecord } from "./value.ts";
import type { MissingOutput, Wanted } from "./wanted.ts";

/** What a run would do, decided from the fold, the files and what reads found. Nothing is claimed or written by it. */
export interface Plan {
  readonly command: "apply" | "destroy";
  readonly environment: string;
  readonly stream: string;
  /** The record up to which the fold was read. */
  readonly madeOn: { readonly seq: number; readonly hash: string };
  /** Each address that lives, is wanted or has something left over; in order of tier, then address. */
  readonly resources: readonly PlannedResource[];
  /**
   * Version of each resource that the changes of the plan rest on, by address: what it changes, what that relies on, and what
   * relies on what it deletes or replaces. 0 for one that the log does not know.
   */
  readonly readSet: ReadonlyMap<string, number>;
  readonly outputs: readonly PlannedOutput[];
  /** Addresses at which something would be done, if they were in the scope that was asked for. */
  readonly leftOut: readonly string[];
  /** Moves and imports within the scope that cannot be made: the plan cannot be applied. */
  readonly refusals: readonly ArrivalRefusal[];
}

/**
 * What happens to a resource. `rebind` records new dependencies or descriptions without a call, `observe` what a read found, and
 * `accept` that what lives counts as sent; `forget` leaves the object alone.
 */
export type Action =
  | "create"
  | "update"
  | "replace"
  | "delete"
  | "rebind"
  | "observe"
  | "accept"
  | "forget"
  | "none";

/** One address in a plan. */
export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  /** Depth in the graph: 0 has no dependencies. For a deletion, depth among what is deleted, the most dependent first. */
  readonly tier: number;
  /** The version of its state that was decided on; 0 when the log does not know it. */
  readonly version: number;
  /** How its object comes to it before anything else is done. */
  readonly arrival: Arrival | undefined;
  /** What is wanted of it, what it ignores as it lives; set for whatever the files name. */
  readonly wanted: Wanted | undefined;
  /** The fields of `wanted` with bound values in place, `Unknown` where only the apply will tell. */
  readonly bound: ValueRecord | undefined;
  /** The live object that the plan changes, replaces or deletes. */
  readonly objectId: string | undefined;
  /** Deposed objects to delete, by id, those left by runs of before. Empty while protection covers them. */
  readonly deposed: readonly string[];
  /** Old objects that smelt lets go of instead of deleting them, by id, since the resource is retained. */
  readonly retained: readonly string[];
  readonly changes: readonly FieldChange[];
  /** Why it is replaced, or why it is done at all when no field changes; for people. */
  readonly reasons: readonly string[];
  /**
   * Ids of old objects that go before a new one is made, under whatever still relies on them: they hold the name that the new
   * one needs, or rely on an object that does.
   */
  readonly goesFirst: readonly string[];
  /** Objects of other addresses that bear the name it is to bear, and give it up first. */
  readonly waitsFor: readonly NameGiver[];
  /** Stored addresses that rely on what is deleted, replaced or goes first here. */
  readonly dependents: readonly string[];
  /** What a read found and the log does not know yet. */
  readonly drift: Drift | undefined;
  /** For `accept`: all inputs, with what lives in place of what drifted. */
  readonly accepted?: ValueRecord;
  /** Why its state could not be read; nothing is done to it then. */
  readonly unrefreshed: string | undefined;
  /** A source of it that gives nothing: the plan cannot be applied. */
  readonly missing: MissingOutput | undefined;
  /** Why a value that a source gives does not fit its place: the plan cannot be applied. */
  readonly unfit: string | undefined;
}

/** An object that gives up a name, which can be held only once, by its deletion or by a change. */
export interface NameGiver {
  readonly address: string;
  readonly objectId: string;
}

/** Whether a run of the plan does anything to a resource. */
export function isTouched({ action, deposed, retained, arrival }: PlannedResource): boolean {
  return action !== "none" || deposed.length > 0 || retained.length > 0 || arrival !== undefined;
}

/** A difference between what the log says and what a read found. A run that touches the resource records it first. */
export interface Drift {
  /** The object that was read. */
  readonly id: string;
  /** What the read found; `null` when the object is gone. */
  readonly found: LiveFacts | null;
  readonly changes: readonly FieldChange[];
}

/** What a read tells of an object, decoded. */
export interface LiveFacts {
  readonly id: string;
  readonly fields: ValueRecord;
  readonly outputs: ValueRecord;
  readonly precondition: string | undefined;
}

/** One difference, at the path of a field, of an element or of an entry in it. */
export interface FieldChange {
  /** `field`, `section.field`, with `[key]` for what is inside. */
  readonly path: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
  readonly forcesReplacement: boolean;
}

/** Why a change of the field at `path` replaces its resource. */
export function immutableReason(path: string): string {
  return `${path} cannot change in place`;
}

/** A named output of the project. */
export interface PlannedOutput {
  readonly name: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** How many resources each action concerns. */
export interface PlanSummary {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly rebind: number;
  readonly forget: number;
  /** Of all these, those that another address held before. */
  readonly move: number;
  /** Of all these, those that smelt takes over. */
  readonly import: number;
  /** Objects, not resources: those replaced by runs of before that are to be deleted. */
  readonly deposed: number;
  readonly unchanged: number;
}
