/**
 * Checks the licence of every locked package, as its own `package.json` in the module cache names it, and that
 * docs/dependencies.md tells of each direct dependency. Exits with 1 when something is missing or not permissive.
 */
import { dependencyDocBreaches } from "./dependency_doc.ts";
import { licenceBreaches, type LicensedPackage } from "./licence_breaches.ts";
import { type LockedManifest, lockedManifests } from "./locked_manifests.ts";
import { complain, say } from "./say.ts";

if (import.meta.main) Deno.exit(checkLicences());

/** Prints each breach and returns the exit code. */
function checkLicences(): number {
  const packages = lockedManifests(Deno.readTextFileSync("deno.lock")).map(licensed);
  const doc = Deno.readTextFileSync("docs/dependencies.md");
  const docBreaches = dependencyDocBreaches(doc, directLicences(packages)).map((it) =>
    `docs/dependencies.md: ${it}`
  );
  const breaches = [...licenceBreaches(packages), ...docBreaches];
  for (const breach of breaches) complain(breach);
  say(`licences: ${packages.length} packages, ${breaches.length} breaches`);
  return breaches.length === 0 && packages.length > 0 ? 0 : 1;
}

function licensed({ id, manifest }: LockedManifest): LicensedPackage {
  return { id, licence: typeof manifest.license === "object" ? manifest.license.type : manifest.license };
}

/** Licences of what `deno.json` imports, by the name that the source imports. */
function directLicences(packages: readonly LicensedPackage[]): ReadonlyMap<string, string> {
  const config: { readonly imports: Readonly<Record<string, string>> } = JSON.parse(
    Deno.readTextFileSync("deno.json"),
  );
  const licences = new Map(packages.map(({ id, licence }) => [`npm:${id}`, licence ?? ""]));
  return new Map(Object.entries(config.imports).map(([name, target]) => [name, licences.get(target) ?? ""]));
}
