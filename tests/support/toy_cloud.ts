import type { CallFailure, FailureKind } from "../../engine/call_failure.ts";
import { canonicalJson } from "../../engine/canonical_json.ts";
import { clearValue } from "../../engine/clear_value.ts";
import type { Clock } from "../../engine/clock.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { ResourceSchema } from "../../engine/schema.ts";
import { isRecord, record, type Value, type ValueRecord } from "../../engine/value.ts";
import { encodeValue } from "../../engine/value_codec.ts";
import type {
  CreateRequest,
  DeleteRequest,
  ListedObject,
  ListRequest,
  LiveObject,
  Provider,
  ReadRequest,
  UpdateRequest,
} from "../../providers/provider.ts";
import { TOY_SCHEMAS } from "./toy_schema.ts";

/** An object of the toy cloud; it stays in the ledger when it is gone. */
export interface ToyObject {
  readonly id: string;
  readonly type: string;
  /** The token of the intent that made it. */
  readonly token: string;
  readonly madeAtMs: number;
  /** What it was, from when on. */
  readonly versions: { readonly fromMs: number; readonly fields: ValueRecord }[];
  goneAtMs: number | undefined;
}

/** What befalls one call. */
export interface CallFate {
  /** Milliseconds until the cloud has done it. */
  readonly commitMs: number;
  /** Milliseconds more until the answer is there; `lost`: it never is. */
  readonly replyMs: number | "lost";
  /** Nothing is done, and this is the answer. */
  readonly failure: CallFailure | undefined;
  /** Milliseconds by which a read or a list is behind. */
  readonly lagMs: number;
}

/** A mutating call that arrived, for those who count. */
export interface ToyCall {
  readonly operation: "create" | "update" | "delete";
  readonly type: string;
  readonly token: string;
  readonly fields: ValueRecord;
}

export const SMOOTH: CallFate = { commitMs: 0, replyMs: 0, failure: undefined, lagMs: 0 };

/**
 * A cloud in memory with a truth of its own: idempotent by token, eventually consistent, and able to finish what nobody waits
 * for any more. What befalls each call is for its owner to say.
 */
export class ToyCloud {
  readonly ledger: ToyObject[] = [];
  readonly calls: ToyCall[] = [];
  fate: (operation: string, type: string) => CallFate = () => SMOOTH;
  /** Asked when a mutating call arrives. */
  onCall: (call: ToyCall) => void = () => {};
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What lives. */
  get alive(): readonly ToyObject[] {
    return this.ledger.filter((each) => each.goneAtMs === undefined);
  }

  /** The cloud as a process reaches it; with `isAlive` false, what the process does for itself comes to nothing. */
  provider(isAlive: () => boolean = () => true): Provider {
    return {
      name: "toy",
      schemas: TOY_SCHEMAS,
      identity: () => Promise.resolve(ok("account-1")),
      permissions: () => [],
      check: () => Promise.resolve(ok(undefined)),
      read: (request) => this.#read(request),
      create: (request, signal) =>
        this.#mutate("create", request, signal, isAlive, (fate) => this.#create(request, fate)),
      update: (request, signal) =>
        this.#mutate("update", request, signal, isAlive, () => this.#update(request)),
      delete: (request, signal) =>
        this.#mutate("delete", request, signal, isAlive, () => this.#delete(request)),
      list: (request) => this.#list(request),
    };
  }

  /** Makes an object that no intent asked for. */
  plant(type: string, fields: ValueRecord, token = "by hand"): ToyObject {
    const nowMs = this.#clock.monotonicMs();
    const id = `${type.slice(4).toLowerCase()}-${this.ledger.length + 1}`;
    const made = {
      id,
      type,
      token,
      madeAtMs: nowMs,
      versions: [{ fromMs: nowMs, fields }],
      goneAtMs: undefined,
    };
    this.ledger.push(made);
    return made;
  }

  async #mutate<T>(
    operation: ToyCall["operation"],
    request: CreateRequest | UpdateRequest | DeleteRequest,
    signal: AbortSignal,
    isAlive: () => boolean,
    commit: (fate: CallFate) => Result<T, CallFailure>,
  ): Promise<Result<T, CallFailure>> {
    const { type, token } = request;
    const schema = schemaOf(type);
    const fields = "fields" in request ? request.fields : "after" in request ? request.after : record();
    const call = { operation, type, token, fields };
    this.calls.push(call);
    this.onCall(call);
    const fate = this.fate(operation, type);
    if (fate.failure !== undefined) {
      await this.#wait(fate.commitMs);
      return err(fate.failure);
    }
    const done = this.#wait(fate.commitMs).then(() => {
      // What lives inside the process dies with it.
      if (schema.world?.inProcess === true && !isAlive()) return new Promise<never>(() => {});
      return commit(fate);
    });
    const { replyMs } = fate;
    const replied = replyMs === "lost" ? new Promise<never>(() => {}) : done.then(async (answer) => {
      await this.#wait(replyMs);
      return answer;
    });
    return await Promise.race([replied, unanswered(signal)]);
  }

  #create(request: CreateRequest, fate: CallFate): Result<LiveObject, CallFailure> {
    const { type, token, fields } = request;
    const { world } = schemaOf(type);
    const nowMs = this.#clock.monotonicMs();
    const known = this.ledger.find((each) => each.type === type && each.token === token);
    if (known !== undefined && nowMs - known.madeAtMs < (world?.tokenLifetimeMs ?? 0)) {
      const [first] = known.versions;
      return first !== undefined && textOf(first.fields) === textOf(fields)
        ? ok(liveOf(known, first.fields))
        : err(failure("Conflict", "The token was used with other parameters"));
    }
    const name = fields["name"];
    const taken = world?.uniqueName !== undefined &&
      this.alive.some((each) => each.type === type && each.versions.at(-1)?.fields["name"] === name);
    if (taken) return err(failure("AlreadyExists", `There is a ${type} named "${name}"`));
    const made = this.plant(type, fields, token);
    if (fate.replyMs !== "lost") request.accepted(made.id);
    return ok(liveOf(made, fields));
  }

  #update(request: UpdateRequest): Result<LiveObject, CallFailure> {
    const found = this.#find(request.type, request.id) ?? this.#keptInLog(request);
    if (found === undefined) return err(failure("NotFound", `There is no "${request.id}"`));
    if (request.precondition !== undefined && request.precondition !== `${found.versions.length}`) {
      return err(failure("PreconditionFailed", `"${request.id}" is not what it was`));
    }
    found.versions.push({ fromMs: this.#clock.monotonicMs(), fields: request.after });
    return ok(liveOf(found, request.after));
  }

  #delete(request: DeleteRequest): Result<void, CallFailure> {
    const found = this.#find(request.type, request.id);
    if (found === undefined) return ok(undefined);
    if (request.precondition !== undefined && request.precondition !== `${found.versions.length}`) {
      return err(failure("PreconditionFailed", `"${request.id}" is not what it was`));
    }
    found.goneAtMs = this.#clock.monotonicMs();
    return ok(undefined);
  }

  async #read({ type, id }: ReadRequest): Promise<Result<LiveObject | undefined, CallFailure>> {
    const { failure: failed, lagMs } = this.fate("read", type);
    await this.#wait(0);
    if (failed !== undefined) return err(failed);
    const found = this.#asOf(lagMs).find((each) => each.type === type && each.id === id);
    return ok(found === undefined ? undefined : withoutLabel(found));
  }

  async #list(
    { type, token, uniqueName }: ListRequest,
  ): Promise<Result<readonly ListedObject[], CallFailure>> {
    const { failure: failed, lagMs } = this.fate("list", type);
    await this.#wait(0);
    if (failed !== undefined) return err(failed);
    const bearsTokens = schemaOf(type).world?.marker === "token";
    return ok(
      this.#asOf(lagMs).filter((each) =>
        each.type === type && (token === undefined || (bearsTokens && each.token === token)) &&
        (uniqueName === undefined || each.fields["name"] === uniqueName)
      ).map((each) => listed(each, bearsTokens ? { token: each.token } : {})),
    );
  }

  /** The cloud as it was so long ago. */
  #asOf(lagMs: number): (LiveObject & { readonly type: string; readonly token: string })[] {
    const atMs = this.#clock.monotonicMs() - lagMs;
    return this.ledger.flatMap((each) => {
      const seen = each.versions.filter((version) => version.fromMs <= atMs);
      const last = seen.at(-1);
      if (last === undefined || (each.goneAtMs !== undefined && each.goneAtMs <= atMs)) return [];
      return [{ ...liveOf(each, last.fields, seen.length), type: each.type, token: each.token }];
    });
  }

  #find(type: string, id: string): ToyObject | undefined {
    return this.alive.find((each) => each.type === type && each.id === id);
  }

  /** What has no world lives as long as the log says, whatever a deletion without an outcome has done. */
  #keptInLog({ type, id }: UpdateRequest): ToyObject | undefined {
    if (schemaOf(type).world !== undefined) return undefined;
    const kept = this.ledger.find((each) => each.type === type && each.id === id);
    if (kept !== undefined) kept.goneAtMs = undefined;
    return kept;
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await this.#clock.sleep(ms);
  }
}

/** A failure that would come again. */
export function failure(kind: FailureKind, message: string): CallFailure {
  return { kind, retry: "never", certainty: "notDone", message };
}

/** A busy cloud: nothing was done, and the same request may go out again. */
export const THROTTLED: CallFailure = {
  kind: "Throttled",
  retry: "safe",
  certainty: "notDone",
  message: "Too many requests",
};

function schemaOf(type: string): ResourceSchema {
  const found = TOY_SCHEMAS.find((each) => each.type === type);
  if (found === undefined) throw new RangeError(`There is no toy type "${type}"`);
  return found;
}

function liveOf(
  object: ToyObject,
  fields: ValueRecord,
  version: number = object.versions.length,
): LiveObject {
  const outputs = record([
    ["arn", `arn:toy:${object.id}`],
    ["key", `key-of-${object.id}`],
    ["echo", clearValue(fields["password"] ?? null)],
  ]);
  const live = { id: object.id, fields: clearRecord(fields), outputs };
  return schemaOf(object.type).world?.preconditions === true ? { ...live, precondition: `${version}` } : live;
}

function listed(
  { id, fields, outputs, precondition }: LiveObject,
  mark: { readonly token?: string },
): ListedObject {
  const live = withoutLabel({ id, fields, outputs });
  return precondition === undefined ? { ...live, ...mark } : { ...live, precondition, ...mark };
}

/** Write-only fields are never read back. */
function withoutLabel<T extends LiveObject>(live: T): T {
  return { ...live, fields: record(Object.entries(live.fields).filter(([name]) => name !== "label")) };
}

function clearRecord(fields: ValueRecord): ValueRecord {
  const clear = clearValue(fields);
  return isRecord(clear) ? clear : record();
}

function textOf(value: Value): string {
  return canonicalJson(encodeValue(clearValue(value)));
}

function unanswered(signal: AbortSignal): Promise<Result<never, CallFailure>> {
  const given = (): Result<never, CallFailure> =>
    err({ kind: "Timeout", retry: "never", certainty: "unknown", message: "No answer came" });
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(given());
    signal.addEventListener("abort", () => resolve(given()), { once: true });
  });
}
