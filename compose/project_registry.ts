import type { Clock } from "../engine/clock.ts";
import type { Random } from "../engine/random.ts";
import type { ProjectPaths, ReadVariable } from "../project/project_paths.ts";
import { localProvider } from "../providers/local/local_provider.ts";
import { randomProvider } from "../providers/random/random_provider.ts";
import { providerRegistry, type Registry } from "../providers/registry.ts";
import { faultsFrom } from "../providers/sim/faults_from.ts";
import { simProvider } from "../providers/sim/sim_provider.ts";
import { tlsProvider } from "../providers/tls/tls_provider.ts";

/** What the providers of this program are made with. */
export interface ProviderParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly readVariable: ReadVariable;
}

/** All providers of this program, for one project. `SMELT_SIM_DIR` and `SMELT_SIM_FAULTS` concern the sim only. */
export function projectRegistry(parts: ProviderParts, paths: ProjectPaths): Registry {
  const { clock, random, readVariable } = parts;
  const folder = readVariable("SMELT_SIM_DIR") || paths.simFolder;
  return providerRegistry([
    localProvider(paths.root),
    randomProvider(random),
    simProvider({ folder, clock, random, faults: faultsFrom(folder, readVariable("SMELT_SIM_FAULTS")) }),
    tlsProvider(clock, random),
  ]);
}
