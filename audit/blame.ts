import { byDigest } from "../engine/by_digest.ts";
import type { EnvironmentOpened, RunStarted } from "../engine/environment_event.ts";
import { isResourceEvent } from "../engine/event.ts";
import type { ResourceState, StoredObject } from "../engine/resource_state.ts";
import { sameValues } from "../engine/same_values.ts";
import { compareText } from "../engine/text_order.ts";
import { isRecord, type Value, type ValueRecord } from "../engine/value.ts";
import { decodeRecord } from "../engine/value_codec.ts";
import { addressAt, lineageOf } from "./lineage.ts";
import { type AdmittedEvent, Replay, type VerifiedLog } from "./verified_log.ts";

/** Who a change is from, as the log tells it. */
export interface BlamedRecord {
  readonly seq: number;
  /** Wall time that the writer noted, RFC 3339. */
  readonly at: string;
  readonly run: string;
  /** The command of the run; `undefined` where the log does not tell of its start. */
  readonly command: string | undefined;
  /** Who started it, as the operating system or the CI says. */
  readonly person: string | undefined;
  readonly host: string | undefined;
  /** The name of the key that signed it. */
  readonly keyName: string;
  /** Why, in the words of who started the run. */
  readonly why: string | undefined;
}

/** One field as it was sent last, and where that comes from. */
export interface BlamedField {
  /** A field, or `name.part` of a section, record or map. */
  readonly path: string;
  /** Secrets stay sealed. */
  readonly value: Value;
  /** The record whose intent last gave it another value. */
  readonly by: BlamedRecord;
  /** What the files called the purpose of the resource at that time. */
  readonly intent: string | undefined;
  /** The record that found it changed from outside, where it has not been put right since. */
  readonly outside: BlamedRecord | undefined;
}

/** What lives at an address, field by field. */
export interface Blame {
  readonly address: string;
  readonly type: string;
  readonly id: string;
  /** By path. */
  readonly fields: readonly BlamedField[];
  /** When secrets of it were shown in clear, in order. */
  readonly revealed: readonly Revelation[];
}

/** Secrets that were shown to somebody. */
export interface Revelation {
  readonly paths: readonly string[];
  readonly by: BlamedRecord;
}

/** Tells of each field of what lives at `address` who last changed it. `undefined`: nothing lives there. */
export function blame(log: VerifiedLog, address: string): Blame | undefined {
  const tracker = new FieldTracker(log);
  const lineage = lineageOf(log.records, address);
  const replay = new Replay();
  for (const verified of log.records) {
    replay.take(verified, (admitted) => {
      const before = replay.environment.resources.get(addressAt(lineage, admitted.position));
      tracker.learn(admitted);
      tracker.noteRevealed(admitted, addressAt(lineage, admitted.position));
      return () => {
        const after = replay.environment.resources.get(addressAt(lineage, admitted.position));
        const { event } = admitted;
        // What comes by a move is what was followed at its old address.
        if (isResourceEvent(event) && event.type !== "Moved" && event.address === after?.address) {
          tracker.follow(before, after, admitted);
        }
      };
    });
  }
  const object = replay.view().resources.get(address)?.object;
  return object === undefined ? undefined : {
    address,
    type: object.type,
    id: object.id,
    fields: tracker.fields(object),
    revealed: tracker.revealed,
  };
}

type Tracked = Pick<BlamedField, "by" | "intent" | "outside">;

/** One field: as it was sent, and as it was found before an event and after it. */
interface FoundValue {
  readonly wanted: Value;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** Follows the fields of one object through the log. */
class FieldTracker {
  readonly #log: VerifiedLog;
  /** The start of each run, with the key that signed it. */
  readonly #runs = new Map<string, { readonly started: RunStarted; readonly by: string }>();
  readonly #keyNames = new Map<string, string>();
  #tracked = new Map<string, Tracked>();
  readonly revealed: Revelation[] = [];

  constructor(log: VerifiedLog) {
    this.#log = log;
  }

  /** Takes what later records refer to. */
  learn({ context, event }: AdmittedEvent): void {
    if (event.type === "RunStarted") this.#runs.set(event.run, { started: event, by: context.keyId });
    if (event.type === "EnvironmentOpened") this.#learnKeys(event);
    if (event.type === "KeyTrusted") this.#keyNames.set(event.key.id, event.key.name);
  }

  noteRevealed({ event, position }: AdmittedEvent, address: string): void {
    if (event.type !== "SecretRevealed" || event.subject !== address) return;
    this.revealed.push({ paths: event.paths, by: this.#recordOf(position.seq) });
  }

  #learnKeys({ keys }: EnvironmentOpened): void {
    for (const { id, name } of keys) this.#keyNames.set(id, name);
  }

  /** Compares what lived before an event with what lives after it. */
  follow(before: ResourceState | undefined, after: ResourceState, admitted: AdmittedEvent): void {
    const { object } = after;
    if (object === before?.object) return;
    if (object === undefined) {
      this.#tracked = new Map();
      return;
    }
    const old = before?.object === undefined ? new Map<string, Value>() : flat(before.object.inputs);
    const seq = before?.intent?.seq ?? admitted.position.seq;
    const intent = object.description.intent;
    const live = { before: before?.object && flat(before.object.fields), after: flat(object.fields) };
    const next = new Map<string, Tracked>();
    for (const [path, value] of flat(object.inputs)) {
      const known = isSame(old.get(path), value) ? this.#tracked.get(path) : undefined;
      const from = known ?? { by: this.#recordOf(seq), intent, outside: undefined };
      const found = { wanted: value, before: live.before?.get(path), after: live.after.get(path) };
      next.set(path, { ...from, outside: this.#outside(from, found, admitted) });
    }
    this.#tracked = next;
  }

  /** A value that a read has found changed is nobody's of the log, until it is sent again or found as it was sent. */
  #outside(
    { outside }: Tracked,
    found: FoundValue,
    { event, position }: AdmittedEvent,
  ): BlamedRecord | undefined {
    if (found.after === undefined || isSame(found.after, found.wanted)) return undefined;
    switch (event.type) {
      case "Observed":
        return isSame(found.before, found.after) ? outside : this.#recordOf(position.seq);
      case "CreateSucceeded":
      case "UpdateSucceeded":
      case "OutcomeResolved":
        return undefined;
      default:
        return outside;
    }
  }

  #recordOf(seq: number): BlamedRecord {
    const record = this.#log.records[seq - 1]?.record;
    const known = this.#runs.get(record?.run ?? "");
    // What another key has signed is not said by who started the run.
    const run = known?.by === record?.by ? known?.started : undefined;
    return {
      seq,
      at: record?.at ?? "",
      run: record?.run ?? "",
      command: run?.command,
      person: run?.who,
      host: run?.host,
      keyName: this.#keyNames.get(record?.by ?? "") ?? record?.by ?? "",
      why: run?.why,
    };
  }

  fields({ inputs }: StoredObject): readonly BlamedField[] {
    return [...flat(inputs)].flatMap(([path, value]) => {
      const tracked = this.#tracked.get(path);
      return tracked === undefined ? [] : [{ path, value, ...tracked }];
    }).sort((one, other) => compareText(one.path, other.path));
  }
}

/** Fields by path; those of sections, records and maps one by one. */
function flat(encoded: StoredObject["inputs"]): ReadonlyMap<string, Value> {
  const fields: ValueRecord = decodeRecord(encoded);
  return new Map(
    Object.entries(fields).flatMap(([name, value]) =>
      isRecord(value) && Object.keys(value).length > 0
        ? Object.entries(value).map(([part, inner]) => [`${name}.${part}`, inner] as const)
        : [[name, value] as const]
    ),
  );
}

const ANY_FIELD = { type: { kind: "any" }, setLike: false, immutable: false } as const;

function isSame(left: Value | undefined, right: Value): boolean {
  return left !== undefined && sameValues(byDigest(left), byDigest(right), ANY_FIELD);
}
