import { canonicalJson } from "./canonical_json.ts";
import { stateObject } from "./canonical_state.ts";
import type {
  ChangePolicy,
  Environment,
  EnvironmentFacts,
  KeyState,
  PlanApproval,
  RunState,
} from "./environment.ts";
import type { Json, JsonObject } from "./json.ts";
import { isSettledAbsent, type ResourceState } from "./resource_state.ts";
import { compareText } from "./text_order.ts";

/** Which fold of a log it is. */
export interface FoldPlace {
  /** The name of the environment. */
  readonly name: string;
  readonly stream: string;
  /** The last record that was folded. */
  readonly head: { readonly seq: number; readonly hash: string };
}

/** The resources of a fold, in a root over them. */
export interface ResourceRoot {
  readonly count: number;
  readonly root: string;
}

/** The states that a root is over: those of addresses that hold anything, by address in code-point order. */
export function heldStates(resources: ReadonlyMap<string, ResourceState>): readonly ResourceState[] {
  return sorted(resources).filter((state) => !isSettledAbsent(state));
}

/**
 * The text of everything that is folded and durable, resources by their root; `object` in `CheckpointTaken` is its hash. Like a
 * canonical state, it never changes for a log that has no newer kinds of events.
 */
export function canonicalEnvironment(
  environment: Environment,
  { name, stream, head }: FoldPlace,
  { count, root }: ResourceRoot,
): string {
  const facts = environment.durableFacts;
  return canonicalJson({
    project: facts?.opened.project ?? null,
    environment: name,
    stream,
    seq: head.seq,
    hash: head.hash,
    resources: { count, root },
    absent: sorted(environment.resources.durable).filter(isSettledAbsent).map(stateObject),
    keys: sorted(environment.keys.durable).map(keyObject),
    liveRuns: sorted(environment.liveRuns.durable).map(runObject),
    deniedTokens: sorted(environment.deniedTokens.durable).map((event) => event as unknown as Json),
    accounts: Object.fromEntries(environment.accounts.durable),
    activeDataKey: facts?.activeDataKey ?? null,
    checkpoint: facts?.checkpoint === undefined ? null : { ...facts.checkpoint },
    closed: facts?.isClosed === true,
    ...lossesOf(facts),
    ...policyOf(environment),
  });
}

/** Nothing for a log that was never restored. */
function lossesOf(facts: EnvironmentFacts | undefined): JsonObject {
  if (facts === undefined || facts.losses.length === 0) return {};
  return { losses: facts.losses.map((each) => ({ ...each })), lossOpen: facts.isLossOpen };
}

/** Nothing where no policy asks for anything and no plan was approved. */
function policyOf(environment: Environment): JsonObject {
  const policy = environment.durableFacts?.policy;
  const approvals = [...environment.approvals.durable].sort(([one], [other]) => compareText(one, other));
  if (policy === undefined || (isOpenPolicy(policy) && approvals.length === 0)) return {};
  return {
    policy: { ...policy },
    approvals: Object.fromEntries(
      approvals.map(([plan, given]) => [plan, given.map(approvalObject)]),
    ),
  };
}

function approvalObject({ keyId, seq, usedBy }: PlanApproval): JsonObject {
  return usedBy === undefined ? { keyId, seq } : { keyId, seq, usedBy };
}

function isOpenPolicy({ approvals, isProtected }: ChangePolicy): boolean {
  return approvals === 0 && !isProtected;
}

function keyObject({ key, isRevoked }: KeyState): JsonObject {
  const { id, name, roles, algorithm, publicKey } = key;
  return { id, name, roles, algorithm, publicKey, revoked: isRevoked };
}

/** The start of a run holds its claims. */
function runObject({ started, keyId, lastSeq }: RunState): JsonObject {
  return { started: started as unknown as Json, keyId, lastSeq };
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly T[] {
  return [...map].sort(([one], [other]) => compareText(one, other)).map(([, value]) => value);
}
