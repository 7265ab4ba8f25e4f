import { restoredAt } from "./accepted_loss.ts";
import { countApprovals, isSettling, userOf } from "./approvals.ts";
import type { Environment, RunState } from "./environment.ts";
import type {
  EnvironmentClosed,
  KeyRole,
  LogRestored,
  LossSettled,
  RunStarted,
  TrustedKey,
} from "./environment_event.ts";
import { addressesOf, type Event, isResourceEvent } from "./event.ts";
import { eventValues } from "./event_values.ts";
import type { JsonObject } from "./json.ts";
import { ownerKey } from "./environment.ts";
import {
  type DeleteStarted,
  type Imported,
  type Intent,
  isIntent,
  type Moved,
  type OutcomeResolved,
  type ResourceEvent,
} from "./resource_event.ts";
import { absentResource, isSettledAbsent, type ResourceState } from "./resource_state.ts";
import { sealedBlobs } from "./sealed_blobs.ts";

/** Why an event may not be appended. */
export type Refusal =
  | { readonly kind: "NotOpened" }
  | { readonly kind: "AlreadyOpened" }
  | { readonly kind: "EnvironmentClosed" }
  | {
    readonly kind: "EnvironmentInUse";
    readonly runs: readonly string[];
    readonly addresses: readonly string[];
  }
  | { readonly kind: "KeyNotTrusted"; readonly keyId: string; readonly role: KeyRole }
  | { readonly kind: "LastAdmin"; readonly keyId: string }
  | {
    readonly kind: "NotApproved";
    /** The digest of the plan, where the run has one. */
    readonly plan: string | undefined;
    readonly found: number;
    readonly wanted: number;
  }
  | { readonly kind: "OwnPlan"; readonly keyId: string }
  /** The run has started with that plan, and used its approvals up. */
  | { readonly kind: "PlanUsed"; readonly plan: string; readonly run: string }
  | { readonly kind: "RunNotLive"; readonly run: string }
  /** The run lives, and is another key's: the one that signed its start. */
  | { readonly kind: "RunOfOther"; readonly run: string; readonly keyId: string }
  /** A run has started under this name before, whether or not it lives. */
  | { readonly kind: "RunExists"; readonly run: string }
  | { readonly kind: "ClaimTaken"; readonly holder: RunState; readonly addresses: readonly string[] }
  | { readonly kind: "NotClaimed"; readonly address: string }
  | {
    readonly kind: "VersionMoved";
    readonly address: string;
    readonly decidedOn: number;
    readonly found: number;
  }
  | { readonly kind: "TokenUsed"; readonly address: string; readonly token: string }
  | { readonly kind: "TokenNotOpen"; readonly address: string; readonly token: string }
  | { readonly kind: "IntentOpen"; readonly address: string }
  | { readonly kind: "ResourceProtected"; readonly address: string }
  | { readonly kind: "DeleteUnderWay"; readonly address: string }
  | { readonly kind: "NoSuchObject"; readonly address: string; readonly id: string }
  | { readonly kind: "DependentsRemain"; readonly address: string; readonly dependents: readonly string[] }
  | { readonly kind: "AlreadyLives"; readonly address: string; readonly id: string }
  | {
    readonly kind: "SharedId";
    readonly address: string;
    readonly id: string;
    readonly holders: readonly string[];
  }
  | { readonly kind: "DataKeyActive"; readonly dataKey: string }
  | { readonly kind: "OldDataKey"; readonly address: string; readonly blob: string }
  | { readonly kind: "NoLoss"; readonly seq: number }
  | {
    readonly kind: "OtherAccount";
    readonly provider: string;
    readonly bound: string;
    readonly found: string;
  };

/** Who wants to append, and on what state it was decided. */
export interface AdmissionContext {
  readonly run: string;
  readonly keyId: string;
  /** The version of each resource that the events were decided on, where they are bound to one. */
  readonly decidedOn: ReadonlyMap<string, number>;
}

/**
 * The one rule of what may be appended: asked before each signing, and again by readers, who skip what it refuses.
 * Looks at the draft of `environment`; the caller folds each admitted event into it before it asks for the next.
 * Returns the reason of a refusal, or `undefined`.
 */
export function admit(
  environment: Environment,
  event: Event,
  context: AdmissionContext,
): Refusal | undefined {
  return admitEnvironment(environment, event) ??
    admitKey(environment, event, context.keyId) ??
    (isResourceEvent(event)
      ? admitResource(environment, event, context)
      : admitOther(environment, event, context));
}

function admitEnvironment(environment: Environment, event: Event): Refusal | undefined {
  if (event.type === "EnvironmentOpened") {
    return environment.facts === undefined ? undefined : { kind: "AlreadyOpened" };
  }
  if (environment.facts === undefined) return { kind: "NotOpened" };
  return environment.facts.isClosed ? { kind: "EnvironmentClosed" } : undefined;
}

const ADMIN: readonly KeyRole[] = ["admin"];
const APPLY: readonly KeyRole[] = ["apply"];
const APPROVE: readonly KeyRole[] = ["approve"];
const EITHER: readonly KeyRole[] = ["apply", "admin"];

/** The roles that may sign an event: any one of them is enough. */
export function rolesFor(event: Event): readonly KeyRole[] {
  switch (event.type) {
    case "EnvironmentOpened":
    case "EnvironmentClosed":
    case "KeyTrusted":
    case "KeyRevoked":
    case "PolicySet":
    case "SecretsRotated":
    case "LogRestored":
    case "LossSettled":
      return ADMIN;
    case "PlanApproved":
      return APPROVE;
    case "RunStarted":
      // A run that claims nothing changes no resource: whoever only administers has such runs too.
      return event.writes.length + event.reads.length === 0 ? EITHER : APPLY;
    case "RunRenewed":
    case "RunFinished":
    case "RunBroken":
      return EITHER;
    default:
      return APPLY;
  }
}

function admitKey(environment: Environment, event: Event, keyId: string): Refusal | undefined {
  const wanted = rolesFor(event);
  const refusal: Refusal = { kind: "KeyNotTrusted", keyId, role: wanted[0] ?? "admin" };
  if (event.type === "EnvironmentOpened") {
    const first = event.keys.find((key) => key.id === keyId);
    return first !== undefined && hasRole(first, wanted) ? undefined : refusal;
  }
  const known = environment.keys.get(keyId);
  return known !== undefined && !known.isRevoked && hasRole(known.key, wanted) ? undefined : refusal;
}

function hasRole({ roles }: TrustedKey, wanted: readonly KeyRole[]): boolean {
  return wanted.some((role) => roles.includes(role));
}

function admitOther(environment: Environment, event: Event, context: AdmissionContext): Refusal | undefined {
  switch (event.type) {
    case "RunStarted":
      return admitRun(environment, event, context);
    case "RunBroken":
      return environment.liveRuns.get(event.run) === undefined
        ? { kind: "RunNotLive", run: event.run }
        : undefined;
    case "KeyRevoked":
      return isLastAdmin(environment, event.keyId) ? { kind: "LastAdmin", keyId: event.keyId } : undefined;
    case "KeyTrusted":
      return admitKeyTrusted(environment, event.key, context);
    case "PlanApproved":
      return event.plannedBy === context.keyId
        ? { kind: "OwnPlan", keyId: context.keyId }
        : requireUnused(environment, event.plan);
    case "EnvironmentOpened":
      return undefined;
    case "EnvironmentClosed":
      return requireLive(environment, context) ?? admitClosed(environment, event, context.run);
    case "SecretsRotated": {
      const active = event.active ?? environment.facts?.activeDataKey;
      if (event.dropped === undefined || event.dropped !== active) {
        return requireLive(environment, context);
      }
      return { kind: "DataKeyActive", dataKey: event.dropped };
    }
    case "AccountBound": {
      const bound = environment.accounts.get(event.provider);
      if (bound === undefined || bound === event.account) return requireLive(environment, context);
      return { kind: "OtherAccount", provider: event.provider, bound, found: event.account };
    }
    case "LogRestored":
      return requireLive(environment, context) ?? admitRestored(environment, event, context.run);
    case "LossSettled":
      return requireLive(environment, context) ?? admitLossSettled(environment, event);
    default:
      return requireLive(environment, context);
  }
}

function admitRun(
  environment: Environment,
  event: RunStarted,
  context: AdmissionContext,
): Refusal | undefined {
  if (event.run !== context.run || environment.startedRuns.get(event.run) !== undefined) {
    return { kind: "RunExists", run: event.run };
  }
  for (const [, holder] of environment.liveRuns.entries()) {
    const addresses = sharedClaims(event, holder);
    if (addresses.length > 0) return { kind: "ClaimTaken", holder, addresses };
  }
  return admitApproved(environment, event, context.keyId);
}

/** Where changes take approvals, a run changes what its approved plan says, or settles what others have left in doubt. */
function admitApproved(
  environment: Environment,
  { plan, writes }: RunStarted,
  keyId: string,
): Refusal | undefined {
  const wanted = environment.facts?.policy.approvals ?? 0;
  if (wanted === 0 || writes.length === 0) return undefined;
  if (plan === undefined) {
    const isInDoubt = (address: string) => environment.resources.get(address)?.intent !== undefined;
    return writes.every(isInDoubt) ? undefined : { kind: "NotApproved", plan, found: 0, wanted };
  }
  const used = requireUnused(environment, plan);
  if (used !== undefined) return used;
  const found = countApprovals(environment, plan, { runBy: keyId });
  return found >= wanted ? undefined : { kind: "NotApproved", plan, found, wanted };
}

/** What was approved is one run: a log cannot tell what a plan meant, but it can tell that it was carried out. */
function requireUnused(environment: Environment, plan: string): Refusal | undefined {
  const run = userOf(environment, plan);
  return run === undefined ? undefined : { kind: "PlanUsed", plan, run };
}

/** A write excludes reads and writes; reads exclude only writes. */
function sharedClaims(event: RunStarted, holder: RunState): string[] {
  return [
    ...event.writes.filter((address) => holder.writes.has(address) || holder.reads.has(address)),
    ...event.reads.filter((address) => holder.writes.has(address)),
  ];
}

/** Trusting a key anew may change its roles, and must not take the last admin away. */
function admitKeyTrusted(
  environment: Environment,
  key: TrustedKey,
  context: AdmissionContext,
): Refusal | undefined {
  if (!key.roles.includes("admin") && isLastAdmin(environment, key.id)) {
    return { kind: "LastAdmin", keyId: key.id };
  }
  return requireLive(environment, context);
}

function isLastAdmin(environment: Environment, keyId: string): boolean {
  for (const [id, state] of environment.keys.entries()) {
    if (id !== keyId && !state.isRevoked && state.key.roles.includes("admin")) return false;
  }
  return true;
}

/**
 * An environment ends when nobody else works in it, whose outcomes would find a closed log, and when nothing is left that its
 * log alone knows; one that moves takes all of that along.
 */
function admitClosed(
  environment: Environment,
  { movedTo }: EnvironmentClosed,
  run: string,
): Refusal | undefined {
  const runs = [...environment.liveRuns.entries()].map(([each]) => each).filter((each) => each !== run);
  const addresses = movedTo === undefined
    ? [...environment.resources.entries()].filter(([, state]) => !isSettledAbsent(state)).map(([each]) =>
      each
    )
    : [];
  const isFree = runs.length === 0 && addresses.length === 0;
  return isFree ? undefined : { kind: "EnvironmentInUse", runs, addresses };
}

/** A loss is accepted by a run that does nothing else; record 1, which names the log, cannot be lost. */
function admitRestored(
  environment: Environment,
  { lostSeq, restoredSeq }: LogRestored,
  run: string,
): Refusal | undefined {
  const { lastSeq = 0, writes, reads } = environment.liveRuns.get(run) ?? {};
  const isOfItsOwn = writes?.size === 0 && reads?.size === 0;
  const isLoss = lostSeq > 1 && restoredSeq >= 1 && restoredSeq < lastSeq;
  return isLoss && isOfItsOwn ? undefined : { kind: "NoLoss", seq: lostSeq };
}

/** Said of the last loss only, and not while a call of before it is in doubt: what became of that may lie in the lost part. */
function admitLossSettled(environment: Environment, { acceptedSeq }: LossSettled): Refusal | undefined {
  const { facts } = environment;
  if (!facts?.isLossOpen || restoredAt(facts) !== acceptedSeq) return { kind: "NoLoss", seq: acceptedSeq };
  for (const [, address] of environment.openTokens.entries()) {
    const intent = environment.resources.get(address)?.intent;
    if (intent !== undefined && intent.seq < acceptedSeq) return { kind: "IntentOpen", address };
  }
  return undefined;
}

/** A run is of the key that has started it: no other writes in it. */
function requireLive(environment: Environment, { run, keyId }: AdmissionContext): Refusal | undefined {
  const live = environment.liveRuns.get(run);
  if (live === undefined) return { kind: "RunNotLive", run };
  return live.keyId === keyId ? undefined : { kind: "RunOfOther", run, keyId: live.keyId };
}

function admitResource(
  environment: Environment,
  event: ResourceEvent,
  context: AdmissionContext,
): Refusal | undefined {
  const state = environment.resources.get(event.address) ?? absentResource(event.address);
  const facts = admitFacts(environment, event, state, context);
  if (facts !== "notAFact") return facts ?? admitBlobs(environment, event);
  return admitClaim(environment, event, context) ??
    admitLeave(environment, event, context) ??
    admitVersion(state, context) ??
    admitTransition(environment, event, state) ??
    admitBlobs(environment, event);
}

/** A run of no approved plan changes nothing: it only finds out what was done. */
function admitLeave(
  environment: Environment,
  { type }: ResourceEvent,
  { run }: AdmissionContext,
): Refusal | undefined {
  if (environment.liveRuns.get(run)?.leave !== "settle" || isSettling(type)) return undefined;
  const wanted = environment.facts?.policy.approvals ?? 0;
  return { kind: "NotApproved", plan: undefined, found: 0, wanted };
}

/**
 * Outcomes are facts: admitted by their token, once, whatever the version and whether or not their run still lives. One that
 * contradicts a resolution is let in too; the fold keeps its object among the deposed. That nothing was created is a fact only
 * from a run that holds the address: once the run of the intent is over, another may have sent it again.
 */
function admitFacts(
  environment: Environment,
  event: ResourceEvent,
  state: ResourceState,
  context: AdmissionContext,
): Refusal | undefined | "notAFact" {
  switch (event.type) {
    case "CreateSucceeded":
    case "CreateAccepted":
      if (environment.deniedTokens.get(event.token)?.address === event.address) return undefined;
      return requireOpen(state, event.token, "CreateStarted");
    case "CreateFailed":
      return requireOpen(state, event.token, "CreateStarted") ?? admitClaim(environment, event, context);
    case "UpdateSucceeded":
    case "UpdateFailed":
      return requireOpen(state, event.token, "UpdateStarted");
    case "DeleteSucceeded":
    case "DeleteFailed":
      return requireOpen(state, event.token, "DeleteStarted");
    case "OutcomeUnknown":
    case "Progressed":
      return requireOpen(state, event.token);
    default:
      return "notAFact";
  }
}

/** An intent under this token is open, and is of this kind where the event says which. */
function requireOpen(
  state: ResourceState,
  token: string,
  kind: Intent["type"] | undefined = state.intent?.started.type,
): Refusal | undefined {
  const started = state.intent?.started;
  if (started?.token === token && started.type === kind) return undefined;
  return { kind: "TokenNotOpen", address: state.address, token };
}

/** A token is one intent's, for ever: not of one that is open, nor of one that was held for not done. */
function requireFresh(environment: Environment, address: string, token: string): Refusal | undefined {
  const isUsed = environment.openTokens.get(token) !== undefined ||
    environment.deniedTokens.get(token) !== undefined;
  return isUsed ? { kind: "TokenUsed", address, token } : undefined;
}

/** What was made or changed lives, so a resolution that says so names it: without that it would be forgotten. */
function admitResolved(state: ResourceState, event: OutcomeResolved): Refusal | undefined {
  const refusal = requireOpen(state, event.token);
  if (refusal !== undefined || event.outcome === "notDone" || event.found !== undefined) return refusal;
  if (state.intent?.started.type === "DeleteStarted") return undefined;
  return { kind: "NoSuchObject", address: state.address, id: state.intent?.acceptedId ?? "" };
}

/** Events that only forbid, and observations, need no claim. */
function admitClaim(
  environment: Environment,
  event: ResourceEvent,
  context: AdmissionContext,
): Refusal | undefined {
  if (event.type === "Protected" || event.type === "Tainted" || event.type === "Observed") return undefined;
  const refusal = requireLive(environment, context);
  if (refusal !== undefined) return refusal;
  const writes = environment.liveRuns.get(context.run)?.writes;
  const address = addressesOf(event).find((each) => writes?.has(each) !== true);
  return address === undefined ? undefined : { kind: "NotClaimed", address };
}

function admitVersion(state: ResourceState, context: AdmissionContext): Refusal | undefined {
  const decidedOn = context.decidedOn.get(state.address);
  if (decidedOn === undefined || decidedOn === state.version) return undefined;
  return { kind: "VersionMoved", address: state.address, decidedOn, found: state.version };
}

function admitTransition(
  environment: Environment,
  event: ResourceEvent,
  state: ResourceState,
): Refusal | undefined {
  const { address } = state;
  if (isIntent(event)) {
    const used = requireFresh(environment, address, event.token);
    if (used !== undefined) return used;
  }
  switch (event.type) {
    case "CreateStarted":
      if (state.intent !== undefined) return { kind: "IntentOpen", address };
      if (state.object !== undefined && event.replaces !== state.object.id) {
        return { kind: "AlreadyLives", address, id: state.object.id };
      }
      return event.replaces !== undefined && state.isProtected
        ? { kind: "ResourceProtected", address }
        : undefined;
    case "UpdateStarted":
      if (state.intent !== undefined) return { kind: "IntentOpen", address };
      return state.object?.id === event.id ? undefined : { kind: "NoSuchObject", address, id: event.id };
    case "DeleteStarted":
      return admitDelete(environment, event, state);
    case "OutcomeResolved":
      return admitResolved(state, event);
    case "DriftAccepted":
      if (state.intent !== undefined) return { kind: "IntentOpen", address };
      return state.object?.id === event.id ? undefined : { kind: "NoSuchObject", address, id: event.id };
    case "Forgotten":
      return state.intent === undefined ? undefined : { kind: "IntentOpen", address };
    case "Imported":
      return admitImported(environment, event, state);
    case "Moved":
      return admitMoved(environment, event, state);
    case "Protected":
      return state.intent?.started.type === "DeleteStarted" ? { kind: "DeleteUnderWay", address } : undefined;
    default:
      return undefined;
  }
}

/** What is taken over lives under no other address, and takes the place of nothing. */
function admitImported(environment: Environment, event: Imported, state: ResourceState): Refusal | undefined {
  const { address } = state;
  if (state.intent !== undefined) return { kind: "IntentOpen", address };
  if (state.object !== undefined) return { kind: "AlreadyLives", address, id: state.object.id };
  const { resourceType, account, id } = event;
  const holders = [...environment.owners.members(ownerKey(resourceType, account, id))];
  return holders.length === 0 ? undefined : { kind: "SharedId", address, id, holders };
}

/** The new address holds nothing at all, and nothing is under way at the old one. */
function admitMoved(environment: Environment, event: Moved, target: ResourceState): Refusal | undefined {
  const { address, from } = event;
  const source = environment.resources.get(from);
  if (target.intent !== undefined) return { kind: "IntentOpen", address };
  const held = target.object ?? target.deposed[0]?.object;
  if (held !== undefined || address === from) return { kind: "AlreadyLives", address, id: held?.id ?? "" };
  if (source === undefined || isSettledAbsent(source)) return { kind: "NoSuchObject", address: from, id: "" };
  return source.intent === undefined ? undefined : { kind: "IntentOpen", address: from };
}

function admitDelete(
  environment: Environment,
  event: DeleteStarted,
  state: ResourceState,
): Refusal | undefined {
  const { address } = state;
  if (state.intent !== undefined) return { kind: "IntentOpen", address };
  if (state.isProtected) return { kind: "ResourceProtected", address };
  const deposed = state.deposed.find((each) => each.object.id === event.id);
  const object = state.object?.id === event.id ? state.object : deposed?.object;
  if (object === undefined) return { kind: "NoSuchObject", address, id: event.id };
  const holders = [...environment.owners.members(ownerKey(object.type, object.account, object.id))];
  if (holders.length > 1) return { kind: "SharedId", address, id: event.id, holders };
  if (deposed === undefined) return undefined;
  const whose = event.underDependents === true ? "intents" : "all";
  const dependents = dependentsOf(environment, address, deposed.object.incarnation, whose);
  return dependents.length === 0 ? undefined : { kind: "DependentsRemain", address, dependents };
}

/**
 * Addresses with a living, deposed or perhaps just created object whose dependencies name this incarnation; of `intents`,
 * those only whose call may be on its way now.
 */
function dependentsOf(
  environment: Environment,
  address: string,
  incarnation: number,
  whose: "all" | "intents",
): string[] {
  const found: string[] = [];
  for (const dependent of environment.dependents.members(address)) {
    const state = environment.resources.get(dependent);
    const deposed = (state?.deposed ?? []).map((each) => each.object);
    const objects = whose === "intents" ? [] : [state?.object, ...deposed];
    const started = state?.intent?.started;
    const intents = started === undefined || started.type === "DeleteStarted" ? [] : [started];
    const named = [...objects, ...intents].some((relying) =>
      relying?.dependencies.some((each) => each.address === address && each.incarnation === incarnation)
    );
    if (named) found.push(dependent);
  }
  return found;
}

/**
 * Once data keys have been exchanged nothing may name a blob under another than the active one, for it may be removed at any
 * time; before that there is only one, and what a provider answered is not looked through.
 */
function admitBlobs(environment: Environment, event: ResourceEvent): Refusal | undefined {
  const { facts } = environment;
  if (facts === undefined) return undefined;
  const active = facts.activeDataKey;
  const values = active === facts.opened.dataKey ? inputsOf(event) : eventValues(event);
  const blob = values.flatMap(sealedBlobs).find((each) => !each.endsWith(`/${active}`));
  return blob === undefined ? undefined : { kind: "OldDataKey", address: event.address, blob };
}

function inputsOf(event: ResourceEvent): readonly JsonObject[] {
  return "inputs" in event && event.type !== "Imported" ? [event.inputs] : [];
}
