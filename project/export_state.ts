import type { AcceptedLoss } from "../engine/accepted_loss.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import type { Json, JsonObject } from "../engine/json.ts";
import { isSettledAbsent, type ResourceState, type StoredObject } from "../engine/resource_state.ts";
import { ok, type Result } from "../engine/result.ts";
import { compareText } from "../engine/text_order.ts";
import type { Head } from "../store/journal_port.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { readState } from "./read_environment.ts";

/** A folded environment. */
export interface FoldedState {
  readonly environment: string;
  readonly stream: string;
  readonly head: Head;
  readonly state: EnvironmentView;
}

/** Everything that the log of an environment says now, as JSON that is the same for the same log. Secrets are sealed references. */
export async function exportState(
  ports: ProjectPorts,
  environment: string | undefined,
): Promise<Result<JsonObject, ProjectFailure>> {
  const read = await readState(
    ports,
    environment,
    ({ name, environment: { journal } }) =>
      stateJson({ environment: name, stream: journal.stream, head: journal.head, state: journal.state }),
  );
  return read.ok ? ok(read.value) : read;
}

/** One folded environment; lists are sorted, so that one state has one text. */
export function stateJson({ environment, stream, head, state }: FoldedState): JsonObject {
  const { facts } = state;
  const held = sorted(state.resources).filter((each) => !isSettledAbsent(each));
  return {
    schema: "smelt.state.v1",
    project: facts?.opened.project ?? null,
    environment,
    stream,
    head: { seq: head.seq, hash: head.hash },
    closed: facts?.isClosed === true,
    data_key: facts?.activeDataKey ?? null,
    keys: sorted(state.keys).map(({ key, isRevoked }) => ({
      id: key.id,
      name: key.name,
      roles: [...key.roles],
      revoked: isRevoked,
    })),
    accounts: Object.fromEntries([...state.accounts].sort(([one], [other]) => compareText(one, other))),
    live_runs: [...state.liveRuns.keys()].sort(compareText),
    losses: (facts?.losses ?? []).map(lossJson),
    loss_open: facts?.isLossOpen === true,
    resources: held.map(resourceJson),
  };
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly T[] {
  return [...map].sort(([one], [other]) => compareText(one, other)).map(([, value]) => value);
}

function lossJson({ lostSeq, lostHash, restoredSeq, seq, keyId, at, who, why }: AcceptedLoss): JsonObject {
  return {
    lost: { seq: lostSeq, hash: lostHash },
    restored_to: restoredSeq,
    accepted: { seq, key: keyId, at, who, why: why ?? null },
  };
}

function resourceJson(state: ResourceState): JsonObject {
  const { intent } = state;
  return {
    address: state.address,
    version: state.version,
    incarnation: state.incarnation,
    protected: state.isProtected,
    protected_by_hand: state.isProtectedByHand,
    taint: state.taint ?? null,
    object: state.object === undefined ? null : objectJson(state.object),
    deposed: state.deposed.map(({ object, reason }) => ({ reason, object: objectJson(object) })),
    open_intent: intent === undefined
      ? null
      : { type: intent.started.type, token: intent.started.token, run: intent.run, seq: intent.seq },
  };
}

function objectJson(object: StoredObject): JsonObject {
  const { description } = object;
  return {
    id: object.id,
    type: object.type,
    schema_version: object.schemaVersion,
    account: object.account,
    incarnation: object.incarnation,
    inputs: sortedJson(object.inputs),
    fields: sortedJson(object.fields),
    outputs: sortedJson(object.outputs),
    precondition: object.precondition ?? null,
    dependencies: object.dependencies.map(({ address, incarnation }) => ({ address, incarnation })),
    bindings: object.bindings.map(({ path, from, source }) => ({ path, from: [...from], source })),
    triggers: sortedJson({ ...object.triggers }),
    intent: description.intent ?? null,
    owner: description.owner ?? null,
  };
}

function sortedJson(json: Json): Json {
  if (Array.isArray(json)) return json.map(sortedJson);
  if (typeof json !== "object" || json === null) return json;
  const entries = Object.entries(json).sort(([one], [other]) => compareText(one, other));
  return Object.fromEntries(entries.map(([key, part]) => [key, sortedJson(part)]));
}
