import { join } from "node:path";
import type { Clock } from "../engine/clock.ts";
import type { Random } from "../engine/random.ts";
import type { SecretRegister } from "../engine/secret_register.ts";
import { type ProjectPaths, type ReadVariable, userStateFolder } from "../project/project_paths.ts";
import { VERSION } from "../project/version.ts";
import { localProvider } from "../providers/local/local_provider.ts";
import { ociProvider } from "../providers/oci/oci_provider.ts";
import { randomProvider } from "../providers/random/random_provider.ts";
import { providerRegistry, type Registry } from "../providers/registry.ts";
import { faultsFrom } from "../providers/sim/faults_from.ts";
import { simProvider } from "../providers/sim/sim_provider.ts";
import { tlsProvider } from "../providers/tls/tls_provider.ts";
import type { StoredSecrets } from "./stored_secrets.ts";
import { watchedProvider } from "./watched_provider.ts";

/** What the providers of this program are made with. */
export interface ProviderParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly readVariable: ReadVariable;
  /** The secrets that this process has met: credentials of providers are among them. */
  readonly secrets: SecretRegister;
  /** Those that it could still meet. */
  readonly stored: StoredSecrets;
}

/** All providers of this program, for one project. `SMELT_SIM_DIR` and `SMELT_SIM_FAULTS` concern the sim only. */
export function projectRegistry(parts: ProviderParts, paths: ProjectPaths): Registry {
  const { clock, random, readVariable, secrets, stored } = parts;
  const folder = readVariable("SMELT_SIM_DIR") || paths.simFolder;
  const faults = faultsFrom(folder, readVariable("SMELT_SIM_FAULTS"));
  const noteKey = (key: Uint8Array): void => secrets.noteBytes(key);
  const oci = ociProvider({
    clock,
    random,
    readVariable,
    root: paths.root,
    cacheFolder: imageCacheFolder(readVariable, paths),
    toolVersion: VERSION,
    noteSecret: (text) => secrets.noteText(text),
  });
  const providers = [
    localProvider(paths.root),
    oci.provider,
    randomProvider(random),
    simProvider({ folder, clock, random, faults }, { noteKey }),
    tlsProvider(clock, random),
  ];
  return providerRegistry(
    providers.map((provider) => watchedProvider(provider, { secrets, stored })),
    oci.surveyors,
  );
}

/** Where images are kept, those of registries and those that were built: without a home of the user beside the work. */
export function imageCacheFolder(
  readVariable: ReadVariable,
  { dataFolder }: Pick<ProjectPaths, "dataFolder">,
): string {
  return join(userStateFolder(readVariable) ?? dataFolder, "cache");
}
