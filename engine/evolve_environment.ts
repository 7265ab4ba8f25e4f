import { leaveOf, NO_POLICY } from "./approvals.ts";
import type { Environment, KeyState, RunState } from "./environment.ts";
import { ownerKey } from "./environment.ts";
import type {
  EnvironmentEvent,
  EnvironmentOpened,
  LogRestored,
  PlanApproved,
  RunStarted,
} from "./environment_event.ts";
import { type Event, isResourceEvent } from "./event.ts";
import { deposeLate, evolveResource } from "./evolve_resource.ts";
import { unreachable } from "./invariant.ts";
import { moveResource, renameRelied } from "./move_resource.ts";
import type { Moved, ResourceEvent } from "./resource_event.ts";
import { ownedKeys, reliances } from "./resource_indexes.ts";
import { absentResource, isSettledAbsent, type ResourceState, type StoredObject } from "./resource_state.ts";

const SHARED_ID = "its id is held by another address too";

/** Of the record that an event stands in, what folding it needs. */
export interface RecordContext {
  readonly seq: number;
  /** Wall time of the record, RFC 3339. */
  readonly at: string;
  readonly run: string;
  readonly keyId: string;
}

/** Folds one event into the draft of `environment`. Total, and O(1) in the size of the environment. */
export function evolveEnvironment(environment: Environment, event: Event, context: RecordContext): void {
  if (isResourceEvent(event)) foldResource(environment, event, context);
  else foldEnvironment(environment, event, context);
}

/** Notes that a run has been heard of, which another key cannot make believe; once a record, after its events. */
export function noteRecord(environment: Environment, context: RecordContext): void {
  const run = environment.liveRuns.get(context.run);
  if (run?.keyId === context.keyId) environment.liveRuns.set(context.run, { ...run, lastSeq: context.seq });
}

function foldEnvironment(environment: Environment, event: EnvironmentEvent, context: RecordContext): void {
  const { facts } = environment;
  switch (event.type) {
    case "EnvironmentOpened":
      return open(environment, event);
    case "EnvironmentClosed":
      if (facts !== undefined) environment.facts = { ...facts, isClosed: true };
      // No RunFinished can follow.
      return environment.liveRuns.delete(context.run);
    case "KeyTrusted":
      return environment.keys.set(event.key.id, { key: event.key, isRevoked: false });
    case "KeyRevoked":
      return revoke(environment, event.keyId);
    case "RunStarted":
      useApprovals(environment, event);
      environment.startedRuns.set(event.run, "started");
      return environment.liveRuns.set(event.run, runState(environment, event, context));
    case "RunRenewed":
      return;
    case "RunFinished":
      return environment.liveRuns.delete(context.run);
    case "RunBroken":
      return environment.liveRuns.delete(event.run);
    case "CheckpointTaken":
      if (facts !== undefined) {
        environment.facts = { ...facts, checkpoint: { seq: event.seq, object: event.object } };
      }
      return;
    case "SecretsRotated":
      if (facts !== undefined && event.active !== undefined) {
        environment.facts = { ...facts, activeDataKey: event.active };
      }
      return;
    case "SecretRevealed":
      return;
    case "AccountBound":
      return environment.accounts.set(event.provider, event.account);
    case "LogRestored":
      return acceptLoss(environment, event, context);
    case "LossSettled":
      if (facts !== undefined) environment.facts = { ...facts, isLossOpen: false };
      return;
    case "PolicySet":
      if (facts !== undefined) {
        const { approvals, protected: isProtected } = event;
        environment.facts = { ...facts, policy: { approvals, isProtected } };
      }
      return;
    case "PlanApproved":
      return approve(environment, event, context);
    default:
      return unreachable(event);
  }
}

function open(environment: Environment, opened: EnvironmentOpened): void {
  environment.facts = {
    opened,
    activeDataKey: opened.dataKey,
    isClosed: false,
    policy: NO_POLICY,
    checkpoint: undefined,
    losses: [],
    isLossOpen: false,
  };
  for (const key of opened.keys) environment.keys.set(key.id, { key, isRevoked: false });
}

function acceptLoss(
  environment: Environment,
  { lostSeq, lostHash, restoredSeq }: LogRestored,
  { seq, at, run, keyId }: RecordContext,
): void {
  const { facts } = environment;
  if (facts === undefined) return;
  const { who = "", why } = environment.liveRuns.get(run)?.started ?? {};
  const loss = { lostSeq, lostHash, restoredSeq, seq, keyId, at, who, ...(why === undefined ? {} : { why }) };
  environment.facts = { ...facts, losses: [...facts.losses, loss], isLossOpen: true };
}

function revoke(environment: Environment, keyId: string): void {
  const known: KeyState | undefined = environment.keys.get(keyId);
  if (known !== undefined) environment.keys.set(keyId, { ...known, isRevoked: true });
  for (const [run, state] of environment.liveRuns.entries()) {
    if (state.keyId === keyId) environment.liveRuns.delete(run);
  }
}

/** A key approves a plan once, however often it says so. */
function approve(environment: Environment, { plan }: PlanApproved, { keyId, seq, at }: RecordContext): void {
  const known = environment.approvals.get(plan) ?? [];
  if (known.some((each) => each.keyId === keyId)) return;
  environment.approvals.set(plan, [...known, { keyId, seq, at, usedBy: undefined }]);
}

/** The first run of an approved plan that changes anything uses its approvals up. */
function useApprovals(environment: Environment, { run, plan, writes }: RunStarted): void {
  const given = plan === undefined ? undefined : environment.approvals.get(plan);
  if (plan === undefined || given === undefined || writes.length === 0) return;
  environment.approvals.set(plan, given.map((each) => ({ ...each, usedBy: each.usedBy ?? run })));
}

function runState(environment: Environment, started: RunStarted, context: RecordContext): RunState {
  return {
    started,
    keyId: context.keyId,
    leave: leaveOf(environment.facts?.policy ?? NO_POLICY, started),
    writes: new Set(started.writes),
    reads: new Set(started.reads),
    startedAt: context.at,
    lastSeq: context.seq,
  };
}

function foldResource(environment: Environment, event: ResourceEvent, context: RecordContext): void {
  const before = stateOf(environment, event.address);
  if (event.type === "Moved") foldMove(environment, event);
  else setState(environment, before, foldOne(environment, before, event, context));
}

function stateOf(environment: Environment, address: string): ResourceState {
  return environment.resources.get(address) ?? absentResource(address);
}

function setState(environment: Environment, before: ResourceState, after: ResourceState): void {
  environment.resources.set(after.address, after);
  indexToken(environment, before, after);
  indexOwners(environment, before, after);
  indexDependents(environment, before, after);
}

function foldMove(environment: Environment, { address, from }: Moved): void {
  const before = { source: stateOf(environment, from), target: stateOf(environment, address) };
  // Admission refuses such a move: nothing that an address holds is ever overwritten.
  if (address === from || !isSettledAbsent(before.target)) return;
  const after = moveResource(before.source, before.target);
  setState(environment, before.source, after.source);
  setState(environment, before.target, after.target);
  for (const dependent of [...environment.dependents.members(from)]) {
    const state = stateOf(environment, dependent);
    setState(environment, state, renameRelied(state, from, address));
  }
}

function foldOne(
  environment: Environment,
  before: ResourceState,
  event: ResourceEvent,
  context: RecordContext,
): ResourceState {
  const late = foldLate(environment, before, event, context);
  if (late !== undefined) return late;
  if (event.type === "OutcomeResolved" && event.outcome === "notDone") deny(environment, before, event.token);
  const after = evolveResource(before, event, context);
  return sharesId(environment, before, after) ? { ...after, taint: SHARED_ID } : after;
}

/** Whether the object that has just come to live here is one that another address holds already. */
function sharesId(environment: Environment, before: ResourceState, after: ResourceState): boolean {
  const { object } = after;
  if (object === undefined || object.id === before.object?.id) return false;
  const holders = environment.owners.members(ownerKey(object.type, object.account, object.id));
  return [...holders].some((holder) => holder !== after.address);
}

/** Folds the coming to light of an object whose creation was held for not done; `undefined` for all other events. */
function foldLate(
  environment: Environment,
  before: ResourceState,
  event: ResourceEvent,
  context: RecordContext,
): ResourceState | undefined {
  if (event.type !== "CreateSucceeded" && event.type !== "CreateAccepted") return undefined;
  const denied = environment.deniedTokens.get(event.token);
  if (denied?.address !== event.address) return undefined;
  if (event.type === "CreateAccepted") {
    return deposeLate(before, { id: event.id, fields: {}, outputs: {} }, denied, context);
  }
  environment.deniedTokens.delete(event.token);
  return deposeLate(before, event, denied, context);
}

function deny(environment: Environment, before: ResourceState, token: string): void {
  const started = before.intent?.started;
  if (started?.type === "CreateStarted" && started.token === token) {
    environment.deniedTokens.set(token, started);
  }
}

function indexToken(environment: Environment, before: ResourceState, after: ResourceState): void {
  const old = before.intent?.started.token;
  const now = after.intent?.started.token;
  if (old === now) return;
  if (old !== undefined) environment.openTokens.delete(old);
  if (now !== undefined) environment.openTokens.set(now, after.address);
}

function indexOwners(environment: Environment, before: ResourceState, after: ResourceState): void {
  if (isSameObject(before.object, after.object) && before.deposed === after.deposed) return;
  const old = ownedKeys(before);
  const now = ownedKeys(after);
  for (const key of old) if (!now.has(key)) environment.owners.remove(key, after.address);
  for (const key of now) if (!old.has(key)) environment.owners.add(key, after.address);
}

/** Whether both are the one object of its account, however its fields have changed. */
function isSameObject(one: StoredObject | undefined, other: StoredObject | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.id === other.id && one.type === other.type && one.account === other.account;
}

function indexDependents(environment: Environment, before: ResourceState, after: ResourceState): void {
  const old = reliances(before);
  const now = reliances(after);
  for (const target of old) {
    if (!now.has(target)) environment.dependents.remove(target, after.address);
  }
  for (const target of now) {
    if (!old.has(target)) environment.dependents.add(target, after.address);
  }
}
