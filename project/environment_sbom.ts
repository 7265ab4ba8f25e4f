import { digestWith } from "../audit/digest_set.ts";
import { sbom } from "../audit/sbom.ts";
import type { SbomVersion } from "../audit/sbom_version.ts";
import { stateAfter } from "../audit/verified_log.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { invariant } from "../engine/invariant.ts";
import type { JsonObject } from "../engine/json.ts";
import type { ResourceState } from "../engine/resource_state.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { SbomKind } from "../engine/schema.ts";
import { compareText } from "../engine/text_order.ts";
import type { Registry } from "../providers/registry.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { VERSION } from "./version.ts";
import { openInitialised } from "./workspace.ts";

/** Which inventory is wanted. */
export interface SbomRequest {
  /** The default one when `undefined`. */
  readonly environment: string | undefined;
  readonly specVersion: SbomVersion;
  readonly ids: "told" | "omitted";
}

/**
 * The inventory of all that an environment holds, in CycloneDX. An inventory is whole or there is none: a resource of which
 * it is not known what lives, or of an unknown type, is a failure; a damaged log throws an `IntegrityError`.
 */
export async function environmentSbom(
  ports: ProjectPorts,
  { environment, ...form }: SbomRequest,
): Promise<Result<JsonObject, ProjectFailure>> {
  const found = await openInitialised(ports.workingFolder, environment);
  if (!found.ok) return found;
  const { workspace, chosen } = found.value;
  const log = await ports.readLog(workspace.paths, chosen);
  if (!log.ok) return log;
  const { head, records, stream } = log.value;
  const state = stateAfter(log.value, head.seq);
  const kinds = kindsOf(state, ports.registry(workspace.paths));
  if (!kinds.ok) return kinds;
  const open = openFailure(state);
  if (open !== undefined) return err(open);
  const last = records[head.seq - 1];
  invariant(state.facts !== undefined && last !== undefined, "A log that has been read has been opened");
  const source = {
    environment: chosen.name,
    stream,
    head,
    state,
    at: last.record.at,
    facts: state.facts,
    kindOf: (type: string) => {
      const kind = kinds.value.get(type);
      invariant(kind !== undefined, `The kind of "${type}" was looked up`);
      return kind;
    },
  };
  const digest = digestWith((await ports.attestationChecks()).hash);
  return ok(await sbom(source, { ...form, toolVersion: VERSION }, digest));
}

/** What each type of the state is in an inventory; the failure names the first resource of a type that no provider knows. */
function kindsOf(
  { resources }: EnvironmentView,
  registry: Registry,
): Result<ReadonlyMap<string, SbomKind>, ProjectFailure> {
  const kinds = new Map<string, SbomKind>();
  for (const state of sorted(resources)) {
    const objects = [state.object, ...state.deposed.map(({ object }) => object)];
    for (const type of objects.flatMap((each) => each === undefined ? [] : [each.type])) {
      const known = registry.lookUp(type);
      if (!known.ok) return err(unknownType(state.address, known.error.message));
      kinds.set(type, known.value.schema.sbomKind);
    }
  }
  return ok(kinds);
}

function unknownType(address: string, why: string): ProjectFailure {
  return {
    kind: "Config",
    message: `Cannot make an inventory: of ${address} it is not known what it is: ${why}`,
    resource: address,
    hint: "Use the version of smelt that knows the type",
  };
}

function openFailure({ resources }: EnvironmentView): ProjectFailure | undefined {
  const open = sorted(resources).filter(({ intent }) => intent !== undefined);
  const [first] = open;
  if (first === undefined) return undefined;
  return {
    kind: "Unsettled",
    message: "Cannot make an inventory: calls are open, and what they did is not known",
    details: open.map(({ address, intent }) =>
      `${address}: ${intent?.started.type} of run ${intent?.run.slice(0, 8)}`
    ),
    resource: first.address,
    hint: "smelt runs tells whether they are under way; smelt recover settles those of runs that have ended",
  };
}

function sorted(resources: ReadonlyMap<string, ResourceState>): readonly ResourceState[] {
  return [...resources.values()].sort((one, other) => compareText(one.address, other.address));
}
