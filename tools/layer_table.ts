/** The table of who may import whom. docs/ARCHITECTURE.md tells why; this file is what the gate enforces. */

/** What the files of one folder may import beside their own folder. */
export interface Layer {
  readonly folders: readonly string[];
  /** Single files of other folders. */
  readonly files: readonly string[];
  /** npm packages, by the names of `deno.json`. */
  readonly packages: readonly string[];
  /** Built-in modules of the runtime. */
  readonly builtins: "all" | "none";
}

/** Interfaces between the core and its adapters: types, and functions over them alone, importing only `engine/` and each other. */
export const PORT_FILES: readonly string[] = [
  "providers/image_contents.ts",
  "providers/image_manifests.ts",
  "providers/image_tools.ts",
  "providers/image_trust.ts",
  "providers/provider.ts",
  "providers/registry.ts",
  "providers/surveyor.ts",
  "store/blob_backend.ts",
  "store/journal_port.ts",
  "store/log_backend.ts",
  "trust/key_form.ts",
  "trust/kms_key_name.ts",
  "trust/kms_place.ts",
  "trust/signer.ts",
  "trust/taint.ts",
  "trust/vault_port.ts",
];

/** Folders that hold the program, with the layer of each. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  engine: { folders: [], files: [], packages: [], builtins: "none" },
  lang: { folders: ["engine"], files: [], packages: [], builtins: "none" },
  store: { folders: ["engine", "trust"], files: [], packages: ["hash-wasm"], builtins: "all" },
  trust: {
    folders: ["engine"],
    files: [],
    packages: ["@aws-sdk/client-kms", "@smithy/fetch-http-handler", "hash-wasm"],
    builtins: "all",
  },
  providers: { folders: ["engine"], files: [], packages: [], builtins: "all" },
  stack: { folders: ["engine", "providers"], files: [], packages: [], builtins: "none" },
  image: { folders: ["engine"], files: [], packages: ["fflate", "smol-toml", "yaml"], builtins: "none" },
  actors: { folders: ["engine"], files: PORT_FILES, packages: [], builtins: "all" },
  audit: { folders: ["engine", "store", "trust"], files: [], packages: [], builtins: "all" },
  project: {
    folders: ["engine", "lang", "actors", "audit"],
    files: PORT_FILES,
    packages: ["@marcbachmann/cel-js", "smol-toml"],
    builtins: "all",
  },
  compose: {
    folders: ["engine", "store", "trust", "providers", "stack", "actors", "audit", "project"],
    files: [],
    packages: [],
    builtins: "all",
  },
  cli: {
    folders: ["project", "engine", "audit"],
    files: [],
    packages: ["commander"],
    builtins: "all",
  },
};

/** Adapters: what a folder of the second level may import on top of the layer of its parent. */
export const ADAPTERS: Readonly<Record<string, Pick<Layer, "folders" | "packages">>> = {
  "providers/oci": { folders: ["image"], packages: [] },
  "providers/tls": { folders: [], packages: ["@peculiar/x509"] },
};

/** Layers whose folders of the second level are adapters, which share no code with each other. */
export const ADAPTER_PARENTS: readonly string[] = ["providers"];

/** Files at the root that put the program together. They may import every layer and package. */
export const COMPOSITION_ROOTS: readonly string[] = ["cli.ts", "mod.ts"];

/** Folders that may import every layer, and that no layer may import. */
export const OUTER_FOLDERS: readonly string[] = ["bench", "docs", "examples", "tests"];

/** Our own gates: they import nothing of the program. */
export const TOOLS_FOLDER = "tools";

/** Packages that no part of the program may import; of the packages, all that tests of the pure folders may use. */
export const TEST_PACKAGES: readonly string[] = ["canonicalize", "fast-check"];

/** Further packages that no part of the program may import: what tests beyond the pure folders hold it against. */
export const OUTER_PACKAGES: readonly string[] = ["@cyclonedx/cyclonedx-library", "ajv", "ajv-formats"];

/** What tests of the pure folders may import of the runtime. */
export const PURE_TEST_BUILTINS: readonly string[] = ["node:assert", "node:assert/strict", "node:util"];

/** Folders without effects, whose tests run with no permission. */
export const PURE_FOLDERS: readonly string[] = ["engine", "lang"];

/** The deepest a file may lie: two folders. `__snapshots__` is not counted. */
export const FOLDER_LEVELS = 2;
