import { err, ok, type Result } from "../engine/result.ts";
import { type Diagnostic, hasErrors } from "../lang/diagnostic.ts";
import type { SourceText } from "../lang/source_text.ts";
import { unusedLayers } from "../lang/unused_layer.ts";
import { type ConfigFailure, configFailure, desiredConfig, readFiles } from "./desired_config.ts";
import { unknownProvider } from "./known_providers.ts";
import { mergeFindings } from "./merge_findings.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ChosenEnvironment, openWorkspace, pickEnvironment, type Workspace } from "./workspace.ts";

/** What was checked, and what was found. */
export interface Validation {
  /** In the order of `smelt.toml`. */
  readonly environments: readonly CheckedEnvironment[];
  readonly fileCount: number;
  /** What is the same in all environments stands once; else it names those that it is about. */
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
  /** The errors as a failure, when there are any. */
  readonly failure: ConfigFailure | undefined;
}

/** One environment whose whole configuration was made and checked. */
export interface CheckedEnvironment {
  readonly name: string;
  readonly resourceCount: number;
}

/** What to check. */
export interface ValidationRequest {
  readonly files: readonly string[];
  /** All environments of the project when `undefined`. */
  readonly environment: string | undefined;
  /** Whether warnings count as errors. */
  readonly strictness: "errors" | "warnings";
}

/**
 * Checks the files: for each environment the whole configuration is made and held against the schemas. Network, environment
 * variables and logs are not touched. A failure is returned where nothing could be read; errors in what was read are part
 * of the validation.
 */
export async function validateProject(
  ports: ProjectPorts,
  request: ValidationRequest,
): Promise<Result<Validation, ConfigFailure | ProjectFailure>> {
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const targets = targetsOf(workspace.value, request.environment);
  if (!targets.ok) return targets;
  const read = await readFiles({
    workspace: workspace.value,
    workingFolder: ports.workingFolder,
    given: request.files,
  });
  const { secrets } = ports;
  const registry = ports.registry(workspace.value.paths);
  const unknown = unknownProvider(workspace.value.config, registry);
  if (unknown !== undefined) return err(unknown);
  const found = new Map<string, readonly Diagnostic[]>();
  const environments: CheckedEnvironment[] = [];
  for (const environment of targets.value) {
    const made = await desiredConfig(read, {
      environment,
      registry,
      secrets,
      readVariable: undefined,
      secretReader: undefined,
    });
    found.set(environment.name, judged(made.diagnostics, request.strictness));
    environments.push({ name: environment.name, resourceCount: made.desired.resources.length });
  }
  const unused = request.environment === undefined ? unusedLayers(read.trees, layersOf(targets.value)) : [];
  const diagnostics = [...mergeFindings(found), ...judged(unused, request.strictness)];
  const { sources, trees } = read;
  const failure = hasErrors(diagnostics) ? configFailure(diagnostics, sources, subjectOf(found)) : undefined;
  return ok({ environments, fileCount: trees.length, diagnostics, sources, failure });
}

function layersOf(environments: readonly ChosenEnvironment[]): ReadonlyMap<string, readonly string[]> {
  return new Map(environments.map(({ name, layers }) => [name, layers.map((layer) => layer.name)]));
}

function targetsOf(
  workspace: Workspace,
  name: string | undefined,
): Result<readonly ChosenEnvironment[], ProjectFailure> {
  const { environments } = workspace.config;
  if (name === undefined) return ok([...environments].map(([each, config]) => ({ name: each, ...config })));
  const chosen = pickEnvironment(workspace, name);
  return chosen.ok ? ok([chosen.value]) : chosen;
}

/** What has errors: the configuration of some environments only, where the others have none. */
function subjectOf(found: ReadonlyMap<string, readonly Diagnostic[]>): string {
  const wrong = [...found].filter(([, diagnostics]) => hasErrors(diagnostics)).map(([name]) => name);
  return wrong.length === found.size ? "The configuration" : `The configuration of ${wrong.join(", ")}`;
}

function judged(
  diagnostics: readonly Diagnostic[],
  strictness: ValidationRequest["strictness"],
): readonly Diagnostic[] {
  if (strictness === "errors") return diagnostics;
  return diagnostics.map((each) => ({ ...each, severity: "error" }));
}
