import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { scrub, secretsOf } from "../../engine/scrub.ts";
import type { ValueRecord } from "../../engine/value.ts";
import type { LiveObject } from "../provider.ts";
import { requireType, sendFields } from "./cloud_request.ts";
import { decide } from "./cloud_rules.ts";
import type { CloudObject } from "./cloud_state.ts";
import type { Access } from "./cloud_store.ts";
import { liveObject } from "./cloud_views.ts";
import type { CloudWorld } from "./cloud_world.ts";
import type { CloudRequest, Sent } from "./fact.ts";
import { LOST_REPLY } from "./faulty_call.ts";
import type { MetFaults } from "./met_faults.ts";
import { failureOf, type Refusal } from "./refusal.ts";
import { settle } from "./settle.ts";

/** A request that changes the cloud, before and after it is made ready. */
export interface Change {
  /** As the caller gave them; only to keep their secrets out of messages. */
  readonly fields: ValueRecord;
  readonly request: Result<CloudRequest<ValueRecord>, Refusal>;
  /** The first half of a message about it. */
  readonly attempt: string;
}

/** The object that a change was about, right after it; `undefined` when there is none. */
export interface Changed {
  readonly object: CloudObject | undefined;
  readonly live: LiveObject | undefined;
}

/** Makes the fields of a change ready to send. */
export function sendTo(type: string, fields: ValueRecord, token: string): Result<Sent<ValueRecord>, Refusal> {
  const known = requireType(type);
  return known.ok ? sendFields(known.value, fields, token) : known;
}

/** Decides a change on the newest cloud and makes it durable; under the fault `late` the cloud only takes the request. */
export async function commitChange(
  world: CloudWorld,
  change: Change,
  met: MetFaults,
  signal: AbortSignal,
): Promise<Result<Changed, CallFailure>> {
  const { request } = change;
  if (!request.ok) return err(refusalOf(change, request.error));
  const { effect } = met;
  const outcome = await world.store.transact((access): Result<Changed, CallFailure> => {
    const now = settleNow(world, access);
    if (effect?.kind === "late") {
      access.append({ fact: "RequestHeld", at: now, notBefore: now + effect.ms, request: request.value });
      return err(LOST_REPLY);
    }
    const decision = decide(access.cloud, request.value, { now, databaseMs: world.databaseMs });
    if (!decision.ok) return err(refusalOf(change, decision.error));
    decision.value.facts.forEach((fact) => access.append(fact));
    const object = access.cloud.objects.get(decision.value.id);
    return ok({ object, live: object === undefined ? undefined : liveObject(object, access.key) });
  }, signal);
  return outcome.ok ? outcome.value : outcome;
}

/** Lets the cloud do what is due, and gives the instant that it is now. */
export function settleNow(world: CloudWorld, access: Access): number {
  const now = world.clock.wallMs();
  settle(access.cloud, { now, databaseMs: world.databaseMs }, (fact) => access.append(fact));
  return now;
}

function refusalOf(change: Change, refusal: Refusal): CallFailure {
  const detail = scrub(refusal.detail, secretsOf(change.fields));
  return failureOf({ ...refusal, detail }, change.attempt);
}
