import { err, ok, type Result } from "../engine/result.ts";
import type { Diagnostic } from "../lang/diagnostic.ts";
import { sourceText } from "../lang/source_text.ts";
import { fileErrorReason } from "./_file_error.ts";
import type { ProjectFailure } from "./failure.ts";
import { CONFIG_FILE_NAME, findProjectRoot, type ProjectPaths, projectPaths } from "./project_paths.ts";
import { chooseEnvironment } from "./choose_environment.ts";
import { DEFAULT_PROJECT_CONFIG, parseSmeltToml, type ProjectConfig } from "./smelt_toml.ts";
import type { EnvironmentConfig } from "./smelt_toml_environment.ts";

const LARGEST_CONFIG_BYTES = 1 << 20;

/** A project on disk: where it is, and what its configuration file says. */
export interface Workspace {
  readonly paths: ProjectPaths;
  /** Whether there is a `smelt.toml`; without one the defaults hold, and nothing may be written. */
  readonly hasConfig: boolean;
  readonly config: ProjectConfig;
  /** The text of `smelt.toml`; empty without one. */
  readonly configText: string;
  /** Where the search for `smelt.toml` had to end, since it may not look there. */
  readonly unseenFolder: string | undefined;
}

/** Finds the project that `workingFolder` lies in, and reads its configuration. */
export async function openWorkspace(workingFolder: string): Promise<Result<Workspace, ProjectFailure>> {
  const found = await findProjectRoot(workingFolder);
  const paths = projectPaths(found.root);
  const { unseenFolder } = found;
  if (!found.hasConfig) {
    return unseenFolder === found.root
      ? err(noProject(found.root, unseenFolder))
      : ok({ paths, hasConfig: false, config: DEFAULT_PROJECT_CONFIG, configText: "", unseenFolder });
  }
  const text = await readConfigText(paths.configFile);
  if (!text.ok) return text;
  return configuredWorkspace(paths, text.value);
}

/** The workspace of a project whose `smelt.toml` has this text. */
export function configuredWorkspace(
  paths: ProjectPaths,
  configText: string,
): Result<Workspace, ProjectFailure> {
  const parsed = parseSmeltToml(CONFIG_FILE_NAME, configText);
  if (!parsed.ok) return err(configFailure(parsed.error, configText));
  return ok({ paths, hasConfig: true, config: parsed.value, configText, unseenFolder: undefined });
}

/** An environment that has been initialised: it has a log, and a pin of its first record. */
export interface ChosenEnvironment extends EnvironmentConfig {
  readonly name: string;
}

/** The environment that `name` means in this project, the default one when it is `undefined`. */
export function pickEnvironment(
  workspace: Workspace,
  name: string | undefined,
): Result<ChosenEnvironment, ProjectFailure> {
  const chosen = chooseEnvironment(workspace.config, name);
  if (chosen.ok) return chosen;
  return err({ kind: "Config", ...chosen.error });
}

/** A workspace with a `smelt.toml`. */
export function requireConfig(workspace: Workspace): Result<Workspace, ProjectFailure> {
  return workspace.hasConfig ? ok(workspace) : err(noProject(workspace.paths.root, workspace.unseenFolder));
}

/** Finds the project that `workingFolder` lies in, which must have a `smelt.toml`. */
export async function openConfigured(workingFolder: string): Promise<Result<Workspace, ProjectFailure>> {
  const workspace = await openWorkspace(workingFolder);
  return workspace.ok ? requireConfig(workspace.value) : workspace;
}

/** The same, for commands that need its log. */
export function pickInitialised(
  workspace: Workspace,
  name: string | undefined,
): Result<ChosenEnvironment & { readonly firstRecord: string }, ProjectFailure> {
  const configured = requireConfig(workspace);
  if (!configured.ok) return configured;
  const chosen = pickEnvironment(workspace, name);
  if (!chosen.ok) return chosen;
  const { firstRecord } = chosen.value;
  if (firstRecord !== undefined) return ok({ ...chosen.value, firstRecord });
  return err({
    kind: "NoProject",
    message:
      `The environment "${chosen.value.name}" has no log: ${CONFIG_FILE_NAME} names no first record of it`,
    hint: `Run: smelt init ${chosen.value.name}`,
  });
}

/** A folder that the program may not read is not one without the file. */
function noProject(folder: string, unseenFolder: string | undefined): ProjectFailure {
  const kind = "NoProject";
  if (unseenFolder === undefined) {
    return { kind, message: `No ${CONFIG_FILE_NAME} in "${folder}" or above it`, hint: "Run: smelt init" };
  }
  if (unseenFolder === folder) {
    return {
      kind,
      message: `No ${CONFIG_FILE_NAME} here: smelt may not look into "${folder}"`,
      hint: "Work in the folder of a project, or below it: its launcher may look there only",
    };
  }
  return {
    kind,
    message: `No ${CONFIG_FILE_NAME} in "${folder}", and smelt may not look into "${unseenFolder}" above it`,
    hint: "Run: smelt init. In a part of a project, start smelt by the launcher in the project's root",
  };
}

function configFailure(diagnostics: readonly Diagnostic[], text: string): ProjectFailure {
  const sources = new Map([[CONFIG_FILE_NAME, sourceText(CONFIG_FILE_NAME, text)]]);
  return { kind: "Config", message: `Cannot use ${CONFIG_FILE_NAME}`, diagnostics, sources };
}

async function readConfigText(path: string): Promise<Result<string, ProjectFailure>> {
  try {
    const { size, isFile, isDirectory } = await Deno.stat(path);
    if (!isFile) {
      const found = isDirectory ? "a folder" : "neither a file nor a folder";
      return err({ kind: "Config", message: `Cannot read "${path}": expected a file, found ${found}` });
    }
    if (size <= LARGEST_CONFIG_BYTES) return ok(await Deno.readTextFile(path));
    const message = `Cannot read "${path}": it has ${size} bytes, the limit is ${LARGEST_CONFIG_BYTES}`;
    return err({ kind: "Config", message });
  } catch (error) {
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return err({ kind: "Config", message: `Cannot read "${path}": ${reason}` });
  }
}

/** An environment with a log, and the project that it belongs to. */
export interface InitialisedEnvironment {
  readonly workspace: Workspace;
  readonly chosen: ChosenEnvironment & { readonly firstRecord: string };
}

/** Finds the project that `workingFolder` lies in, and the environment of it that `name` means. */
export async function openInitialised(
  workingFolder: string,
  name: string | undefined,
): Promise<Result<InitialisedEnvironment, ProjectFailure>> {
  const workspace = await openWorkspace(workingFolder);
  if (!workspace.ok) return workspace;
  const chosen = pickInitialised(workspace.value, name);
  return chosen.ok ? ok({ workspace: workspace.value, chosen: chosen.value }) : chosen;
}
