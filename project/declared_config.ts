import type { Problem } from "../engine/problem.ts";
import type { DesiredConfig } from "../engine/resource_config.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { hasErrors } from "../lang/diagnostic.ts";
import type { Registry } from "../providers/registry.ts";
import type { SourceText } from "./diagnostics.ts";
import {
  type CheckedConfig,
  checkResources,
  checkTogether,
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
export async function checkDeclared(
  { desired, problems }: DeclaredConfig,
  registry: Registry,
): Promise<Result<CheckedConfig, ConfigFailure>> {
  const sources = new Map<string, SourceText>();
  const own = [...problems, ...checkResources(desired, registry)];
  const found = own.length > 0 ? own : await checkTogether(desired, registry);
  const diagnostics = found.map((each) => problemDiagnostic(each, sources));
  if (hasErrors(diagnostics)) return err(configFailure(diagnostics, sources, "The stack"));
  return ok({ desired, warnings: diagnostics, sources, fileCount: 0 });
}
