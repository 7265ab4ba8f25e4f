import { err, ok, type Result } from "../engine/result.ts";
import { hasErrors } from "../lang/diagnostic.ts";
import { type ConfigFailure, configFailure, desiredConfig, readFiles } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import { programOf } from "./launcher.ts";
import { newNameFault } from "./new_name_fault.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { replaceFile } from "./replace_file.ts";
import { addEnvironment, type EnvironmentEntries } from "./smelt_toml_edit.ts";
import { configuredWorkspace, openConfigured, pickEnvironment, type Workspace } from "./workspace.ts";

/** What `[environments.NAME]` is to say. */
export interface NewEnvironmentTable {
  readonly name: string;
  /** The first of lowest priority. */
  readonly layers: readonly string[];
  readonly region: string | undefined;
  readonly projectId: string | undefined;
  /** By name. */
  readonly variables: ReadonlyMap<string, string>;
  readonly isProtected: boolean;
}

/** An environment that has been written down, and has no log yet. */
export interface CreatedTable {
  readonly name: string;
  readonly entries: EnvironmentEntries;
  /** What to run next. */
  readonly next: string;
}

/** Adds an environment to `smelt.toml`, and changes nothing else there. Its layers must be declared in the files. */
export async function createEnvironmentTable(
  ports: ProjectPorts,
  table: NewEnvironmentTable,
): Promise<Result<CreatedTable, ProjectFailure | ConfigFailure>> {
  const { name } = table;
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const { config, configText, paths } = workspace.value;
  const program = programOf(ports);
  const fault = newNameFault(name, config.environments.keys());
  if (fault !== undefined) return err(fault);
  if (config.environments.has(name)) return err(alreadyThere(name, program));
  const entries = entriesOf(table);
  const edited = configuredWorkspace(paths, addEnvironment(configText, name, entries));
  if (!edited.ok) return err({ ...edited.error, message: `Cannot add the environment "${name}"` });
  const layers = table.layers.length === 0 ? ok(undefined) : await checkLayers(ports, edited.value, name);
  if (!layers.ok) return layers;
  const written = await replaceFile(paths.configFile, edited.value.configText);
  return written.ok ? ok({ name, entries, next: `${program} init ${name}` }) : written;
}

/** In the order in which they stand in the file. */
function entriesOf(table: NewEnvironmentTable): EnvironmentEntries {
  const { layers, region, projectId, variables, isProtected } = table;
  return [
    ...layers.length === 0 ? [] : [["layers", layers] as const],
    ...region === undefined ? [] : [["region", region] as const],
    ...projectId === undefined ? [] : [["project_id", projectId] as const],
    ...isProtected ? [["protected", true] as const] : [],
    ...variables.size === 0 ? [] : [["vars", Object.fromEntries(variables)] as const],
  ];
}

/** Finds what `validate` would say of the layers; what else may be wrong with the files is for others to say. */
async function checkLayers(
  ports: ProjectPorts,
  workspace: Workspace,
  name: string,
): Promise<Result<undefined, ProjectFailure | ConfigFailure>> {
  const environment = pickEnvironment(workspace, name);
  if (!environment.ok) return environment;
  const read = await readFiles({ workspace, workingFolder: ports.workingFolder, given: [] });
  // Files that cannot be read whole do not tell which layers there are.
  if (hasErrors(read.diagnostics)) return err(configFailure(read.diagnostics, read.sources));
  const registry = ports.registry(workspace.paths);
  const { secrets } = ports;
  const target = {
    environment: environment.value,
    registry,
    secrets,
    readVariable: undefined,
    secretReader: undefined,
  };
  const { diagnostics } = await desiredConfig(read, target);
  const unknown = diagnostics.filter((each) => each.code === "E-UNKNOWN-LAYER");
  return unknown.length === 0 ? ok(undefined) : err(configFailure(unknown, read.sources));
}

function alreadyThere(name: string, program: string): ProjectFailure {
  return {
    kind: "Config",
    message: `smelt.toml holds an environment "${name}" already`,
    hint: `To see it: ${program} env show ${name}`,
  };
}
