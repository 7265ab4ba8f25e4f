import type { ChangePolicy, KeyState, PlanApproval } from "./environment.ts";
import type { RunStarted } from "./environment_event.ts";
import type { ResourceEvent } from "./resource_event.ts";

/** What a change takes while nobody has said otherwise: nothing. */
export const NO_POLICY: ChangePolicy = { approvals: 0, isProtected: false };

/** The part of an environment that tells of approvals, as a draft or as a view. */
export interface ApprovalBook {
  readonly keys: { get(id: string): KeyState | undefined };
  readonly approvals: { get(plan: string): readonly PlanApproval[] | undefined };
}

/** Why an approval does not count. */
export type ApprovalFlaw =
  /** A run has started with it. */
  | "used"
  /** Its key was revoked since. */
  | "revoked"
  /** Its key lost the role since. */
  | "noRole"
  /** Its key is the one that carries the plan out. */
  | "ownRun"
  /** Its key is the one that signed the plan. */
  | "ownPlan";

/** The keys whose own approval of a plan does not count. */
export interface PlanKeys {
  /** The one that starts the run of it. */
  readonly runBy: string;
  /** The one that signed it, where the plan itself is at hand. */
  readonly plannedBy?: string;
}

/** An approval as it counts for a run that starts now. */
export interface JudgedApproval extends PlanApproval {
  /** `undefined`: it counts. */
  readonly flaw: ApprovalFlaw | undefined;
}

/**
 * All approvals of `plan`, in the order in which they were given, each judged for a run that starts now. Each is of another
 * key. That two keys are one person's cannot be told.
 */
export function judgeApprovals(book: ApprovalBook, plan: string, keys: PlanKeys): readonly JudgedApproval[] {
  const given = book.approvals.get(plan) ?? [];
  return given.map((each) => ({ ...each, flaw: flawOf(book.keys.get(each.keyId), each, keys) }));
}

/** The run that has used the approvals of `plan` up; `undefined`: none has. */
export function userOf({ approvals }: Pick<ApprovalBook, "approvals">, plan: string): string | undefined {
  return approvals.get(plan)?.find((each) => each.usedBy !== undefined)?.usedBy;
}

function flawOf(
  known: KeyState | undefined,
  { keyId, usedBy }: PlanApproval,
  { runBy, plannedBy }: PlanKeys,
): ApprovalFlaw | undefined {
  if (usedBy !== undefined) return "used";
  if (known === undefined || known.isRevoked) return "revoked";
  if (!known.key.roles.includes("approve")) return "noRole";
  if (keyId === plannedBy) return "ownPlan";
  return keyId === runBy ? "ownRun" : undefined;
}

/** How many approvals of `plan` count for a run that starts now. */
export function countApprovals(book: ApprovalBook, plan: string, keys: PlanKeys): number {
  return judgeApprovals(book, plan, keys).filter((each) => each.flaw === undefined).length;
}

/**
 * What a run that starts so may do. Where changes take approvals only a run of a plan may change anything; that the plan has
 * been approved is for admission to see to.
 */
export function leaveOf(policy: ChangePolicy, started: RunStarted): "change" | "settle" {
  return policy.approvals === 0 || started.plan !== undefined ? "change" : "settle";
}

/** Whether an event of a resource is admissible from a run that may only settle what others left in doubt. */
export function isSettling(type: ResourceEvent["type"]): boolean {
  return SETTLING.has(type);
}

const SETTLING: ReadonlySet<ResourceEvent["type"]> = new Set<ResourceEvent["type"]>([
  "OutcomeResolved",
  "Observed",
  "Skipped",
  // They only forbid.
  "Protected",
  "Tainted",
]);
