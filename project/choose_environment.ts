import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectConfig } from "./smelt_toml.ts";
import { meant } from "./smelt_toml_check.ts";
import { badEnvironmentName, type EnvironmentConfig, isEnvironmentName } from "./smelt_toml_environment.ts";

/** The environment that a command works on: the one that `name` says, else the default one. */
export function chooseEnvironment(
  config: ProjectConfig,
  name: string | undefined,
): Result<EnvironmentConfig & { readonly name: string }, UnknownEnvironment> {
  const chosen = name ?? config.defaultEnvironment;
  const environment = config.environments.get(chosen);
  if (environment !== undefined) return ok({ name: chosen, ...environment });
  const known = knownEnvironments(config.environments);
  if (!isEnvironmentName(chosen)) {
    return err({ code: "E-UNKNOWN-ENV", message: badEnvironmentName(chosen), hint: known });
  }
  const hint = meant(chosen, config.environments.keys()) ?? `${known}. To add it: smelt init ${chosen}`;
  return err({ code: "E-UNKNOWN-ENV", message: `Unknown environment "${chosen}"`, hint });
}

/** A command line names an environment that `smelt.toml` does not hold. */
export interface UnknownEnvironment {
  readonly code: "E-UNKNOWN-ENV";
  readonly message: string;
  readonly hint: string;
}

/** The names that there are, in words. */
export function knownEnvironments(environments: ReadonlyMap<string, EnvironmentConfig>): string {
  const names = [...environments.keys()].map((name) => `"${name}"`);
  return names.length === 0 ? "smelt.toml holds no environment" : `smelt.toml holds ${names.join(", ")}`;
}
