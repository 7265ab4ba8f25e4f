import type { ValueRecord } from "../../engine/value.ts";
import { decide, type Moment } from "./cloud_rules.ts";
import type { CloudState } from "./cloud_state.ts";
import type { CloudRequest, Fact } from "./fact.ts";
import { failureOf } from "./refusal.ts";

/**
 * Does what the cloud does by itself as time goes by: objects on their way out go, requests that it holds are acted on.
 * Hands each fact to `append` as it comes to be, in the order of the instants.
 */
export function settle(cloud: CloudState, moment: Moment, append: (fact: Fact<ValueRecord>) => void): void {
  for (const { request, notBefore } of dueRequests(cloud, moment.now)) {
    depart(cloud, notBefore, append);
    const decision = decide(cloud, request, { ...moment, now: notBefore });
    if (decision.ok) decision.value.facts.forEach(append);
    const failure = decision.ok ? null : failureOf(decision.error, attemptOf(request));
    append({ fact: "RequestSettled", at: notBefore, token: request.token, failure });
  }
  depart(cloud, moment.now, append);
}

/** The first half of a message about `request`. */
export function attemptOf(request: CloudRequest<unknown>): string {
  return request.operation === "create"
    ? `create a ${request.type}`
    : `${request.operation} ${request.type} "${request.id}"`;
}

function dueRequests(cloud: CloudState, now: number) {
  return [...cloud.held.values()].filter((each) => each.notBefore <= now).sort((left, right) =>
    left.notBefore - right.notBefore
  );
}

function depart(cloud: CloudState, now: number, append: (fact: Fact<ValueRecord>) => void): void {
  for (const [id, token] of [...cloud.leaving]) {
    const object = cloud.objects.get(id);
    if (object?.goneAt === undefined || object.goneAt > now) continue;
    append({ fact: "Deleted", at: object.goneAt, id, token });
  }
}
