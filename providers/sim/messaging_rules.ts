import { ok, type Result } from "../../engine/result.ts";
import type { CloudState } from "./cloud_state.ts";
import { flagOf, listOf, numberOf, recordOf, textOf } from "./open_value.ts";
import { arnOf, type Placed, type Wanted } from "./placement.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { Value } from "../../engine/value.ts";

/** The rules of `sim.Queue` and `sim.Topic`. */

/** A dead-letter queue is another queue, keeps order like this one, and comes with a number of tries. */
export function placeQueue(cloud: CloudState, wanted: Wanted): Result<Placed, Refusal> {
  const deadLetter = recordOf(wanted.fields, "dead_letter");
  const target = textOf(deadLetter, "queue_id");
  const hasTries = numberOf(deadLetter, "max_receives") !== undefined;
  if ((target !== undefined) !== hasTries) {
    return refuse("InvalidConfig", `"dead_letter" needs both "queue_id" and "max_receives"`);
  }
  if (target === wanted.id) {
    return refuse("ConstraintViolated", `"dead_letter.queue_id" names the queue itself`);
  }
  if (target !== undefined && isFifo(cloud, target) !== flagOf(wanted.fields, "fifo")) {
    return refuse("ConstraintViolated", `"dead_letter.queue_id" names a queue with another "fifo"`);
  }
  const outputs = {
    arn: arnOf(cloud, wanted, "north"),
    url: `https://queue.sim.internal/${cloud.account}/${wanted.id}`,
  };
  return ok({ fields: wanted.fields, outputs });
}

/** A topic that keeps order delivers only to queues that do. */
export function placeTopic(cloud: CloudState, wanted: Wanted): Result<Placed, Refusal> {
  if (flagOf(wanted.fields, "fifo")) {
    const loose = listOf(wanted.fields, "queue_ids").find((each) => !isFifo(cloud, each));
    if (typeof loose === "string") {
      return refuse("ConstraintViolated", `"queue_ids" names "${loose}", which does not keep order`);
    }
  }
  return ok({ fields: wanted.fields, outputs: { arn: arnOf(cloud, wanted, "north") } });
}

function isFifo(cloud: CloudState, id: Value): boolean {
  return typeof id === "string" && flagOf(cloud.objects.get(id)?.fields ?? {}, "fifo");
}
