/** One npm package of `deno.lock`. */
export interface LockedPackage {
  /** As the lock names it, with the marks of peer dependencies: `c@2.0.0_d@3.0.0`. */
  readonly id: string;
  readonly entry: Readonly<Record<string, unknown>>;
  /** What it depends on: a name where one version is locked, else `name@version`. */
  readonly wants: readonly string[];
  /** What it uses where it is there. */
  readonly mayUse: readonly string[];
}

/** What the gates read of `deno.lock`, form 5. */
export interface LockFile {
  readonly version: unknown;
  /** Names of what stands at the top. */
  readonly parts: readonly string[];
  /** What was asked for, for example `npm:a@1.0.0`, and the version that it became. */
  readonly specifiers: ReadonlyMap<string, string>;
  readonly packages: readonly LockedPackage[];
  readonly byId: ReadonlyMap<string, LockedPackage>;
  /** One of each name, for those that are named alone. */
  readonly byName: ReadonlyMap<string, LockedPackage>;
}

/** Reads the text of `deno.lock`. */
export function parseLock(text: string): LockFile {
  const lock: {
    readonly version?: unknown;
    readonly specifiers?: Readonly<Record<string, string>>;
    readonly npm?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  } = JSON.parse(text);
  const packages = Object.entries(lock.npm ?? {}).map(([id, entry]) => ({
    id,
    entry,
    wants: textsOf(entry["dependencies"]),
    mayUse: [...textsOf(entry["optionalDependencies"]), ...textsOf(entry["optionalPeers"])],
  }));
  return {
    version: lock.version,
    parts: Object.keys(lock),
    specifiers: new Map(Object.entries(lock.specifiers ?? {})),
    packages,
    byId: new Map(packages.map((each) => [each.id, each])),
    byName: new Map(packages.map((each) => [packageName(each.id), each])),
  };
}

/** `@scope/a@1.0.0` as `@scope/a`. */
export function packageName(id: string): string {
  const at = id.indexOf("@", 1);
  return at < 0 ? id : id.slice(0, at);
}

/** `a@1.0.0_b@2.0.0` as `1.0.0`. */
export function packageVersion(id: string): string {
  return id.slice(packageName(id).length + 1).split("_")[0] ?? "";
}

/** The package that `wanted` means: an id, or a name where one version of it is locked. */
export function lockedAs(lock: LockFile, wanted: string): LockedPackage | undefined {
  return lock.byId.get(wanted) ?? lock.byName.get(wanted);
}

/** The ids of the packages of a lock, without the marks of peer dependencies. */
export function lockedIds(text: string): readonly string[] {
  return parseLock(text).packages.map(({ id }) => `${packageName(id)}@${packageVersion(id)}`);
}

/** A package under another name is written `alias@npm:name@1.0.0`. */
function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map((each) => String(each).replace(/^.*@npm:/, "")) : [];
}
