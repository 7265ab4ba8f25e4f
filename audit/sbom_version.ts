/** The versions of CycloneDX that an inventory can be written in. */
export const SBOM_VERSIONS = ["1.6", "1.5"] as const;

export type SbomVersion = typeof SBOM_VERSIONS[number];
