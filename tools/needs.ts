/**
 * Programs of others that some tests hold smelt against: a second opinion on what it signs, and servers that speak a
 * protocol. Debian's packages, PyPI and Go's module proxy bring them; `deno task setup` does it, into the folder of caches of
 * the user, so that all clones share them.
 */
import { join } from "node:path";

/** A program that a test starts and that is no part of smelt. */
export interface ForeignProgram {
  readonly name: ForeignName;
  /** What it is for, in a few words. */
  readonly use: string;
  /** Where it lies: names on the PATH are tried after the file below the folder of `foreignFolder`. */
  readonly file: string;
  readonly isOnPath: boolean;
  readonly source: Source;
}

export type ForeignName =
  | "aarch64-linux-gnu-gcc"
  | "cargo"
  | "cosign"
  | "docker-registry"
  | "faketime"
  | "go"
  | "ministack"
  | "moto_server"
  | "oras"
  | "pyspdxtools"
  | "qemu-aarch64-static"
  | "runc"
  | RustRoot
  | "skopeo"
  | "strace"
  | "umoci";

/** Roots of Debian's compiler of Rust, made for a target that its package has no standard library for. */
export type RustRoot = "rust-arm64" | "rust-musl";

/** Where a program comes from. */
export type Source =
  /** The first of these packages that the Debian that runs has. */
  | { readonly kind: "debian"; readonly packages: readonly string[] }
  /** A package of a later Debian, taken apart beside the system: its program needs nothing else of that release. */
  | {
    readonly kind: "laterDebian";
    readonly release: string;
    readonly package: string;
    readonly file: string;
  }
  /** Made by `bring_rust.ts` of these packages of the Debian that runs. */
  | { readonly kind: "rustRoot"; readonly packages: readonly string[] }
  /** `tools/python_packages.txt`, in an environment of its own. */
  | { readonly kind: "python" };

const PYTHON_FOLDER = "python";

/** All of them, by name. */
export const FOREIGN_PROGRAMS: readonly ForeignProgram[] = [
  debian("aarch64-linux-gnu-gcc", "links programs for arm64", "gcc-aarch64-linux-gnu"),
  // The one conflicts with the other, and the roots below need the first.
  debian("cargo", "builds programs in Rust", "cargo-web", "cargo"),
  {
    name: "cosign",
    use: "verifies attestations and images",
    file: "bin/cosign",
    isOnPath: true,
    source: { kind: "laterDebian", release: "trixie", package: "cosign", file: "usr/bin/cosign" },
  },
  debian("docker-registry", "takes images as registries do"),
  debian("faketime", "moves the clock of a build"),
  {
    name: "go",
    use: "builds verifiers from Go's own modules",
    file: "bin/go",
    isOnPath: true,
    source: { kind: "debian", packages: ["golang-go"] },
  },
  {
    name: "ministack",
    use: "speaks AWS KMS with Ed25519",
    file: `${PYTHON_FOLDER}/bin/ministack`,
    isOnPath: false,
    source: { kind: "python" },
  },
  {
    name: "moto_server",
    use: "speaks AWS KMS with ECDSA and data keys",
    file: `${PYTHON_FOLDER}/bin/moto_server`,
    isOnPath: false,
    source: { kind: "python" },
  },
  {
    name: "oras",
    use: "lists what is attached to images",
    file: "bin/oras",
    isOnPath: true,
    source: { kind: "laterDebian", release: "trixie", package: "oras", file: "usr/bin/oras" },
  },
  {
    name: "pyspdxtools",
    use: "validates inventories in SPDX",
    file: `${PYTHON_FOLDER}/bin/pyspdxtools`,
    isOnPath: false,
    source: { kind: "python" },
  },
  debian("qemu-aarch64-static", "runs programs of arm64", "qemu-user-static"),
  debian("runc", "runs images"),
  rustRoot("rust-arm64", "builds programs for arm64", ["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"]),
  rustRoot("rust-musl", "builds static programs with musl", [
    "libunwind-14-dev",
    "musl-tools",
    "rust-web-src",
  ]),
  debian("skopeo", "reads images from registries"),
  debian("strace", "counts the syncs of an append"),
  debian("umoci", "unpacks images"),
];

/** A program that a package brings, by default that of its name. */
function debian(name: ForeignName, use: string, ...from: readonly string[]): ForeignProgram {
  const packages = from.length === 0 ? [name] : from;
  return { name, use, file: `bin/${name}`, isOnPath: true, source: { kind: "debian", packages } };
}

/** A compiler of Rust with a root of its own; cargo lies beside it. */
function rustRoot(name: RustRoot, use: string, packages: readonly string[]): ForeignProgram {
  const all = ["rustc-web", "cargo-web", ...packages];
  return {
    name,
    use,
    file: `${name}/bin/rustc`,
    isOnPath: false,
    source: { kind: "rustRoot", packages: all },
  };
}

/** The value of an environment variable. */
export type ReadVariable = (name: string) => string | undefined;

const fromEnvironment: ReadVariable = (name) => Deno.env.get(name);

/** The folder that `deno task setup` fills; `undefined` where no home folder is known. */
export function foreignFolder(read: ReadVariable = fromEnvironment): string | undefined {
  const caches = read("XDG_CACHE_HOME") ?? below(read("HOME"), ".cache");
  return caches === undefined ? undefined : join(caches, "smelt-test-programs");
}

/** Where the environment of Python's programs lies below `folder`. */
export function pythonFolder(folder: string): string {
  return join(folder, PYTHON_FOLDER);
}

/** The path of a program that is here; `undefined` when it must be brought. */
export function findForeign(
  { file, isOnPath, name }: ForeignProgram,
  read: ReadVariable = fromEnvironment,
): string | undefined {
  const folder = foreignFolder(read);
  const own = folder === undefined ? undefined : join(folder, file);
  if (own !== undefined && isFile(own)) return own;
  if (!isOnPath) return undefined;
  const paths = (read("PATH") ?? "").split(":").filter((each) => each !== "");
  return paths.map((each) => join(each, name)).find(isFile);
}

function below(folder: string | undefined, name: string): string | undefined {
  return folder === undefined || folder === "" ? undefined : join(folder, name);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
