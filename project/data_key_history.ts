import { isResourceEvent } from "../engine/event.ts";
import { eventValues } from "../engine/event_values.ts";
import { GivenUpSecrets } from "../engine/given_up_secrets.ts";
import { sealedBlobs } from "../engine/sealed_blobs.ts";
import type { VerifiedLog } from "../audit/verified_log.ts";
import type { ProjectPaths } from "./project_paths.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { ChosenEnvironment } from "./workspace.ts";

/** How the command of a rotation begins. */
const ROTATE = "secrets rotate";

/** What a log says of data keys. */
export interface DataKeyHistory {
  /** The one that secrets go under. */
  readonly active: string;
  /** Those before it that have not been dropped: a rotation is under way, or was interrupted. */
  readonly retiring: readonly string[];
  readonly dropped: readonly string[];
  /** The record that dropped each of them. */
  readonly droppedIn: ReadonlyMap<string, number>;
  /** The runs that exchanged keys, or would have: a key that one makes has its id. */
  readonly rotations: ReadonlySet<string>;
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
  const rotations = new Set<string>();
  const droppedIn = new Map<string, number>();
  const named = new Map<string, NamedBlob>();
  const given = new GivenUpSecrets();
  for (const { record, voids } of records) {
    const skipped = new Set(voids.map((each) => each.position.index));
    for (const [index, event] of record.events.entries()) {
      if (skipped.has(index)) continue;
      given.see(event, record);
      if (event.type === "RunStarted" && event.command.startsWith(ROTATE)) rotations.add(record.run);
      if (event.type === "EnvironmentOpened") keys.push(event.dataKey);
      if (event.type === "SecretsRotated") {
        if (event.active !== undefined) keys.push(event.active);
        if (event.dropped !== undefined) droppedIn.set(event.dropped, record.seq);
      }
      const address = isResourceEvent(event) ? event.address : "";
      for (const blob of eventValues(event).flatMap(sealedBlobs)) {
        named.set(blobId(blob), { address, seq: record.seq });
      }
    }
  }
  const active = keys.at(-1) ?? "";
  const retiring = [...new Set(keys)].filter((key) => key !== active && !droppedIn.has(key));
  const dropped = [...droppedIn.keys()];
  const givenUp = new Set(given.records.keys());
  return { active, retiring, dropped, droppedIn, rotations, named, givenUp };
}

/** Tells which record of a log dropped a data key. Nothing is known of a log that is not there or cannot be read. */
export type DropOf = (dataKey: string) => Promise<number | undefined>;

/** Reads the log when it is asked. */
export function dropOf(
  ports: Pick<ProjectPorts, "readLog">,
  paths: ProjectPaths,
  environment: ChosenEnvironment,
): DropOf {
  return async (dataKey) => {
    const { firstRecord } = environment;
    if (firstRecord === undefined) return undefined;
    const log = await ports.readLog(paths, { ...environment, firstRecord });
    return log.ok ? dataKeyHistory(log.value).droppedIn.get(dataKey) : undefined;
  };
}

/** The id in the name of a blob. */
export function blobId(name: string): string {
  return name.slice(0, name.indexOf("/"));
}

/** The data key in the name of a blob. */
export function blobKey(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}
