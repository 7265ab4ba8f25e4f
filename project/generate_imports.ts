import { nearName } from "../engine/near_name.ts";
import { markSensitiveFields } from "../engine/mark_sensitive.ts";
import { ownerKey } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { record, requireRecord } from "../engine/value.ts";
import { type DiscoverRequest, discoverUnowned, takenAddresses, withImportable } from "./discover_objects.ts";
import type { ProjectFailure } from "./failure.ts";
import { ImportNames } from "./import_names.ts";
import { callFailure, holdersOf, type ImportableType } from "./importable_type.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { ReadEnvironment } from "./read_environment.ts";
import { importText, type WrittenObject } from "./resource_text.ts";

/** Which objects to write down. */
export interface GenerateRequest extends DiscoverRequest {
  /** By id; `all`: every one that no address owns. */
  readonly ids: readonly string[] | "all";
}

/** A text of the language, and what it takes over. */
export interface GeneratedImports {
  readonly text: string;
  readonly imports: readonly { readonly id: string; readonly address: string }[];
}

/** Reads objects and writes them as resources with their `import` statements: added to the files, a plan shows only imports. */
export async function generateImports(
  ports: ProjectPorts,
  request: GenerateRequest,
): Promise<Result<GeneratedImports, ProjectFailure>> {
  return await withImportable(ports, request, async (opened, type) => {
    const ids = await idsOf(opened, type, request.ids);
    if (!ids.ok) return ids;
    const names = new ImportNames(type.schema, await takenAddresses(ports, opened));
    const objects: WrittenObject[] = [];
    for (const id of ids.value) {
      const object = await readObject(opened, type, { id, names });
      if (!object.ok) return object;
      objects.push(object.value);
    }
    const imports = objects.map(({ id, place }) => ({ id, address: place.address }));
    return ok({ text: objects.length === 0 ? "" : importText(objects), imports });
  });
}

async function idsOf(
  { environment }: ReadEnvironment,
  type: ImportableType,
  ids: readonly string[] | "all",
): Promise<Result<readonly string[], ProjectFailure>> {
  const { state } = environment.journal;
  if (ids === "all") {
    const listed = await discoverUnowned(state, type);
    return listed.ok ? ok(listed.value.unowned.map(({ id }) => id)) : listed;
  }
  const held = ids.find((id) => holdersOf(state, type, id).length > 0);
  if (held === undefined) return ok([...new Set(ids)]);
  const message = `Cannot take "${held}" over: it is held by ${holdersOf(state, type, held).join(", ")}`;
  return err({ kind: "PlanRefused", message });
}

async function readObject(
  { environment }: ReadEnvironment,
  type: ImportableType,
  { id, names }: { readonly id: string; readonly names: ImportNames },
): Promise<Result<WrittenObject, ProjectFailure>> {
  const { provider, schema, account } = type;
  const { state } = environment.journal;
  const signal = AbortSignal.timeout(schema.timeoutsMs.read);
  const read = await provider.read({ type: schema.type, id, applied: record() }, signal);
  if (!read.ok) return err(callFailure(`Cannot read "${id}"`, read.error));
  if (read.value === undefined) return err(await noSuchObject(type, id));
  const fields = requireRecord(markSensitiveFields(read.value.fields, schema.sections));
  const refTo = (target: string, of: string) => {
    const [holder] = state.owners.get(ownerKey(target, account, of)) ?? [];
    // What a component has made cannot be named from outside by this address.
    return holder?.includes("__") ? undefined : holder;
  };
  return ok({ id: read.value.id, place: names.propose(id, fields), schema, fields, refTo });
}

async function noSuchObject(
  { provider, schema, importId }: ImportableType,
  id: string,
): Promise<ProjectFailure> {
  const listed = await provider.list({ type: schema.type }, AbortSignal.timeout(schema.timeoutsMs.read));
  const near = listed.ok ? nearName(id, listed.value.map((each) => each.id)) : undefined;
  return {
    kind: "NotFound",
    message: `There is no ${schema.type} "${id}"`,
    hint: near === undefined ? `An id looks like ${importId}` : `Did you mean "${near}"?`,
  };
}
