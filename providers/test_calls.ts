import { ok } from "node:assert/strict";
import type { CallFailure } from "../engine/call_failure.ts";
import type { Result } from "../engine/result.ts";
import { record, type Value, type ValueRecord } from "../engine/value.ts";
import type { LiveObject, Provider } from "./provider.ts";

/** Calls of a provider as tests make them: short, under a signal that never goes off, each under its own token. */

/** Fields as a test writes them. */
export type TestFields = Readonly<Record<string, Value>>;

/** Makes an object of `type`. */
export function create(
  provider: Provider,
  type: string,
  fields: TestFields,
  token = tokenOf(1),
): Promise<Result<LiveObject, CallFailure>> {
  return provider.create({ type, token, fields: fieldsOf(fields), accepted: () => undefined }, quiet());
}

/** Reads an object; `applied` as it was written last. */
export function read(
  provider: Provider,
  type: string,
  id: string,
  applied: TestFields = {},
): Promise<Result<LiveObject | undefined, CallFailure>> {
  return provider.read({ type, id, applied: fieldsOf(applied) }, quiet());
}

/** Changes the object that was seen, under the precondition that it came with. */
export function update(
  provider: Provider,
  type: string,
  seen: LiveObject,
  after: TestFields,
): Promise<Result<LiveObject, CallFailure>> {
  const { id, fields: before, precondition } = seen;
  const request = { type, token: tokenOf(2), id, before, after: fieldsOf(after) };
  return provider.update(precondition === undefined ? request : { ...request, precondition }, quiet());
}

/** Removes the object that was seen, under the precondition that it came with. */
export function remove(
  provider: Provider,
  type: string,
  seen: LiveObject,
): Promise<Result<void, CallFailure>> {
  const { id, fields: applied, precondition } = seen;
  const request = { type, token: tokenOf(3), id, applied };
  return provider.delete(precondition === undefined ? request : { ...request, precondition }, quiet());
}

/** Makes a record of fields. */
export function fieldsOf(fields: TestFields): ValueRecord {
  return record(Object.entries(fields));
}

/** The value of a call that must succeed. */
export function valueOf<T>(result: Result<T, CallFailure>): T {
  ok(result.ok, result.ok ? "" : `${result.error.kind}: ${result.error.message}`);
  return result.value;
}

/** The failure of a call that must not succeed. */
export function failureOf<T>(result: Result<T, CallFailure>): CallFailure {
  ok(!result.ok, "The call succeeded");
  return result.error;
}

/** A signal that never goes off. */
export function quiet(): AbortSignal {
  return new AbortController().signal;
}

/** The token numbered `number`. */
export function tokenOf(number: number): string {
  return number.toString(16).padStart(32, "0");
}
