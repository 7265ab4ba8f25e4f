import { join } from "node:path";
import { type ProjectPaths, type ReadVariable, userStateFolder } from "../project/project_paths.ts";
import { VERSION } from "../project/version.ts";
import { localProvider } from "../providers/local/local_provider.ts";
import { type OciParts, ociProvider } from "../providers/oci/oci_provider.ts";
import { randomProvider } from "../providers/random/random_provider.ts";
import { providerRegistry, type Registry } from "../providers/registry.ts";
import { faultsFrom } from "../providers/sim/faults_from.ts";
import { simProvider } from "../providers/sim/sim_provider.ts";
import { tlsProvider } from "../providers/tls/tls_provider.ts";
import type { Outside } from "./outside.ts";
import { watchedProvider } from "./watched_provider.ts";

/** All providers of this program, for one project. `SMELT_SIM_DIR` and `SMELT_SIM_FAULTS` concern the sim only. */
export function projectRegistry(outside: Outside, paths: ProjectPaths): Registry {
  const { clock, random, readVariable, secrets, stored } = outside;
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
    openKey: async (place) => (await resourceKeys(outside, paths)).openKey(place),
    openSigner: async (name) => (await resourceKeys(outside, paths)).openSigner(name),
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

/** Keys that resources name. What keys take is loaded only then. */
async function resourceKeys(
  outside: Outside,
  paths: ProjectPaths,
): Promise<Pick<OciParts, "openKey" | "openSigner">> {
  return (await import("./resource_keys.ts")).resourceKeys(outside, paths);
}

/** Where images are kept, those of registries and those that were built: without a home of the user beside the work. */
export function imageCacheFolder(
  readVariable: ReadVariable,
  { dataFolder }: Pick<ProjectPaths, "dataFolder">,
): string {
  return join(userStateFolder(readVariable) ?? dataFolder, "cache");
}
