import { storedFacts } from "../engine/plan_lookup.ts";
import { objectOutput } from "../engine/object_output.ts";
import type { DesiredOutput } from "../engine/resource_config.ts";
import type { Result } from "../engine/result.ts";
import type { Value } from "../engine/value.ts";
import { checkProject } from "./check_project.ts";
import { checkDeclared, type DeclaredConfig } from "./declared_config.ts";
import type { CheckedConfig } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, readState } from "./read_environment.ts";
import { openWorkspace } from "./workspace.ts";

/** Which outputs are asked for. */
export interface OutputsRequest {
  /** The default one when `undefined`. */
  readonly environment: string | undefined;
  /** What a program declares; `undefined`: the outputs are those of the files. */
  readonly declared: DeclaredConfig | undefined;
}

/** What the log knows of the outputs of a project, by name; `undefined` where nothing lives that gives it. Secrets stay sealed. */
export async function readOutputs(
  ports: ProjectPorts,
  { environment, declared }: OutputsRequest,
): Promise<Result<ReadonlyMap<string, Value | undefined>, ProjectFailure>> {
  const checked = declared === undefined
    ? await checkProject(ports, [], environment)
    : await checkStack(ports, declared);
  if (!checked.ok) return checked;
  const { outputs } = checked.value.desired;
  return await readState(ports, environment, (opened) => valuesOf(outputs, opened));
}

async function checkStack(
  ports: ProjectPorts,
  declared: DeclaredConfig,
): Promise<Result<CheckedConfig, ProjectFailure>> {
  const workspace = await openWorkspace(ports.workingFolder);
  return workspace.ok ? checkDeclared(declared, ports.registry(workspace.value.paths)) : workspace;
}

function valuesOf(
  outputs: readonly DesiredOutput[],
  { environment }: ReadEnvironment,
): ReadonlyMap<string, Value | undefined> {
  const { resources } = environment.journal.state;
  return new Map(outputs.map(({ name, target, path }) => {
    const stored = resources.get(target)?.object;
    return [name, stored === undefined ? undefined : objectOutput(storedFacts(stored), path)] as const;
  }));
}
