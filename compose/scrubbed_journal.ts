import { saidSecret, scrubEvent } from "../engine/scrub_event.ts";
import type { SecretRegister } from "../engine/secret_register.ts";
import type { Batch, Journal } from "../store/journal_port.ts";

/**
 * A journal into which no known secret goes with what providers said or people wrote: the one is scrubbed, the other refused,
 * since a signed text must be the one that was written. Commands refuse it earlier, where they can say it better.
 */
export function scrubbedJournal(journal: Journal, secrets: SecretRegister): Journal {
  return {
    environment: journal.environment,
    stream: journal.stream,
    state: journal.state,
    get head() {
      return journal.head;
    },
    append: async (batch) => await journal.append(scrubBatch(batch, secrets)),
    refresh: () => journal.refresh(),
  };
}

function scrubBatch(batch: Batch, secrets: SecretRegister): Batch {
  for (const event of batch.events) {
    const said = saidSecret(secrets, event);
    if (said !== undefined) {
      throw new Error(
        `Cannot write ${said} into the log: it holds the text of a secret, and is kept as it is`,
      );
    }
  }
  return { ...batch, events: batch.events.map((event) => scrubEvent(secrets, event)) };
}
