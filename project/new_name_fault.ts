import type { ProjectFailure } from "./failure.ts";
import { caseTwin, isEnvironmentName } from "./smelt_toml_environment.ts";

/** Why no environment beside those in `names` can be called `environment`; `undefined` when one can, or is already. */
export function newNameFault(environment: string, names: Iterable<string>): ProjectFailure | undefined {
  if (!isEnvironmentName(environment)) return badName(environment);
  const twin = caseTwin(environment, names);
  return twin === undefined ? undefined : badCase(environment, twin);
}

function badCase(environment: string, twin: string): ProjectFailure {
  return {
    kind: "Config",
    message:
      `Cannot name an environment "${environment}": it differs from "${twin}" in the case of letters only`,
    hint: "Some file systems would keep both logs in one file",
  };
}

function badName(environment: string): ProjectFailure {
  return {
    kind: "Config",
    message: `Cannot name an environment ${JSON.stringify(environment)}`,
    hint: 'Use 1 to 64 letters, digits, "-" and "_", a letter or digit first',
  };
}
