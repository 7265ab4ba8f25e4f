import { err, ok, type Result } from "../engine/result.ts";
import type { Platform } from "./platform.ts";

/** How a program is linked: against musl or glibc, with all of it inside, or with libraries of its image. */
export type Link = "musl" | "gnu-static" | "dynamic";

/** What stands before `-unknown-linux-` in the names of Rust, and what behind `musl` or `gnu`. */
const TRIPLES: ReadonlyMap<string, readonly [cpu: string, abi: string]> = new Map([
  ["386", ["i686", ""]],
  ["amd64", ["x86_64", ""]],
  ["arm/v6", ["arm", "eabihf"]],
  ["arm/v7", ["armv7", "eabihf"]],
  ["arm64", ["aarch64", ""]],
  ["loong64", ["loongarch64", ""]],
  ["ppc64le", ["powerpc64le", ""]],
  ["riscv64", ["riscv64gc", ""]],
  ["s390x", ["s390x", ""]],
]);

/** Levels of the amd64 architecture that Rust can be told to use. */
const AMD64_LEVELS: ReadonlySet<string> = new Set(["v2", "v3", "v4"]);
const SEPARATOR = "\x1f";

/** Rust's name of a platform; `undefined` for one that it has none for. */
export function rustTarget({ architecture, os, variant }: Platform, link: Link): string | undefined {
  const isBare = variant === undefined || architecture === "amd64" ||
    `${architecture}/${variant}` === "arm64/v8";
  const parts = os === "linux"
    ? TRIPLES.get(isBare ? architecture : `${architecture}/${variant}`)
    : undefined;
  if (parts === undefined) return undefined;
  const [cpu, abi] = parts;
  return `${cpu}-unknown-linux-${link === "musl" ? "musl" : "gnu"}${abi}`;
}

/** How Rust names the processors of images, by the names that images have for them. */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ["386", "x86"],
  ["amd64", "x86_64"],
  ["arm64", "aarch64"],
  ["loong64", "loongarch64"],
  ["ppc64le", "powerpc64"],
]);

/** Rust's name of a platform's processor, as advisories use it. */
export function rustArchitecture({ architecture }: Platform): string {
  return ARCHITECTURES.get(architecture) ?? architecture;
}

/** Where things lie while a program is built, which must be in none of its bytes. */
export interface BuildPaths {
  readonly source: string;
  readonly cargoHome: string;
  readonly target: string;
  readonly sysroot: string;
}

/**
 * The flags of a build in the form of `CARGO_ENCODED_RUSTFLAGS`: the user's, all of the program in one file unless it is to be
 * dynamic, and names in the place of this machine's paths, so that the same source gives the same bytes elsewhere.
 */
export function rustFlags(
  own: readonly string[],
  { variant, architecture }: Platform,
  { link, paths }: { readonly link: Link; readonly paths: BuildPaths },
): Result<string, string> {
  const spoilt = [...own, ...Object.values(paths)].find((each) => each.includes(SEPARATOR));
  if (spoilt !== undefined) return err("a flag or a path holds the character 0x1f, which separates flags");
  const level = architecture === "amd64" && variant !== undefined && AMD64_LEVELS.has(variant)
    ? ["-C", `target-cpu=x86-64-${variant}`]
    : [];
  const remapped =
    ([["source", "/src"], ["cargoHome", "/cargo"], ["target", "/target"], ["sysroot", "/rust"]] as const)
      .map(([name, shown]) => `--remap-path-prefix=${paths[name]}=${shown}`);
  const linked = link === "dynamic" ? [] : ["-C", "target-feature=+crt-static"];
  return ok([...own, ...linked, ...level, ...remapped].join(SEPARATOR));
}
