/**
 * Makes roots for Debian's compiler of Rust, so that it builds for what its package has no standard library for: for musl the
 * library is built from its sources, for arm64 it is that of the package of arm64. Each root stands with a `rustc` that uses
 * it and a `cargo` beside it in one folder, so that a PATH which begins with that folder is all that a build needs.
 */
import { join } from "node:path";
import { unpackAside } from "./apt_aside.ts";
import { foreignFolder, type RustRoot } from "./needs.ts";
import { printed, readOr, runStep } from "./run_step.ts";
import { complain } from "./say.ts";

const RUSTC = "/usr/bin/rustc";
const CARGO = "/usr/bin/cargo";
const HOST = "x86_64-unknown-linux-gnu";
const MUSL = "x86_64-unknown-linux-musl";
const ARM64 = "aarch64-unknown-linux-gnu";
const LIBRARIES = "/usr/lib/rustlib";
const MUSL_LIBRARIES = "/usr/lib/x86_64-linux-musl";
/** Grows when a root is made otherwise. */
const RECIPE = "recipe 1";
/** Names what a root was made from. */
const STAMP = "made-from.txt";

/** musl has no checked printing, which LLVM's unwinder, compiled against glibc, calls. */
const CHECKED_PRINTING = `
#include <stdarg.h>
#include <stdio.h>
int __fprintf_chk(FILE *file, int flag, const char *format, ...) {
  va_list rest; va_start(rest, format);
  int count = vfprintf(file, format, rest);
  va_end(rest); return count;
}
int __snprintf_chk(char *text, size_t most, int flag, size_t size, const char *format, ...) {
  va_list rest; va_start(rest, format);
  int count = vsnprintf(text, most, format, rest);
  va_end(rest); return count;
}
`;

/** Makes the roots that lack or were made from another compiler; where its packages are not there, none. */
export function bringRust(): void {
  const folder = foreignFolder();
  const version = printed(RUSTC, ["-vV"]);
  if (folder === undefined || version === undefined || !version.includes(`host: ${HOST}`)) return;
  const release = /^release: (\S+)$/m.exec(version)?.[1] ?? "";
  bringRoot(join(folder, "rust-musl" satisfies RustRoot), version, (work) => makeMusl(work, release));
  bringRoot(join(folder, "rust-arm64" satisfies RustRoot), version, makeArm64);
}

/** Makes a root in a folder beside its place, which it takes only when it is whole. */
function bringRoot(place: string, version: string, make: (work: string) => boolean): void {
  const from = `${RECIPE}\n${version}\n`;
  if (readOr(join(place, STAMP), "") === from) return;
  const work = `${place}.new`;
  removeIfThere(work);
  for (const each of ["bin", "sysroot/lib/rustlib"]) Deno.mkdirSync(join(work, each), { recursive: true });
  Deno.symlinkSync(join(LIBRARIES, HOST), join(work, "sysroot/lib/rustlib", HOST));
  if (make(work)) {
    const wrapper = `#!/bin/sh\nexec ${RUSTC} --sysroot "${join(place, "sysroot")}" "$@"\n`;
    Deno.writeTextFileSync(join(work, "bin/rustc"), wrapper, { mode: 0o755 });
    Deno.symlinkSync(CARGO, join(work, "bin/cargo"));
    Deno.writeTextFileSync(join(work, STAMP), from);
    removeIfThere(place);
    Deno.renameSync(work, place);
  } else removeIfThere(work);
}

function makeMusl(work: string, release: string): boolean {
  const vendored = `/usr/src/rustc-${release}/library/vendor`;
  const unwinder = unwinderPath();
  const start = startFiles();
  if (!isFolder(vendored) || unwinder === undefined || start === undefined) {
    complain(`rust-musl: lacks ${vendored}, libunwind.a of LLVM, or the files of gcc and musl`);
    return false;
  }
  const own = join(work, "sysroot/lib/rustlib", MUSL, "lib/self-contained");
  Deno.mkdirSync(own, { recursive: true });
  for (const path of start) Deno.copyFileSync(path, join(own, nameOf(path)));
  const library = join(own, "libunwind.a");
  Deno.copyFileSync(unwinder, library);
  const [source, object] = [join(work, "checked.c"), join(work, "checked.o")];
  Deno.writeTextFileSync(source, CHECKED_PRINTING);
  const isWhole = runStep("musl-gcc", ["-O2", "-U_FORTIFY_SOURCE", "-c", source, "-o", object]) &&
    runStep("ar", ["r", library, object]) && buildLibrary(work, vendored, own);
  for (const path of [source, object]) removeIfThere(path);
  return isWhole;
}

/** Builds the standard library by building an empty library with it. */
function buildLibrary(work: string, vendored: string, own: string): boolean {
  const scratch = join(work, "scratch");
  for (const each of ["home", "empty/src"]) Deno.mkdirSync(join(scratch, each), { recursive: true });
  const sources = `[source.crates-io]\nreplace-with = "here"\n[source.here]\ndirectory = "${vendored}"\n`;
  Deno.writeTextFileSync(join(scratch, "home/config.toml"), sources);
  Deno.writeTextFileSync(
    join(scratch, "empty/Cargo.toml"),
    '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n',
  );
  Deno.writeTextFileSync(join(scratch, "empty/src/lib.rs"), "");
  const parts = "std,panic_abort,panic_unwind,proc_macro";
  const args = [
    "build",
    "--release",
    "-q",
    `-Zbuild-std=${parts}`,
    "--target",
    MUSL,
    "--target-dir",
    "target",
  ];
  const isBuilt = runStep(CARGO, args, {
    cwd: join(scratch, "empty"),
    env: {
      CARGO_HOME: join(scratch, "home"),
      RUSTC,
      RUSTC_BOOTSTRAP: "1",
      RUSTFLAGS: `-C target-feature=+crt-static -C link-self-contained=no -L native=${own}`,
    },
  });
  const built = join(scratch, "empty/target", MUSL, "release/deps");
  const libraries = isBuilt
    ? [...Deno.readDirSync(built)].map(({ name }) => name).filter((name) => name.endsWith(".rlib"))
    : [];
  const place = join(work, "sysroot/lib/rustlib", MUSL, "lib");
  for (const name of libraries) {
    if (!name.startsWith("libempty-")) Deno.copyFileSync(join(built, name), join(place, name));
  }
  removeIfThere(scratch);
  return libraries.length > 1;
}

/** What a program of musl begins and ends with: musl's files and gcc's. */
function startFiles(): readonly string[] | undefined {
  const musl = ["crt1.o", "rcrt1.o", "Scrt1.o", "crti.o", "crtn.o", "libc.a"];
  const gcc = ["crtbegin.o", "crtend.o", "crtbeginS.o", "crtendS.o"];
  const paths = [
    ...musl.map((name) => join(MUSL_LIBRARIES, name)),
    ...gcc.map((name) => printed("gcc", [`-print-file-name=${name}`]) ?? name),
  ];
  return paths.every(isFile) ? paths : undefined;
}

/** The unwinder of the newest LLVM that is here. */
function unwinderPath(): string | undefined {
  const folders = [...Deno.readDirSync("/usr/lib")].map(({ name }) => /^llvm-(\d+)$/.exec(name)?.[1]);
  const versions = folders.flatMap((each) => each === undefined ? [] : [Number(each)]).toSorted((a, b) =>
    b - a
  );
  return versions.map((each) => `/usr/lib/llvm-${each}/lib/libunwind.a`).find(isFile);
}

/** The compiler's own version, of the package for arm64. */
function makeArm64(work: string): boolean {
  const version = printed("dpkg-query", ["-W", "-f", "${Version}", "rustc-web"]);
  if (version === undefined) return false;
  const place = join(work, "sysroot/lib/rustlib", ARM64);
  const name = `libstd-rust-web-dev:arm64=${version}`;
  unpackAside(name, () => ["APT::Architectures::=arm64"], (unpacked) => {
    runStep("cp", ["-r", join(unpacked, LIBRARIES, ARM64), place]);
  });
  return isFolder(place);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function isFile(path: string): boolean {
  return statOf(path)?.isFile === true;
}

function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory === true;
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function removeIfThere(path: string): void {
  if (statOf(path) !== undefined) Deno.removeSync(path, { recursive: true });
}
