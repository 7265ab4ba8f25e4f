/**
 * Checks the licence of every locked package, as its own `package.json` in the module cache names it, and that
 * docs/dependencies.md tells of each direct dependency. Exits with 1 when something is missing or not permissive.
 */
import { dependencyDocBreaches } from "./dependency_doc.ts";
import { licenceBreaches, lockedIds, type LockedPackage } from "./licence_breaches.ts";
import { complain, say } from "./say.ts";

if (import.meta.main) Deno.exit(checkLicences());

/** Prints each breach and returns the exit code. */
function checkLicences(): number {
  const registries = npmRegistryFolders();
  const packages = lockedIds(Deno.readTextFileSync("deno.lock")).map((id) => lockedPackage(registries, id));
  const doc = Deno.readTextFileSync("docs/dependencies.md");
  const docBreaches = dependencyDocBreaches(doc, directLicences(packages)).map((it) =>
    `docs/dependencies.md: ${it}`
  );
  const breaches = [...licenceBreaches(packages), ...docBreaches];
  for (const breach of breaches) complain(breach);
  say(`licences: ${packages.length} packages, ${breaches.length} breaches`);
  return breaches.length === 0 && packages.length > 0 ? 0 : 1;
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

function lockedPackage(registries: readonly string[], id: string): LockedPackage {
  const at = id.lastIndexOf("@");
  const folder = `${id.slice(0, at)}/${id.slice(at + 1)}`;
  const file = registries.map((registry) => `${registry}/${folder}/package.json`).find(isFile);
  if (file === undefined) {
    throw new Error(`Cannot find "${id}" in the module cache: fetch the locked packages with "deno install"`);
  }
  const manifest: { readonly license?: string | { readonly type?: string } } = JSON.parse(
    Deno.readTextFileSync(file),
  );
  return { id, licence: typeof manifest.license === "object" ? manifest.license.type : manifest.license };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Licences of what `deno.json` imports, by the name that the source imports. */
function directLicences(packages: readonly LockedPackage[]): ReadonlyMap<string, string> {
  const config: { readonly imports: Readonly<Record<string, string>> } = JSON.parse(
    Deno.readTextFileSync("deno.json"),
  );
  const licences = new Map(packages.map(({ id, licence }) => [`npm:${id}`, licence ?? ""]));
  return new Map(Object.entries(config.imports).map(([name, target]) => [name, licences.get(target) ?? ""]));
}
