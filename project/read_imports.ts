import { type Arrival, type ArrivalRefusal, importOf } from "../engine/arrivals.ts";
import { type EnvironmentView, ownerKey } from "../engine/environment.ts";
import type { ReadResult } from "../engine/make_plan.ts";
import { markKnown } from "../engine/mark_known.ts";
import { markLike, markSensitive, markSensitiveFields } from "../engine/mark_sensitive.ts";
import type { LiveFacts } from "../engine/plan.ts";
import type { DesiredConfig } from "../engine/resource_config.ts";
import type { Imported } from "../engine/resource_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { FieldPath } from "../engine/schema.ts";
import { isRecord, record, requireRecord } from "../engine/value.ts";
import { getField, setField, type Wanted } from "../engine/wanted.ts";
import { askAccount } from "./ask_account.ts";
import type { RegisteredType, Registry } from "../providers/registry.ts";
import type { Vault } from "../trust/vault_port.ts";

/** What looking for the objects of `import` statements needs. */
export interface ImportParts {
  readonly imports: DesiredConfig["imports"];
  /** With what is moved in place. */
  readonly state: EnvironmentView;
  readonly wanted: ReadonlyMap<string, Wanted>;
  readonly registry: Registry;
  readonly vault: Vault;
  readonly signal: AbortSignal;
}

/** What was found. */
export interface FoundImports {
  readonly imports: ReadonlyMap<string, { readonly event: Imported; readonly arrival: Arrival }>;
  readonly reads: ReadonlyMap<string, ReadResult>;
  /** Imports of which nothing is left to do. */
  readonly done: DesiredConfig["imports"];
  readonly refused: readonly ArrivalRefusal[];
}

/** Reads the objects that the files want to take over. One that its address holds already is done, and not read. */
export async function readImports(parts: ImportParts): Promise<FoundImports> {
  const done = parts.imports.filter(({ id, address }) =>
    parts.state.resources.get(address)?.object?.id === id
  );
  const imports = new Map<string, FoundImport>();
  const reads = new Map<string, ReadResult>();
  const refused: ArrivalRefusal[] = [];
  for (const statement of parts.imports.filter((each) => !done.includes(each))) {
    const { id, address } = statement;
    const read = await readImport(parts, statement);
    const found = read.ok ? onceTaken(imports, read.value) : read;
    if (found.ok) {
      imports.set(address, found.value);
      reads.set(address, { kind: "found", facts: found.value.arrival.facts });
    } else refused.push({ address, from: undefined, what: `the import of "${id}"`, why: found.error });
  }
  return { imports, reads, done, refused };
}

type ImportedArrival = Extract<Arrival, { readonly kind: "imported" }>;

interface FoundImport {
  readonly event: Imported;
  readonly arrival: ImportedArrival;
}

/** An object has one address: what another statement takes over already is refused. */
function onceTaken(
  imports: ReadonlyMap<string, FoundImport>,
  found: FoundImport,
): Result<FoundImport, string> {
  const key = eventOwner(found.event);
  const other = imports.values().find(({ event }) => eventOwner(event) === key);
  return other === undefined ? ok(found) : err(`"${other.event.address}" is to take it over too`);
}

function eventOwner({ resourceType, account, id }: Imported): string {
  return ownerKey(resourceType, account, id);
}

async function readImport(
  { state, wanted, registry, vault, signal }: ImportParts,
  { id, address }: DesiredConfig["imports"][number],
): Promise<Result<FoundImport, string>> {
  const held = state.resources.get(address);
  if (held?.object !== undefined) return err(`"${address}" holds "${held.object.id}" already`);
  if (held?.intent !== undefined) {
    return err(`a call to "${address}" is still open: apply or recover settles it`);
  }
  const want = wanted.get(address);
  const found = want === undefined ? undefined : registry.lookUp(want.type);
  if (want === undefined || found === undefined || !found.ok) return err("no provider here knows its type");
  if (found.value.schema.importId === undefined) return err(`objects of ${want.type} cannot be taken over`);
  const live = await readLive(found.value, id, signal);
  if (!live.ok) return live;
  const { account } = live.value;
  const facts = hideKnown(live.value.facts, want, vault);
  // By the id that the provider gives it, which is the one that the log will hold.
  const owners = state.owners.get(ownerKey(want.type, account, facts.id)) ?? new Set();
  if (owners.size > 0) return err(`it is held by ${[...owners].join(", ")}`);
  const inputs = livingPart(want, facts);
  const { type: resourceType, schemaVersion } = want;
  const arrival = { kind: "imported", resourceType, schemaVersion, facts, inputs } as const;
  return ok({ arrival, event: importOf(address, arrival, account) });
}

async function readLive(
  { schema, provider }: RegisteredType,
  id: string,
  signal: AbortSignal,
): Promise<Result<{ readonly account: string; readonly facts: LiveFacts }, string>> {
  const account = await askAccount(provider, signal);
  if (!account.ok) return err(`its account cannot be told: ${account.error.message}`);
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(schema.timeoutsMs.read)]);
  const read = await provider.read({ type: schema.type, id, applied: record() }, timeout);
  if (!read.ok) return err(`it could not be read: ${read.error.message}`);
  if (read.value === undefined) return err(`there is no such object; its id looks like ${schema.importId}`);
  const { fields, outputs, precondition } = read.value;
  return ok({
    account: account.value,
    facts: {
      id: read.value.id,
      fields: requireRecord(markSensitiveFields(fields, schema.sections)),
      outputs: requireRecord(markSensitive(outputs, schema.outputs)),
      precondition,
    },
  });
}

/** What is wanted as a secret lives as one, and so does what carries a known one; what is wanted in clear stays comparable. */
function hideKnown({ fields, outputs, ...facts }: LiveFacts, want: Wanted, vault: Vault): LiveFacts {
  return {
    ...facts,
    fields: markKnown(requireRecord(markLike(fields, want.fields)), (text) => vault.carries(text), [
      want.fields,
    ]),
    outputs: markKnown(outputs, (text) => vault.carries(text), [want.fields]),
  };
}

/** Of all that is wanted, bound fields included, what the object has: it counts as sent, so that the rest shows as a change. */
function livingPart(wanted: Wanted, { fields }: LiveFacts): ReturnType<typeof record> {
  const paths = [...pathsOf(wanted), ...wanted.bindings.map((each) => each.path)];
  return paths.reduce((part, path) => {
    const value = getField(fields, path);
    return value === undefined || value === null ? part : setField(part, path, value);
  }, record());
}

function pathsOf({ fields }: Wanted): readonly FieldPath[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    isRecord(value)
      ? Object.keys(value).map((field) => ({ section: name, field }))
      : [{ section: "", field: name }]
  );
}
