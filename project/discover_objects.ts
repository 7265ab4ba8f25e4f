import { isSettledAbsent } from "../engine/resource_state.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { desiredConfig, readFiles } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import { ImportNames, nameOf } from "./import_names.ts";
import { callFailure, type ImportableType, importableType } from "./importable_type.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { importStatement } from "./resource_text.ts";
import { listUnowned, type UnownedObjects } from "./unowned_objects.ts";

/** An object that no address owns. */
export interface DiscoveredObject {
  readonly id: string;
  /** What it is called, where it has a name. */
  readonly name: string | undefined;
  /** A line that takes it over, under an address that is free. */
  readonly statement: string;
}

/** What there is of a type in an account. */
export interface Discovered {
  readonly environment: string;
  readonly account: string;
  /** By id. */
  readonly objects: readonly DiscoveredObject[];
  /** How many there are that an address owns. */
  readonly ownedCount: number;
}

/** Which objects to look for. */
export interface DiscoverRequest {
  readonly type: string;
  /** The default one when `undefined`. */
  readonly environment: string | undefined;
}

/** Lists the objects of a type that no address of the environment owns. */
export async function discoverObjects(
  ports: ProjectPorts,
  request: DiscoverRequest,
): Promise<Result<Discovered, ProjectFailure>> {
  return await withImportable(ports, request, async (opened, type) => {
    const state = opened.environment.journal.state;
    const listed = await discoverUnowned(state, type);
    if (!listed.ok) return listed;
    const names = new ImportNames(type.schema, await takenAddresses(ports, opened));
    const objects = listed.value.unowned.map(({ id, fields }) => ({
      id,
      name: nameOf(type.schema, fields),
      statement: importStatement(id, names.propose(id, fields).address),
    }));
    const { ownedCount } = listed.value;
    return ok({ environment: opened.name, account: type.account, objects, ownedCount });
  });
}

/** Opens the environment to read, and finds the type. */
export async function withImportable<T>(
  ports: ProjectPorts,
  { environment, type }: DiscoverRequest,
  work: (opened: ReadEnvironment, type: ImportableType) => Promise<Result<T, ProjectFailure>>,
): Promise<Result<T, ProjectFailure>> {
  return await withEnvironment(ports, { environment, purpose: "read", tell: () => {} }, async (opened) => {
    const registry = ports.registry(opened.workspace.paths);
    const found = await importableType(registry, type, callSignal());
    return found.ok ? await work(opened, found.value) : found;
  });
}

/** Of all objects of a type, those that no address owns. */
export async function discoverUnowned(
  state: EnvironmentView,
  type: ImportableType,
): Promise<Result<UnownedObjects, ProjectFailure>> {
  const listed = await listUnowned({ state, signal: callSignal() }, type, {});
  return listed.ok
    ? listed
    : err(callFailure(`Cannot list the objects of ${type.schema.type}`, listed.error));
}

/** Every address that the log or the files know; files with errors say what they can. */
export async function takenAddresses(
  ports: ProjectPorts,
  opened: ReadEnvironment,
): Promise<readonly string[]> {
  const { chosen, workspace } = opened;
  const read = await readFiles({ workspace, workingFolder: ports.workingFolder, given: [] });
  const registry = ports.registry(workspace.paths);
  const { desired } = await desiredConfig(read, { environment: chosen, registry, readVariable: undefined });
  const held = [...opened.environment.journal.state.resources.values()].filter((each) =>
    !isSettledAbsent(each)
  );
  return [...held, ...desired.resources].map((each) => each.address);
}

function callSignal(): AbortSignal {
  return AbortSignal.timeout(CALL_MS);
}
/** A list of a whole account may take longer than one read. */
const CALL_MS = 60_000;
