/** The version of this program (Semantic Versioning 2.0.0); the manifest `deno.json` says the same, which a test holds. */
export const VERSION = "0.1.0";
