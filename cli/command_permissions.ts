/**
 * What each command keeps of the permissions that the program was started with; the rest is given back before the command's
 * code is loaded. A command that is not in the table keeps nothing.
 */

/** A kind of permission of the runtime that a command may keep. */
export type PermissionKind = "env" | "net" | "read" | "run" | "sys" | "write";

/** Every kind, in the order of the alphabet. */
export const PERMISSION_KINDS: readonly PermissionKind[] = ["env", "net", "read", "run", "sys", "write"];

const NOTHING: readonly PermissionKind[] = [];
/** Reads files and the log. Of the environment it is told where the log's pins and the sim cloud lie. */
const READS: readonly PermissionKind[] = ["env", "read"];
const WRITES_FILES: readonly PermissionKind[] = ["env", "read", "write"];
/** Opens keys too, for which it must know whose they are, or ask the key service that holds them. */
const OPENS_KEYS: readonly PermissionKind[] = ["env", "net", "read", "sys"];
const APPENDS: readonly PermissionKind[] = ["env", "net", "read", "sys", "write"];
/** Asks providers, which may be far away. */
const ASKS_PROVIDERS: readonly PermissionKind[] = ["env", "net", "read", "sys", "write"];
/** Reads from or sends to registries of images, with credentials that helpers of docker keep, which are programs. */
const REACHES_REGISTRIES: readonly PermissionKind[] = ["env", "net", "read", "run", "write"];
/** The same, and signs with a key, of which it must know whose it is. */
const BUILDS_IMAGES: readonly PermissionKind[] = PERMISSION_KINDS;
/** Reads images and keys wherever they are, and writes nothing. */
const VERIFIES_IMAGES: readonly PermissionKind[] = ["env", "net", "read", "run", "sys"];
/** Asks providers, and the programs that print secrets of the files. */
const ASKS_PROGRAMS: readonly PermissionKind[] = PERMISSION_KINDS;
/** Lets providers change something, by running a program too. */
const CHANGES_THE_WORLD: readonly PermissionKind[] = PERMISSION_KINDS;

/** By the name of a command as it is written, what it keeps. */
export const COMMAND_PERMISSIONS: Readonly<Record<string, readonly PermissionKind[]>> = {
  "init": APPENDS,
  "envs": READS,
  "env list": READS,
  "env show": READS,
  "env create": WRITES_FILES,
  "env policy": APPENDS,
  "env delete": APPENDS,
  "validate": READS,
  "fmt": WRITES_FILES,
  "plan": ASKS_PROGRAMS,
  "plan approve": APPENDS,
  "apply": CHANGES_THE_WORLD,
  "destroy": CHANGES_THE_WORLD,
  "drift": ASKS_PROGRAMS,
  "drift accept": ASKS_PROGRAMS,
  "drift revert": CHANGES_THE_WORLD,
  "rollback": CHANGES_THE_WORLD,
  "show": APPENDS,
  "query": READS,
  "history": READS,
  "blame": READS,
  "diff": READS,
  "outputs": APPENDS,
  "state ls": READS,
  "state rm": APPENDS,
  "state mv": APPENDS,
  "state export": WRITES_FILES,
  "import discover": ASKS_PROVIDERS,
  "import generate": ASKS_PROVIDERS,
  "import resource": ASKS_PROGRAMS,
  "taint": APPENDS,
  "untaint": APPENDS,
  "protect": APPENDS,
  "unprotect": APPENDS,
  "graph": READS,
  "explain": READS,
  "debug": READS,
  "schema": ["env"],
  "recover": CHANGES_THE_WORLD,
  "runs": READS,
  "unlock": APPENDS,
  "keys list": OPENS_KEYS,
  "keys create": APPENDS,
  "keys export": APPENDS,
  "keys add": APPENDS,
  "keys revoke": APPENDS,
  "keys rotate": APPENDS,
  "resume": CHANGES_THE_WORLD,
  "audit verify": OPENS_KEYS,
  "audit checkpoint": APPENDS,
  "audit proof": APPENDS,
  "audit attestation": APPENDS,
  "audit sbom": WRITES_FILES,
  "audit trail": READS,
  "verify": OPENS_KEYS,
  "pin": WRITES_FILES,
  "secrets init": APPENDS,
  "secrets status": APPENDS,
  "secrets encrypt": OPENS_KEYS,
  "secrets decrypt": APPENDS,
  "secrets rotate": APPENDS,
  "image build": BUILDS_IMAGES,
  "image prune": REACHES_REGISTRIES,
  "image config": READS,
  "image resolve": BUILDS_IMAGES,
  "image apply": BUILDS_IMAGES,
  "image inspect": READS,
  "image lock": REACHES_REGISTRIES,
  "image push": REACHES_REGISTRIES,
  "image verify": VERIFIES_IMAGES,
  "image audit": READS,
  "image sbom": READS,
  "completions": NOTHING,
  "version": NOTHING,
};

/** What the command at `path`, for example `["state", "ls"]`, keeps. */
export function permissionsOf(path: readonly string[]): readonly PermissionKind[] {
  return COMMAND_PERMISSIONS[path.join(" ")] ?? NOTHING;
}
