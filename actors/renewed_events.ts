import type { Event } from "../engine/event.ts";
import { eventValues, mapEventValues } from "../engine/event_values.ts";
import { renameBlobs, sealedBlobs } from "../engine/sealed_blobs.ts";
import type { Vault } from "../trust/vault_port.ts";

/** The same events with every secret that they name under the active data key, where each is stored once this resolves. */
export async function renewedEvents(
  vault: Pick<Vault, "renew">,
  events: readonly Event[],
): Promise<readonly Event[]> {
  const names = new Map<string, string>();
  for (const blob of events.flatMap(eventValues).flatMap(sealedBlobs)) {
    if (!names.has(blob)) names.set(blob, await vault.renew(blob));
  }
  return events.map((event) => mapEventValues(event, (value) => renameBlobs(value, names)));
}
