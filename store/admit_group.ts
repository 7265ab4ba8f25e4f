import { admit, type Refusal } from "../engine/admit.ts";
import type { Environment } from "../engine/environment.ts";
import { addressesOf, isResourceEvent } from "../engine/event.ts";
import { evolveEnvironment, noteRecord, type RecordContext } from "../engine/evolve_environment.ts";
import type { Batch } from "./journal_port.ts";

/**
 * Admits batches of one run that are to share a record, event by event, each on top of those before, and folds what is
 * admitted into the draft of `environment`. A batch is admitted whole or not at all. Returns for each batch the refusal of
 * its first event that may not be appended, or `undefined`.
 */
export function admitGroup(
  environment: Environment,
  batches: readonly Batch[],
  context: RecordContext,
): (Refusal | undefined)[] {
  environment.discard();
  const admitted: Batch[] = [];
  const refusals: (Refusal | undefined)[] = [];
  for (const batch of batches) {
    const refusal = foldBatch(environment, batch, context);
    refusals.push(refusal);
    if (refusal === undefined) admitted.push(batch);
    else if (batch.events.length > 1) refold(environment, admitted, context);
  }
  if (admitted.length > 0) noteRecord(environment, context);
  return refusals;
}

/** Folds the events up to the first that is refused. */
function foldBatch(environment: Environment, batch: Batch, context: RecordContext): Refusal | undefined {
  const decidedOn = new Map(batch.decidedOn);
  for (const event of batch.events) {
    const { run, keyId } = context;
    const refusal = admit(environment, event, { run, keyId, decidedOn });
    if (refusal !== undefined) return refusal;
    evolveEnvironment(environment, event, context);
    // What follows in the batch was decided knowing this event.
    if (isResourceEvent(event)) { for (const address of addressesOf(event)) decidedOn.delete(address); }
  }
  return undefined;
}

/** Takes the events of a batch that was refused half-way out of the draft. */
function refold(environment: Environment, admitted: readonly Batch[], context: RecordContext): void {
  environment.discard();
  for (const batch of admitted) foldBatch(environment, batch, context);
}
