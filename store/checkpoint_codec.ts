import { canonicalJson } from "../engine/canonical_json.ts";
import {
  Environment,
  type EnvironmentFacts,
  type KeyState,
  type PlanApproval,
  type RunState,
} from "../engine/environment.ts";
import type { RunStarted } from "../engine/environment_event.ts";
import { isJsonObject, type Json } from "../engine/json.ts";
import type { CreateStarted } from "../engine/resource_event.ts";
import { dependentsIn, ownersIn } from "../engine/resource_indexes.ts";
import { compareText } from "../engine/text_order.ts";
import type { LogFold, LogStart } from "./log_fold.ts";
import { type PackedState, packState, unpackState } from "./packed_state.ts";

/** Grows with each change of what a folded environment holds; a checkpoint of another version is not read. */
const CHECKPOINT_VERSION = 7;

/** A folded environment as JSON. Lists stand in the order of their keys, so that one state has one text. */
interface StoredCheckpoint {
  readonly v: number;
  readonly environment: string;
  readonly stream: string;
  readonly seq: number;
  readonly hash: string;
  readonly facts: EnvironmentFacts;
  readonly resources: readonly PackedState[];
  readonly keys: readonly KeyState[];
  readonly liveRuns: readonly Omit<RunState, "writes" | "reads">[];
  readonly startedRuns: readonly string[];
  readonly deniedTokens: readonly CreateStarted[];
  readonly accounts: readonly (readonly [string, string])[];
  readonly approvals: readonly (readonly [string, readonly PlanApproval[]])[];
}

/** The canonical text of everything that `fold` has folded. */
export function checkpointText(fold: LogFold): string {
  const { environment, head, name, stream } = fold;
  const checkpoint = {
    v: CHECKPOINT_VERSION,
    environment: name,
    stream,
    seq: head.seq,
    hash: head.hash,
    facts: environment.durableFacts,
    resources: sortedValues(environment.resources.durable).map(packState),
    keys: sortedValues(environment.keys.durable),
    liveRuns: sortedValues(environment.liveRuns.durable).map(({ writes: _writes, reads: _reads, ...run }) =>
      run
    ),
    startedRuns: [...environment.startedRuns.durable.keys()].sort(compareText),
    deniedTokens: sortedValues(environment.deniedTokens.durable),
    accounts: sortedEntries(environment.accounts.durable),
    approvals: sortedEntries(environment.approvals.durable),
  };
  return canonicalJson(checkpoint as unknown as Json);
}

/** What a checkpoint holds: the fold of the log of the environment `name`. */
export interface CheckpointContent extends Omit<LogStart, "sizeBytes"> {
  readonly name: string;
}

/** Reads what `checkpointText` wrote, after its hash was found right; `undefined` when another version wrote it. */
export function readCheckpoint(text: string): CheckpointContent | undefined {
  const json: Json = JSON.parse(text);
  if (!isJsonObject(json) || json["v"] !== CHECKPOINT_VERSION) return undefined;
  const stored = json as unknown as StoredCheckpoint;
  const { seq, hash, stream } = stored;
  return { name: stored.environment, environment: restore(stored), stream, head: { seq, hash } };
}

function restore(stored: StoredCheckpoint): Environment {
  const environment = new Environment();
  environment.facts = { ...stored.facts, checkpoint: stored.facts.checkpoint ?? undefined };
  for (const each of stored.resources) restoreResource(environment, each);
  for (const each of stored.keys) environment.keys.restore(each.key.id, each);
  for (const each of stored.liveRuns) environment.liveRuns.restore(each.started.run, restoreRun(each));
  for (const run of stored.startedRuns) environment.startedRuns.restore(run, "started");
  for (const each of stored.deniedTokens) environment.deniedTokens.restore(each.token, each);
  for (const [provider, account] of stored.accounts) environment.accounts.restore(provider, account);
  for (const [plan, given] of stored.approvals) {
    environment.approvals.restore(plan, given.map((each) => ({ ...each, usedBy: each.usedBy ?? undefined })));
  }
  const resources = environment.resources.durable;
  environment.owners.restoreLater(() => ownersIn(resources.values()));
  environment.dependents.restoreLater(() => dependentsIn(resources.values()));
  environment.commit();
  return environment;
}

function restoreResource(environment: Environment, packed: PackedState): void {
  const state = unpackState(packed);
  environment.resources.restore(state.address, state);
  if (state.intent !== undefined) environment.openTokens.restore(state.intent.started.token, state.address);
}

function restoreRun(stored: Omit<RunState, "writes" | "reads">): RunState {
  const { reads, writes }: RunStarted = stored.started;
  return { ...stored, writes: new Set(writes), reads: new Set(reads) };
}

function sortedEntries<V>(map: ReadonlyMap<string, V>): (readonly [string, V])[] {
  return [...map].sort(([left], [right]) => compareText(left, right));
}

function sortedValues<V>(map: ReadonlyMap<string, V>): V[] {
  return sortedEntries(map).map(([, value]) => value);
}
