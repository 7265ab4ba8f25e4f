import { type Problem, problem } from "../engine/problem.ts";
import type { DesiredConfig, ResourceConfig } from "../engine/resource_config.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { SecretRegister } from "../engine/secret_register.ts";
import { validateFields } from "../engine/validate.ts";
import { validateRelations } from "../engine/validate_relations.ts";
import { type Diagnostic, hasErrors } from "../lang/diagnostic.ts";
import { expand } from "../lang/expand.ts";
import { unreadEnv } from "../lang/expand_scope.ts";
import { unreadSecret } from "../lang/secret_source.ts";
import { type SourceText, sourceText } from "../lang/source_text.ts";
import type { Registry } from "../providers/registry.ts";
import { checkConstraints, type ConstraintFinding } from "./check_constraints.ts";
import type { ProjectFailure } from "./failure.ts";
import { noteDesired } from "./note_desired.ts";
import { onceAPlace } from "./once_a_place.ts";
import { problemDiagnostic } from "./problem_diagnostic.ts";
import { CONFIG_FILE_NAME, type ReadVariable } from "./project_paths.ts";
import type { SecretReader } from "./secret_reader.ts";
import { soundFindings } from "./sound_findings.ts";
import { type ProjectSources, readSources } from "./source_files.ts";
import type { ChosenEnvironment, Workspace } from "./workspace.ts";

/** What the files want of one environment, checked against the schemas of the providers. */
export interface CheckedConfig {
  readonly desired: DesiredConfig;
  /** Warnings; errors are a failure. */
  readonly warnings: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
  readonly fileCount: number;
}

/** Which files to read. */
export interface SourceQuery {
  readonly workspace: Workspace;
  /** What names of files are relative to. */
  readonly workingFolder: string;
  /** Files given by name; none means all of the project. */
  readonly given: readonly string[];
}

/** What the files are checked for. */
export interface ConfigTarget {
  readonly environment: ChosenEnvironment;
  readonly registry: Registry;
  /** Told of the secrets in them. */
  readonly secrets: SecretRegister;
  /** Reads variables for `env(…)`; `undefined` leaves them unknown, for commands that never touch the environment. */
  readonly readVariable: ReadVariable | undefined;
  /** Reads secrets that do not stand in the files; `undefined` leaves them unknown. */
  readonly secretReader: SecretReader | undefined;
}

/** An error in the files, with the texts that it points into. */
export interface ConfigFailure extends ProjectFailure {
  readonly sources: ReadonlyMap<string, SourceText>;
}

/** The files of a project, and what is wrong with their form. */
export interface ReadFiles extends Pick<ProjectSources, "trees" | "diagnostics"> {
  /** The texts of the files and of `smelt.toml`, by name. */
  readonly sources: ReadonlyMap<string, SourceText>;
  /** The text of `smelt.toml`, which the layers of an environment stand in. */
  readonly config: SourceText;
}

/**
 * The one way from files and environment to what is wanted: plan, apply, validate, explain and graph all use it. All errors
 * are collected: of the text, of the expansion, of each resource against its schema; where there are none of these, of what
 * resources take of each other; and at last of what their constraints say.
 */
export async function loadDesired(
  query: SourceQuery & ConfigTarget,
): Promise<Result<CheckedConfig, ConfigFailure>> {
  const read = await readFiles(query);
  const { sources, trees } = read;
  const config = await readConfig(read, query);
  if (!config.ok) return err({ ...config.error, sources });
  const { desired, diagnostics } = config.value;
  if (hasErrors(diagnostics)) return err(configFailure(diagnostics, sources));
  return ok({ desired, warnings: diagnostics, sources, fileCount: trees.length });
}

/** Reads and parses the files. */
export async function readFiles(query: SourceQuery): Promise<ReadFiles> {
  const { workspace, workingFolder, given } = query;
  const { trees, diagnostics } = await readSources({ root: workspace.paths.root, workingFolder, given });
  const config = sourceText(CONFIG_FILE_NAME, workspace.configText);
  const sources = new Map([config, ...trees.map((tree) => tree.source)].map((each) => [each.file, each]));
  return { trees, diagnostics, sources, config };
}

/** What files want, and what is wrong with it; with an error `desired` is not whole. */
interface JudgedConfig {
  readonly desired: DesiredConfig;
  readonly diagnostics: readonly Diagnostic[];
}

/** Secrets are read only when nothing is wrong so far as the files themselves tell; what they want is then made anew with them. */
async function readConfig(
  files: ReadFiles,
  target: ConfigTarget,
): Promise<Result<JudgedConfig, ProjectFailure>> {
  const judged = await desiredConfig(files, target);
  const { secretReader } = target;
  if (secretReader === undefined || !secretReader.isAsked || hasErrors(judged.diagnostics)) return ok(judged);
  const failure = await secretReader.fetch();
  return failure === undefined ? ok(await desiredConfig(files, target)) : err(failure);
}

/** What the files want of one environment, with what is known of secrets so far. */
export async function desiredConfig(
  { trees, diagnostics: formErrors, sources, config }: ReadFiles,
  { environment, registry, readVariable, secrets, secretReader }: ConfigTarget,
): Promise<JudgedConfig> {
  const { desired, diagnostics: expanded } = expand(trees, {
    environment: environment.name,
    env: readVariable ?? unreadEnv,
    secret: secretReader?.read ?? unreadSecret,
    variables: environment.variables,
    layers: { names: environment.layers, source: config },
  });
  noteDesired(secrets, desired, registry);
  const placed = (problems: readonly (Problem | ConstraintFinding)[]) =>
    problems.map((each) => problemDiagnostic(each, sources));
  const found = [...expanded, ...placed(checkResources(desired, registry))];
  const diagnostics = [...formErrors, ...soundFindings(trees, formErrors, found)];
  if (hasErrors(diagnostics)) return { desired, diagnostics };
  const between = placed(await checkTogether(desired, registry));
  return { desired, diagnostics: [...diagnostics, ...between] };
}

/** What is wrong with each resource by itself, wherever it was declared. */
export function checkResources(desired: DesiredConfig, registry: Registry): readonly Problem[] {
  const { resources } = desired;
  return onceAPlace(resources.flatMap((config) => checkResource(config, registry)), resources);
}

function checkResource(config: ResourceConfig, registry: Registry): readonly Problem[] {
  const found = registry.lookUp(config.type);
  if (found.ok) return validateFields(config, found.value.schema);
  const { code, message, hint } = found.error;
  return [problem(code, message, config.origin, hint)];
}

/**
 * What is wrong with what resources take of each other; where that is nothing, what their constraints say. Each has passed
 * `checkResources` before.
 */
export async function checkTogether(
  desired: DesiredConfig,
  registry: Registry,
): Promise<readonly (Problem | ConstraintFinding)[]> {
  const relations = checkRelations(desired, registry);
  return relations.length > 0 ? relations : await checkConstraints(desired, registry);
}

function checkRelations(desired: DesiredConfig, registry: Registry): readonly Problem[] {
  const problems = validateRelations(desired, (type) => {
    const found = registry.lookUp(type);
    return found.ok ? found.value.schema : undefined;
  });
  return onceAPlace(problems, desired.resources);
}

/** The failure of a configuration with errors, the count of them in its message; `subject` says what has them. */
export function configFailure(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceText>,
  subject = "The configuration",
): ConfigFailure {
  const count = diagnostics.filter((each) => each.severity === "error").length;
  const message = count === 1 ? `${subject} has an error` : `${subject} has ${count} errors`;
  return { kind: "Config", message, diagnostics, sources };
}
