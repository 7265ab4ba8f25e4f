import manifest from "../deno.json" with { type: "json" };

/** The version of this program, as its manifest says it (Semantic Versioning 2.0.0). */
export const VERSION: string = manifest.version;
