import type { Problem } from "../engine/problem.ts";
import type { DesiredConfig } from "../engine/resource_config.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Registry } from "../providers/registry.ts";
import {
  type CheckedConfig,
  checkRelations,
  checkResources,
  type ConfigFailure,
  configFailure,
} from "./desired_config.ts";
import { problemDiagnostic } from "./problem_diagnostic.ts";

/** What a program wants, in the place of files. */
export interface DeclaredConfig {
  readonly desired: DesiredConfig;
  /** What is wrong with how it was declared. */
  readonly problems: readonly Problem[];
}

/** Checks what a program declares as `loadDesired` checks what files say. */
export function checkDeclared(
  { desired, problems }: DeclaredConfig,
  registry: Registry,
): Result<CheckedConfig, ConfigFailure> {
  const sources = new Map();
  const own = [...problems, ...checkResources(desired, registry)];
  const found = own.length > 0 ? own : checkRelations(desired, registry);
  if (found.length === 0) return ok({ desired, warnings: [], sources, fileCount: 0 });
  return err(configFailure(found.map((each) => problemDiagnostic(each, sources)), sources));
}
