/**
 * Holds the lock file, `deno.json`, the packages in the module cache and every file of the project against
 * tools/supply_policy.ts. Exits with 1 when a rule is broken.
 *   S1.  Every package comes from npm, with a SHA-512 of what was downloaded; none from elsewhere.
 *   S2.  The lock is frozen and whole: what is imported is locked, and what is locked is wanted by something.
 *   S3.  Versions are exact, in `deno.json` and in the lock.
 *   S4.  No package has a script that would run when it is installed.
 *   S5.  No package is on the list of second implementations of cryptography.
 *   S6.  The lock is frozen, no `node_modules` folder is made, and nothing takes the place of a package.
 *   S7.  The permissions of the program are named one by one: no `run`, `ffi` or `import`, and of the network only loopback.
 *   S8.  No task holds a flag that opens everything, foreign code or foreign imports, or runs scripts of packages; smelt's
 *       own names the programs that it may run.
 *   S9.  The program imports no built-in module for sockets, TLS or processes, and makes no code of strings or native libraries.
 *   S10. WebCrypto and `node:crypto` are used only where keys and digests live.
 *   S11. Of a package that could do more, only what it is here for is imported.
 *   S12. No private key, token or password stands in the tree, nor a file whose name promises one.
 */
import { configBreaches } from "./config_breaches.ts";
import { programBreaches } from "./program_breaches.ts";
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
  return [...programBreaches(path, text), ...secretBreaches(path, text)];
}
