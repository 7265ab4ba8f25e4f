import { isResourceEvent } from "../engine/event.ts";
import { eventValues } from "../engine/event_values.ts";
import { GivenUpSecrets } from "../engine/given_up_secrets.ts";
import { sealedBlobs } from "../engine/sealed_blobs.ts";
import type { VerifiedLog } from "../audit/verified_log.ts";

/** What a log says of data keys. */
export interface DataKeyHistory {
  /** The one that secrets go under. */
  readonly active: string;
  /** Those before it that have not been dropped: a rotation is under way, or was interrupted. */
  readonly retiring: readonly string[];
  readonly dropped: readonly string[];
  /** All blobs that events name, by id. */
  readonly named: ReadonlyMap<string, NamedBlob>;
  /** The ids of those among them that an admin has given up. */
  readonly givenUp: ReadonlySet<string>;
}

/** Where the log names a blob. */
export interface NamedBlob {
  /** Whose secret it is: the address of the last event that names it. */
  readonly address: string;
  /** The record of that event. */
  readonly seq: number;
}

/** Reads the whole log, for blobs of secrets of the past are named there only. */
export function dataKeyHistory({ records }: VerifiedLog): DataKeyHistory {
  const keys: string[] = [];
  const dropped = new Set<string>();
  const named = new Map<string, NamedBlob>();
  const given = new GivenUpSecrets();
  for (const { record, voids } of records) {
    const skipped = new Set(voids.map((each) => each.position.index));
    for (const [index, event] of record.events.entries()) {
      if (skipped.has(index)) continue;
      given.see(event, record);
      if (event.type === "EnvironmentOpened") keys.push(event.dataKey);
      if (event.type === "SecretsRotated") {
        if (event.active !== undefined) keys.push(event.active);
        if (event.dropped !== undefined) dropped.add(event.dropped);
      }
      const address = isResourceEvent(event) ? event.address : "";
      for (const blob of eventValues(event).flatMap(sealedBlobs)) {
        named.set(blobId(blob), { address, seq: record.seq });
      }
    }
  }
  const active = keys.at(-1) ?? "";
  const retiring = [...new Set(keys)].filter((key) => key !== active && !dropped.has(key));
  return { active, retiring, dropped: [...dropped], named, givenUp: new Set(given.records.keys()) };
}

/** The id in the name of a blob. */
export function blobId(name: string): string {
  return name.slice(0, name.indexOf("/"));
}

/** The data key in the name of a blob. */
export function blobKey(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}
