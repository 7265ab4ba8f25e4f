/** The rules S1 to S5 of tools/supply.ts, as functions of the texts of `deno.lock` and `deno.json`. */
import { lockedAs, type LockedPackage, type LockFile, packageName, parseLock } from "./lock_file.ts";
import { BANNED_PACKAGES } from "./supply_policy.ts";

const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;
/** The name, the version, and a path into the package, which the lock leaves out. */
const EXACT_IMPORT = /^npm:((?:@[a-z0-9._-]+\/)?[a-z0-9._-]+)@(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)(?:\/.+)?$/;
const LOCK_VERSION = "5";
const LOCK_PARTS: readonly string[] = ["version", "specifiers", "npm", "workspace"];
/** What may stand in the entry of a package. `tarball` names another source and `scripts` something to run, so neither is here. */
const ENTRY_FIELDS: readonly string[] = [
  "bin",
  "cpu",
  "dependencies",
  "deprecated",
  "integrity",
  "libc",
  "optionalDependencies",
  "optionalPeers",
  "os",
];

/** Names each breach of S1 to S5. */
export function lockBreaches(lockText: string, configText: string): readonly string[] {
  const lock = parseLock(lockText);
  const config: { readonly imports?: Readonly<Record<string, string>> } = JSON.parse(configText);
  const imports = Object.values(config.imports ?? {});
  return [
    ...partBreaches(lock),
    ...lock.packages.flatMap(packageBreaches),
    ...lock.packages.flatMap((each) => dependencyBreaches(lock, each)),
    ...importBreaches(lock, imports),
    ...strayBreaches(lock, imports),
  ];
}

function partBreaches({ version, parts }: LockFile): readonly string[] {
  const strange = parts.filter((part) => !LOCK_PARTS.includes(part));
  return [
    ...(version === LOCK_VERSION
      ? []
      : [`deno.lock has the version "${version}", the gate knows ${LOCK_VERSION}`]),
    ...strange.map((part) => `deno.lock holds "${part}": packages come from npm and from nowhere else`),
  ];
}

function packageBreaches({ id, entry }: LockedPackage): readonly string[] {
  const strange = Object.keys(entry).filter((field) => !ENTRY_FIELDS.includes(field));
  const { integrity } = entry;
  const banned = BANNED_PACKAGES.find((pattern) => isNamed(packageName(id), pattern));
  return [
    ...(typeof integrity === "string" && SHA512.test(integrity) ? [] : [`${id} has no SHA-512 in deno.lock`]),
    ...strange.map((field) => `${id} has "${field}" in deno.lock: ${whyNot(field)}`),
    ...(banned === undefined ? [] : [`${id} is banned by "${banned}": cryptography is the runtime's alone`]),
  ];
}

function whyNot(field: string): string {
  if (field === "tarball") return "it was fetched from a place that is not its registry";
  if (field === "scripts") return "it wants to run something when it is installed";
  return "the gate does not know what that means";
}

function isNamed(name: string, pattern: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function dependencyBreaches(lock: LockFile, { id, wants }: LockedPackage): readonly string[] {
  return wants.filter((wanted) => lockedAs(lock, wanted) === undefined)
    .map((wanted) => `${id} needs ${wanted}, which deno.lock does not hold`);
}

function importBreaches(lock: LockFile, imports: readonly string[]): readonly string[] {
  return imports.flatMap((target) => {
    const match = EXACT_IMPORT.exec(target);
    if (match === null) {
      return [`deno.json imports "${target}": write npm:NAME@VERSION, with an exact version`];
    }
    const [, name = "", version = ""] = match;
    const locked = lock.specifiers.get(`npm:${name}@${version}`);
    if (locked === undefined) return [`deno.json imports "${target}", which deno.lock does not hold`];
    const isThat = locked.split("_")[0] === version && lock.byId.has(`${name}@${locked}`);
    return isThat ? [] : [`deno.lock holds ${name}@${locked} for "${target}"`];
  });
}

/** What nothing needs any more is still fetched, read by the gates and trusted: it goes. */
function strayBreaches(lock: LockFile, imports: readonly string[]): readonly string[] {
  const reached = new Set<LockedPackage>();
  const visit = (each: LockedPackage | undefined): void => {
    if (each === undefined || reached.has(each)) return;
    reached.add(each);
    for (const wanted of [...each.wants, ...each.mayUse]) visit(lockedAs(lock, wanted));
  };
  for (const [specifier, version] of lock.specifiers) {
    visit(lockedAs(lock, `${packageName(specifier.replace(/^npm:/, ""))}@${version}`));
  }
  const isImported = (each: string) => imports.some((one) => one === each || one.startsWith(`${each}/`));
  const specifiers = [...lock.specifiers.keys()].filter((each) => !isImported(each));
  return [
    ...specifiers.map((each) => `deno.lock holds "${each}", which deno.json does not import`),
    ...lock.packages.filter((each) => !reached.has(each)).map(({ id }) =>
      `${id} is locked and nothing needs it`
    ),
  ];
}
