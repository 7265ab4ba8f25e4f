import { type Problem, problem } from "../engine/problem.ts";
import type { DesiredConfig, ResourceConfig } from "../engine/resource_config.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { validateFields } from "../engine/validate.ts";
import { validateRelations } from "../engine/validate_relations.ts";
import { type Diagnostic, hasErrors } from "../lang/diagnostic.ts";
import { expand } from "../lang/expand.ts";
import { type ReadEnv, unreadEnv } from "../lang/expand_scope.ts";
import type { SourceText } from "../lang/source_text.ts";
import type { Registry } from "../providers/registry.ts";
import { checkConstraints } from "./check_constraints.ts";
import type { ProjectFailure } from "./failure.ts";
import { problemDiagnostic } from "./problem_diagnostic.ts";
import type { ProjectPaths, ReadVariable } from "./project_paths.ts";
import { readSources } from "./source_files.ts";
import { unavailableStatements } from "./unavailable_statements.ts";

/** What the files want of one environment, checked against the schemas of the providers. */
export interface CheckedConfig {
  readonly desired: DesiredConfig;
  /** Warnings; errors are a failure. */
  readonly warnings: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
  readonly fileCount: number;
}

/** How to read the files. */
export interface ConfigQuery {
  readonly paths: ProjectPaths;
  /** What names of files are relative to. */
  readonly workingFolder: string;
  /** Files given by name; none means all of the project. */
  readonly given: readonly string[];
  readonly environment: string;
  readonly registry: Registry;
  /** Reads variables for `env(…)`; `undefined` leaves them unknown, for commands that never touch the environment. */
  readonly readVariable: ReadVariable | undefined;
}

/** An error in the files, with the texts that it points into. */
export interface ConfigFailure extends ProjectFailure {
  readonly sources: ReadonlyMap<string, SourceText>;
}

/**
 * The one way from files and environment to what is wanted: plan, apply, validate and graph all use it. All errors of a
 * stage are collected: first of the text, then of the expansion, then of each resource against its schema, then of what
 * resources take of each other, at last of what their constraints say.
 */
export async function loadDesired(query: ConfigQuery): Promise<Result<CheckedConfig, ConfigFailure>> {
  const { paths, workingFolder, given } = query;
  const read = await readSources({ root: paths.root, workingFolder, given });
  const sources = new Map(read.trees.map((tree) => [tree.source.file, tree.source]));
  if (hasErrors(read.diagnostics)) return err(configFailure(read.diagnostics, sources));
  const env: ReadEnv = query.readVariable ?? unreadEnv;
  const expanded = expand(read.trees, { environment: query.environment, env });
  const diagnostics = [...read.diagnostics, ...expanded.diagnostics];
  if (hasErrors(diagnostics)) return err(configFailure(diagnostics, sources));
  const problems = [
    ...unavailableStatements(expanded.desired),
    ...expanded.desired.resources.flatMap((config) => checkResource(config, query.registry)),
  ];
  const relations = problems.length > 0 ? [] : checkRelations(expanded.desired, query.registry);
  if (problems.length > 0 || relations.length > 0) {
    const found = [...problems, ...relations].map((each) => problemDiagnostic(each, sources));
    return err(configFailure([...diagnostics, ...found], sources));
  }
  const constraints = await checkConstraints(expanded.desired, query.registry);
  const checked = [...diagnostics, ...constraints.map((each) => problemDiagnostic(each, sources))];
  if (hasErrors(checked)) return err(configFailure(checked, sources));
  return ok({
    desired: expanded.desired,
    warnings: checked,
    sources,
    fileCount: read.trees.length,
  });
}

function checkResource(config: ResourceConfig, registry: Registry): readonly Problem[] {
  const found = registry.lookUp(config.type);
  if (found.ok) return validateFields(config, found.value.schema);
  const { code, message, hint } = found.error;
  return [problem(code, message, config.origin, hint)];
}

function checkRelations(desired: DesiredConfig, registry: Registry): readonly Problem[] {
  return validateRelations(desired, (type) => {
    const found = registry.lookUp(type);
    return found.ok ? found.value.schema : undefined;
  });
}

/** The failure that `diagnostics` are, the errors among them. */
export function configFailure(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceText>,
): ConfigFailure {
  const count = diagnostics.filter((each) => each.severity === "error").length;
  const message = count === 1 ? "The configuration has an error" : `The configuration has ${count} errors`;
  return { kind: "Config", message, diagnostics, sources };
}
