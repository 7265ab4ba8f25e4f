/**
 * Holds the lock file, `deno.json`, the packages in the module cache and every file of the project against
 * tools/supply_policy.ts. Exits with 1 when one of the rules S1 to S12 is broken; each is told where it is checked.
 */
import { configBreaches } from "./config_breaches.ts";
import { cryptoBreaches } from "./crypto_breaches.ts";
import { lockBreaches } from "./lock_breaches.ts";
import { type LockedManifest, lockedManifests } from "./locked_manifests.ts";
import { keptFiles } from "./project_files.ts";
import { complain, say } from "./say.ts";
import { secretBreaches } from "./secret_breaches.ts";
import { LIFECYCLE_SCRIPTS } from "./supply_policy.ts";

/** Larger files are programs and archives, not text that somebody wrote. */
const TEXT_LIMIT_BYTES = 4 * 1024 * 1024;

if (import.meta.main) Deno.exit(checkSupply("."));

/** Prints each breach under `root` and returns the exit code. */
export function checkSupply(root: string): number {
  const lock = Deno.readTextFileSync(`${root}/deno.lock`);
  const config = Deno.readTextFileSync(`${root}/deno.json`);
  const manifests = lockedManifests(lock);
  const files = keptFiles(root).filter((path) => Deno.statSync(`${root}/${path}`).size <= TEXT_LIMIT_BYTES);
  const breaches = [
    ...lockBreaches(lock, config),
    ...configBreaches(config),
    ...manifests.flatMap(scriptBreaches),
    ...files.flatMap((path) => fileBreaches(path, Deno.readTextFileSync(`${root}/${path}`))),
  ];
  for (const breach of breaches) complain(breach);
  say(`supply: ${manifests.length} packages, ${files.length} files, ${breaches.length} breaches`);
  return breaches.length === 0 ? 0 : 1;
}

/** The lock says it too (S4), but a lock can be edited and what was unpacked is what would run. */
export function scriptBreaches({ id, manifest }: LockedManifest): readonly string[] {
  return LIFECYCLE_SCRIPTS.filter((name) => manifest.scripts?.[name] !== undefined)
    .map((name) => `${id} has the script "${name}", which runs when it is installed`);
}

function fileBreaches(path: string, text: string): readonly string[] {
  return [...cryptoBreaches(path, text), ...secretBreaches(path, text)];
}
