import type { CallFailure } from "../../engine/call_failure.ts";
import { invariant } from "../../engine/invariant.ts";
import { randomId } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { record } from "../../engine/value.ts";
import type { CreateRequest, DeleteRequest, LiveObject, Provider, UpdateRequest } from "../provider.ts";
import { abandonedCall } from "./abandoned_call.ts";
import { type Change, commitChange, sendTo, settleNow } from "./cloud_change.ts";
import type { Access } from "./cloud_store.ts";
import { findObject, listObjects, type Look } from "./cloud_views.ts";
import type { CloudWorld } from "./cloud_world.ts";
import { faultyCall, waitUntil } from "./faulty_call.ts";
import type { CallSubject, MetFaults } from "./met_faults.ts";
import { failureOf, type Refusal } from "./refusal.ts";

/** Makes the provider `sim` over a world. All that is true stands in the world's store; the value itself keeps nothing. */
export function cloudProvider(world: CloudWorld): Provider {
  return {
    name: "sim",
    schemas: world.schemas,
    permissions: () => world.permissions,
    check: () => Promise.resolve(ok(undefined)),
    identity: (signal) =>
      see(world, subjectOf("identity", ""), signal, ({ cloud }) => ok(`sim account ${cloud.account}`)),
    read: ({ type, id, applied }, signal) =>
      see(
        world,
        { operation: "read", type, id, fields: applied },
        signal,
        (access, look) => ok(findObject(access, { type, id, look })),
      ),
    list: (request, signal) =>
      see(
        world,
        subjectOf("list", request.type),
        signal,
        (access, look) => listObjects(access, request, look),
      ),
    create: (request, signal) => create(world, request, signal),
    update: (request, signal) => update(world, request, signal),
    delete: (request, signal) => remove(world, request, signal),
  };
}

/** A call that changes nothing. */
function see<T>(
  world: CloudWorld,
  subject: CallSubject,
  signal: AbortSignal,
  view: (access: Access, look: Look) => Result<T, Refusal>,
): Promise<Result<T, CallFailure>> {
  const commit = async ({ lagMs }: MetFaults): Promise<Result<T, CallFailure>> => {
    const seen = await world.store.transact((access) => {
      const instant = settleNow(world, access) - lagMs;
      return view(access, { instant, lagMs });
    }, signal);
    if (!seen.ok) return seen;
    return seen.value.ok
      ? seen.value
      : err(failureOf(seen.value.error, `${subject.operation} ${subject.type}`));
  };
  return faultyCall(world, subject, { commit, reply: (value) => Promise.resolve(ok(value)) }, signal);
}

function create(
  world: CloudWorld,
  request: CreateRequest,
  signal: AbortSignal,
): Promise<Result<LiveObject, CallFailure>> {
  const { type, fields, token } = request;
  const sent = sendTo(type, fields, token);
  const draw = randomId(world.random);
  const change: Change = {
    attempt: `create a ${type}`,
    fields,
    request: sent.ok ? ok({ operation: "create", type, token, sent: sent.value, draw }) : sent,
  };
  return faultyCall(world, { operation: "create", type, id: undefined, fields }, {
    commit: (met) => commitChange(world, change, met, signal),
    reply: async ({ object, live }) => {
      invariant(object !== undefined && live !== undefined, "A create left no object");
      request.accepted(live.id);
      const isReady = await waitUntil(world.clock, object.readyAt, signal);
      return isReady ? ok(live) : err(abandonedCall(signal, "unknown"));
    },
  }, signal);
}

function update(
  world: CloudWorld,
  request: UpdateRequest,
  signal: AbortSignal,
): Promise<Result<LiveObject, CallFailure>> {
  const { type, id, after: fields, token, precondition = null } = request;
  const sent = sendTo(type, fields, token);
  const change: Change = {
    attempt: `update ${type} "${id}"`,
    fields,
    request: sent.ok ? ok({ operation: "update", type, id, token, sent: sent.value, precondition }) : sent,
  };
  return faultyCall(world, { operation: "update", type, id, fields }, {
    commit: (met) => commitChange(world, change, met, signal),
    reply: ({ live }) => {
      invariant(live !== undefined, "An update left no object");
      return Promise.resolve(ok(live));
    },
  }, signal);
}

function remove(
  world: CloudWorld,
  request: DeleteRequest,
  signal: AbortSignal,
): Promise<Result<void, CallFailure>> {
  const { type, id, applied: fields, token, precondition = null } = request;
  const change: Change = {
    attempt: `delete ${type} "${id}"`,
    fields,
    request: ok({ operation: "delete", type, id, token, precondition }),
  };
  return faultyCall(world, { operation: "delete", type, id, fields }, {
    commit: (met) => commitChange(world, change, met, signal),
    reply: async ({ object }) => {
      if (object?.status !== "leaving") return ok(undefined);
      if (!await waitUntil(world.clock, object.goneAt ?? 0, signal)) {
        return err(abandonedCall(signal, "unknown"));
      }
      const gone = await world.store.transact((access) => settleNow(world, access), signal);
      return gone.ok ? ok(undefined) : gone;
    },
  }, signal);
}

function subjectOf(operation: "identity" | "list", type: string): CallSubject {
  return { operation, type, id: undefined, fields: record() };
}
