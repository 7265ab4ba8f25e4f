import type { CallFailure } from "../engine/call_failure.ts";
import type { Result } from "../engine/result.ts";
import {
  isRecord,
  record,
  SealedSecret,
  Secret,
  someValue,
  type Value,
  type ValueRecord,
} from "../engine/value.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import { getField } from "../engine/wanted.ts";
import type { Provider } from "./provider.ts";
import type { TestFields } from "./test_calls.ts";

/** What a contract suite is run against: a provider over a fresh world for each test, and an object of each type. */
export interface ContractSubject {
  open(): Promise<OpenWorld>;
  /** At least one for each type. */
  readonly samples: readonly ContractSample[];
}

/** A world of its own, until it is closed. */
export interface OpenWorld {
  readonly provider: Provider;
  close(): Promise<void>;
}

/** An object that the provider takes. */
export interface ContractSample {
  readonly type: string;
  /** All its fields, sections as records; makes first what they refer to. */
  fields(provider: Provider): Promise<TestFields> | TestFields;
  /** Fields, or whole sections, that an update in place changes; absent when the type has no update. */
  readonly changes?: TestFields;
}

/** One sample in an open world. */
export interface Trial {
  readonly provider: Provider;
  readonly schema: ResourceSchema;
  readonly type: string;
  readonly fields: ValueRecord;
  /** The fields after the update; equal to `fields` when the type has no update. */
  readonly changed: ValueRecord;
  readonly hasUpdate: boolean;
}

/** One thing that a contract asks of a provider. `run` rejects when the provider does not keep it. */
export interface ContractCheck {
  /** Goes on after the provider's name; `TYPE` stands for the type. */
  readonly name: string;
  run(trial: Trial): Promise<void>;
}

/** Registers one test for each check and sample. */
export function testChecks(name: string, subject: ContractSubject, checks: readonly ContractCheck[]): void {
  for (const check of checks) {
    for (const sample of subject.samples) {
      Deno.test(`${name}: ${check.name.replace("TYPE", sample.type)}`, () =>
        runCheck(check, subject, sample));
    }
  }
}

/**
 * Runs one check in a world of its own. The trial's provider looks at every answer on its way: no secret of the sample in
 * it, and failures that say something.
 */
export async function runCheck(
  check: ContractCheck,
  subject: ContractSubject,
  sample: ContractSample,
): Promise<void> {
  const world = await subject.open();
  try {
    await check.run(await trialOf(sample, world.provider));
  } finally {
    await world.close();
  }
}

async function trialOf(sample: ContractSample, provider: Provider): Promise<Trial> {
  const schema = provider.schemas.find((each) => each.type === sample.type);
  if (schema === undefined) throw new Error(`The provider has no type "${sample.type}"`);
  const fields = record(Object.entries(await sample.fields(provider)));
  const changed = record([...Object.entries(fields), ...Object.entries(sample.changes ?? {})]);
  const secrets = [...secretTexts(fields), ...secretTexts(changed)];
  return {
    provider: watched(provider, secrets),
    schema,
    type: sample.type,
    fields,
    changed,
    hasUpdate: sample.changes !== undefined,
  };
}

/** The same provider, every answer of which is checked. */
function watched(provider: Provider, secrets: readonly string[]): Provider {
  const check = async <T>(answer: Promise<Result<T, CallFailure>>): Promise<Result<T, CallFailure>> => {
    const result = await answer;
    const shown = JSON.stringify(result, (_, part) => typeof part === "bigint" ? String(part) : part);
    for (const secret of secrets) {
      if (shown.includes(secret)) throw new Error(`An answer shows a secret in clear: ${shown}`);
    }
    if (!result.ok && result.error.message === "") throw new Error(`A failure says nothing: ${shown}`);
    return result;
  };
  return {
    name: provider.name,
    schemas: provider.schemas,
    permissions: (type, fields) => provider.permissions(type, fields),
    check: (type, fields) => check(provider.check(type, fields)),
    identity: (signal) => check(provider.identity(signal)),
    read: (request, signal) => check(provider.read(request, signal)),
    create: (request, signal) => check(provider.create(request, signal)),
    update: (request, signal) => check(provider.update(request, signal)),
    delete: (request, signal) => check(provider.delete(request, signal)),
    list: (request, signal) => check(provider.list(request, signal)),
  };
}

/** The texts of all secrets in a value, as they would look in JSON. */
function secretTexts(value: Value): readonly string[] {
  const found: string[] = [];
  someValue(value, (part) => {
    if (part instanceof Secret) found.push(...textsOf(Secret.open(part)));
    return false;
  });
  return found;
}

function textsOf(value: Value): readonly string[] {
  if (typeof value === "string") return [JSON.stringify(value).slice(1, -1)];
  if (isRecord(value)) return Object.values(value).flatMap(textsOf);
  return Array.isArray(value) ? value.flatMap(textsOf) : [];
}

/** Whether a value is kept as a secret. */
export function isSecret(value: Value | undefined): boolean {
  return value instanceof Secret || value instanceof SealedSecret;
}

/** Whether objects of the type can be looked for. */
export function isFound(schema: ResourceSchema): boolean {
  return schema.world !== undefined && schema.world.marker !== "none";
}

/** The name of the trial's object, where the type has unique names. */
export function uniqueNameOf({ schema, fields }: Trial): string | undefined {
  const path = schema.world?.uniqueName;
  if (path === undefined) return undefined;
  const name = getField(fields, path);
  return typeof name === "string" ? name : undefined;
}
