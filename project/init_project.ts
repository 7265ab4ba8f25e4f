import { basename, join } from "node:path";
import { randomId } from "../engine/random.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import { addIgnoreLines } from "./ignore_file.ts";
import { programOf, writeLauncher } from "./launcher.ts";
import { newNameFault } from "./new_name_fault.ts";
import { CONFIG_FILE_NAME, projectPaths } from "./project_paths.ts";
import type { CreatedEnvironment, ProjectPorts } from "./project_ports.ts";
import { replaceFile } from "./replace_file.ts";
import { chooseKeys } from "./choose_keys.ts";
import type { ProjectConfig } from "./smelt_toml.ts";
import { newSmeltToml, setFirstRecord, setSigningKey } from "./smelt_toml_edit.ts";
import { type KeyPlaces, keyTables, kmsReference, LOCAL_KEYS } from "./smelt_toml_keys.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

/** What `init` is asked for. */
export interface InitRequest {
  /** `default` when left out. */
  readonly environment: string | undefined;
  /** The folder's name when left out. */
  readonly name: string | undefined;
  /** The key in KMS that is to sign, as `kms:NAME`; what `smelt.toml` says, else a key of this machine, when left out. */
  readonly signingKey?: string | undefined;
  /** The key in KMS that is to wrap the keys of secrets, in the same form. */
  readonly secretsKey?: string | undefined;
}

/** What `init` has made. `restored`: the environment had a log already and was left alone, but files beside it were missing. */
export type Initialised =
  & (
    | { readonly kind: "made"; readonly created: CreatedEnvironment }
    | { readonly kind: "restored" }
  )
  & {
    readonly root: string;
    readonly project: string;
    readonly environment: string;
    /** Whether it is the one that commands use when none is named. */
    readonly isDefault: boolean;
    /** How smelt is started in this project: by the launcher, where it needs one. */
    readonly program: ReturnType<typeof programOf>;
    /** Files written or changed, relative to the root; not empty. */
    readonly files: readonly string[];
  };

/**
 * Makes a folder a project: keys, the log's first record, its pin in `smelt.toml`, an ignore file, a launcher. In a project
 * it adds an environment that has no log yet, and refuses to touch one that has; the ignore file and the launcher, which a
 * clone may lack, it writes where they are missing.
 */
export async function initProject(
  ports: ProjectPorts,
  request: InitRequest,
): Promise<Result<Initialised, ProjectFailure>> {
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  return workspace.value.hasConfig
    ? await addEnvironment(ports, workspace.value, request)
    : await makeProject(ports, request);
}

async function makeProject(
  ports: ProjectPorts,
  request: InitRequest,
): Promise<Result<Initialised, ProjectFailure>> {
  const root = ports.workingFolder;
  const environment = request.environment ?? "default";
  const fault = newNameFault(environment, []);
  if (fault !== undefined) return err(fault);
  const keys = chooseKeys(ports.readVariable, request, LOCAL_KEYS);
  if (!keys.ok) return keys;
  const id = randomId(ports.random);
  const paths = projectPaths(root);
  const wanted = { project: id, name: environment, keys: keys.value };
  const created = await ports.createEnvironment(paths, wanted);
  if (!created.ok) return created;
  const project = request.name ?? (basename(root) || "project");
  const text = newSmeltToml({
    name: project,
    id: created.value.project,
    environment,
    firstRecord: created.value.firstRecord,
  });
  const beside = await writeMissing(ports, root, [keys.value]);
  if (!beside.ok) return beside;
  // Last, since it is what makes the folder a project: without it, init can simply be run again.
  const written = await replaceFile(join(root, CONFIG_FILE_NAME), text + keyTables(keys.value));
  if (!written.ok) return written;
  return ok({
    kind: "made",
    root,
    project,
    environment,
    isDefault: true,
    program: programOf(ports),
    created: created.value,
    files: [CONFIG_FILE_NAME, ...beside.value],
  });
}

/** Writes what lacks of the files that belong to this machine, and says which. */
async function writeMissing(
  ports: ProjectPorts,
  root: string,
  keys: readonly KeyPlaces[],
): Promise<Result<readonly string[], ProjectFailure>> {
  const files: string[] = [];
  for (const [name, write] of [[".gitignore", addIgnoreLines], ["smelt", writeLauncher]] as const) {
    const written = await write(ports, root, keys);
    if (!written.ok) return written;
    if (written.value === "written") files.push(name);
  }
  return ok(files);
}

async function addEnvironment(
  ports: ProjectPorts,
  workspace: Workspace,
  request: InitRequest,
): Promise<Result<Initialised, ProjectFailure>> {
  const { config, paths, configText } = workspace;
  const environment = request.environment ?? config.defaultEnvironment;
  const fault = newNameFault(environment, config.environments.keys());
  if (fault !== undefined) return err(fault);
  const known = config.environments.get(environment);
  const about = {
    root: paths.root,
    project: config.name,
    environment,
    isDefault: environment === config.defaultEnvironment,
    program: programOf(ports),
  };
  if (known?.firstRecord !== undefined) {
    const restored = await writeMissing(ports, paths.root, keysInUse(config));
    if (!restored.ok) return restored;
    return restored.value.length === 0
      ? err(alreadyThere(about))
      : ok({ kind: "restored", ...about, files: restored.value });
  }
  if (config.id === undefined) {
    return err({
      kind: "Config",
      message: `${CONFIG_FILE_NAME} has no "id" in "[project]"`,
      hint: `Add a line to "[project]": id = "${randomId(ports.random)}"`,
    });
  }
  const written = known?.keys ?? config.keys;
  const keys = chooseKeys(ports.readVariable, request, written);
  if (!keys.ok) return keys;
  if (keys.value.wrapping !== written.wrapping) return err(unwrittenKey(keys.value.wrapping));
  const wanted = { project: config.id, name: environment, keys: keys.value };
  const created = await ports.createEnvironment(paths, wanted);
  if (!created.ok) return created;
  const pinned = setFirstRecord(configText, environment, created.value.firstRecord);
  const { signing } = keys.value;
  const text = signing === undefined || signing === written.signing
    ? pinned
    : setSigningKey(pinned, environment, kmsReference(signing));
  const replaced = await replaceFile(paths.configFile, text);
  if (!replaced.ok) return replaced;
  const beside = await writeMissing(ports, paths.root, [...keysInUse(config), keys.value]);
  if (!beside.ok) return beside;
  return ok({
    kind: "made",
    ...about,
    created: created.value,
    files: [CONFIG_FILE_NAME, ...beside.value],
  });
}

/** What wraps the keys of secrets is one for all environments. */
function unwrittenKey(name: string | undefined): ProjectFailure {
  return {
    kind: "Config",
    message: `Cannot use --secrets-key here: ${CONFIG_FILE_NAME} names another key below [secrets], or none`,
    hint: `It holds for all environments: write kms_key = "${name}" below [secrets] of ${CONFIG_FILE_NAME}`,
  };
}

function keysInUse({ environments, keys }: ProjectConfig): readonly KeyPlaces[] {
  return [keys, ...[...environments.values()].map((each) => each.keys)];
}

function alreadyThere(
  { root, environment, program }: Pick<Initialised, "root" | "environment" | "program">,
): ProjectFailure {
  return {
    kind: "AlreadyInitialised",
    message: `"${root}" is a project already, and its environment "${environment}" has a log`,
    hint: `For another environment: ${program} init NAME. To see this one: ${program} plan ${environment}`,
  };
}
