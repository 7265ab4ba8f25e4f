import type { TarName } from "./tar_names.ts";

/** Something in a layer that an image of one program does not need, and that serves whoever breaks into it. */
export interface Excess {
  readonly kind: "shell" | "packageManager" | "setId";
  /** From the root of the image. */
  readonly path: string;
}

const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "dash", "ash", "zsh", "busybox", "toybox"]);
const PACKAGE_MANAGERS: ReadonlySet<string> = new Set([
  "apk",
  "apt",
  "apt-get",
  "dnf",
  "dpkg",
  "microdnf",
  "npm",
  "pacman",
  "pip",
  "rpm",
  "yum",
  "zypper",
]);
const PROGRAM_FOLDER_REGEXP = /^(?:usr\/(?:local\/)?)?s?bin$/;
const SET_ID_BITS = 0o6000;
/** A file, also in the spelling of old archives, a hard link, a symbolic link. */
const FILE_TYPES: ReadonlySet<string> = new Set(["0", "7", "1", "2"]);

/** Shells and package managers among the programs of a layer, links to them included, and files that give another's rights. */
export function findExcess(names: readonly TarName[]): readonly Excess[] {
  return names.flatMap(({ path, type, mode }) => {
    if (!FILE_TYPES.has(type)) return [];
    const kind = kindOf(path) ?? ((mode & SET_ID_BITS) !== 0 && type !== "2" ? "setId" : undefined);
    return kind === undefined ? [] : [{ kind, path }];
  });
}

function kindOf(path: string): Excess["kind"] | undefined {
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  if (slash < 0 || !PROGRAM_FOLDER_REGEXP.test(path.slice(0, slash))) return undefined;
  if (SHELLS.has(name)) return "shell";
  return PACKAGE_MANAGERS.has(name) ? "packageManager" : undefined;
}
