import { nearName } from "../engine/near_name.ts";
import type { Registry } from "../providers/registry.ts";
import type { ProjectFailure } from "./failure.ts";
import { CONFIG_FILE_NAME } from "./project_paths.ts";
import type { ProjectConfig } from "./smelt_toml.ts";

/** The failure of a `smelt.toml` that speaks of a provider which this program does not have; `undefined` when all are known. */
export function unknownProvider(
  { callsPerSecond }: ProjectConfig,
  { providers }: Registry,
): ProjectFailure | undefined {
  const names = providers.map((each) => each.name);
  for (const name of callsPerSecond.keys()) {
    if (names.includes(name)) continue;
    const near = nearName(name, names);
    return {
      kind: "Config",
      message: `Unknown provider "${name}" in ${CONFIG_FILE_NAME}`,
      hint: near === undefined ? `Known providers: ${names.join(", ")}` : `Did you mean "${near}"?`,
    };
  }
  return undefined;
}
