import { lockedIds } from "./lock_file.ts";

/** What the gates read of the `package.json` of a package. */
export interface Manifest {
  readonly license?: string | { readonly type?: string };
  readonly scripts?: Readonly<Record<string, string>>;
}

/** A locked package with its own `package.json`, as it lies in the module cache. */
export interface LockedManifest {
  /** Name and version, for example `fast-check@4.10.2`. */
  readonly id: string;
  readonly manifest: Manifest;
}

/** Reads the `package.json` of every package of `lock`, the text of `deno.lock`. Throws when one has not been fetched. */
export function lockedManifests(lock: string): readonly LockedManifest[] {
  const registries = npmRegistryFolders();
  return lockedIds(lock).map((id) => ({ id, manifest: manifestOf(registries, id) }));
}

/** The folders of the module cache that hold packages: one for each registry that was used. */
function npmRegistryFolders(): readonly string[] {
  const info: { readonly npmCache: string } = JSON.parse(runDeno(["info", "--json"]));
  return [...Deno.readDirSync(info.npmCache)].map((entry) => `${info.npmCache}/${entry.name}`);
}

function runDeno(args: readonly string[]): string {
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), { args: [...args] }).outputSync();
  if (!success) throw new Error(`Cannot run "deno ${args.join(" ")}": ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

function manifestOf(registries: readonly string[], id: string): Manifest {
  const at = id.lastIndexOf("@");
  const folder = `${id.slice(0, at)}/${id.slice(at + 1)}`;
  const file = registries.map((registry) => `${registry}/${folder}/package.json`).find(isFile);
  if (file === undefined) {
    throw new Error(`Cannot find "${id}" in the module cache: fetch the locked packages with "deno install"`);
  }
  return JSON.parse(Deno.readTextFileSync(file));
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
