import type { CallFailure } from "../engine/call_failure.ts";
import type { Result } from "../engine/result.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import type { ValueRecord } from "../engine/value.ts";

/**
 * The outside world, as smelt reaches it.
 *
 * An adapter makes no retries of its own, keeps nothing between calls that a restart would lose, and never throws for
 * what the world answers: every answer is a result, and every failure says whether the world changed. It honours the
 * signal by giving up waiting (kind `Timeout` or `Cancelled`, certainty `unknown` once the request has been sent).
 * Values may hold `Secret`s: an adapter opens one where the request needs it and nowhere else, and none of its messages
 * carries one. Fields are laid out as the schema says: those of the section `""` in the record itself, each other section
 * as a record under its name.
 */
export interface Provider {
  /** The first segment of its types, for example `sim`. */
  readonly name: string;
  readonly schemas: readonly ResourceSchema[];
  /** Which account, project or folder calls go to; bound into plans so that they reach no other. */
  identity(signal: AbortSignal): Promise<Result<string, CallFailure>>;
  /** Permissions of the runtime that calls for such a resource need; asked before the first call of a run. */
  permissions(type: string, fields: ValueRecord): readonly PermissionNeed[];
  /**
   * Whether such a resource may be where its fields say, as far as this machine alone can tell: nobody else is asked, and
   * nothing is changed. A plan asks it of what it would make or change; what is not known yet, or sealed, stands as it is.
   */
  check(type: string, fields: ValueRecord): Promise<Result<void, CallFailure>>;
  /** What lives under `id` now; `undefined` only when the provider says definitely that nothing does. */
  read(request: ReadRequest, signal: AbortSignal): Promise<Result<LiveObject | undefined, CallFailure>>;
  /** Makes one object. Calls `accepted` as soon as the id is known, before waiting for it to become ready. */
  create(request: CreateRequest, signal: AbortSignal): Promise<Result<LiveObject, CallFailure>>;
  update(request: UpdateRequest, signal: AbortSignal): Promise<Result<LiveObject, CallFailure>>;
  /** Removes one object. One that is already gone is a success. */
  delete(request: DeleteRequest, signal: AbortSignal): Promise<Result<void, CallFailure>>;
  /** All objects of a type, or those that bear a token or a unique name. */
  list(request: ListRequest, signal: AbortSignal): Promise<Result<readonly ListedObject[], CallFailure>>;
}

/** A permission of the runtime, as `Deno.permissions` and its flags name it. */
export interface PermissionNeed {
  readonly kind: "read" | "write" | "run" | "net" | "env";
  /** Path, program, host or variable. */
  readonly target: string;
}

/** What lives in the world. */
export interface LiveObject {
  /** Never reused by another object of the same account while smelt may remember it. */
  readonly id: string;
  /** As the provider has them now; write-only fields are left out. */
  readonly fields: ValueRecord;
  readonly outputs: ValueRecord;
  /** An etag or generation that update and delete hand back, where the type has preconditions. */
  readonly precondition?: string;
}

/** An object met in a list. Its fields may lack what a list does not tell; `read` tells all. */
export interface ListedObject extends LiveObject {
  /** The token of the intent that made it, where the type bears tokens. */
  readonly token?: string;
}

export interface ReadRequest {
  readonly type: string;
  readonly id: string;
  /** What was applied last, for types that cannot tell all by the id. An `Unknown` stands for a secret that was given up. */
  readonly applied: ValueRecord;
  /** What the last call gave, for types whose outputs exist in the log only; absent when nothing is known. */
  readonly outputs?: ValueRecord;
}

export interface CreateRequest {
  readonly type: string;
  readonly fields: ValueRecord;
  /** 32 hex digits, one for each intent; equal only when the same intent is sent again. */
  readonly token: string;
  accepted(id: string): void;
  readonly progressed?: ToldProgress;
}

/**
 * Told of each step that a long call has come to, by a word for people and what it makes known of the outputs, without secrets:
 * should the call never answer, `read` is asked with these.
 */
export type ToldProgress = (step: string, facts: Readonly<Record<string, string>>) => void;

export interface UpdateRequest {
  readonly type: string;
  readonly id: string;
  readonly before: ValueRecord;
  readonly after: ValueRecord;
  readonly token: string;
  readonly precondition?: string;
  readonly progressed?: ToldProgress;
}

export interface DeleteRequest {
  readonly type: string;
  readonly id: string;
  /** What was applied last. An `Unknown` stands for a secret that was given up; see `deletesByApplied` of a schema. */
  readonly applied: ValueRecord;
  readonly token: string;
  readonly precondition?: string;
}

export interface ListRequest {
  readonly type: string;
  /** Only those bearing this token. */
  readonly token?: string;
  /** Only the one with this unique name. */
  readonly uniqueName?: string;
}
