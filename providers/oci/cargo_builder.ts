import { dirname, join, resolve } from "node:path";
import type { Random } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { builtExecutable, type CargoProgram, chooseProgram, parsed } from "../../image/cargo_metadata.ts";
import { rustFlags, rustTarget } from "../../image/cargo_target.ts";
import { parsePlatform } from "../../image/platform.ts";
import type { CargoBuild, ImageProgram } from "../image_tools.ts";
import { makeBuildFolder } from "./build_folder.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { runTool, type ToolRan } from "./run_tool.ts";

/** What a build with cargo works with. */
export interface CargoParts {
  readonly random: Random;
  /** The working folder, absolute. */
  readonly folder: string;
  /** Where folders for builds are made. */
  readonly buildFolder: string;
  readonly readVariable: (name: string) => string | undefined;
  readonly epoch: number | undefined;
  /** Ends a build. */
  readonly signal: AbortSignal;
}

/** Variables of the environment that a build sees; nothing else of this machine's gets in. */
const PASSED_VARIABLES: readonly string[] = [
  "PATH",
  "HOME",
  "CARGO_HOME",
  "RUSTUP_HOME",
  "RUSTUP_TOOLCHAIN",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];
const PRIVATE_MODE = 0o700;
const CONFIG_FILES: readonly string[] = [".cargo/config.toml", ".cargo/config"];

/**
 * Builds a program for each platform and hands them to `use`, in a folder of their own that is gone when it resolves, however
 * it ends. Nobody else writes to it, and no two builds share one.
 */
export async function withCargoPrograms<T, Fault>(
  parts: CargoParts,
  build: CargoBuild,
  use: (programs: readonly ImageProgram[]) => Promise<Result<T, Fault>>,
): Promise<Result<T, Fault | ImageFault>> {
  const source = resolve(parts.folder, build.path);
  const program = await findProgram(parts, build, source);
  if (!program.ok) return program;
  const own = await makeBuildFolder(parts.random, parts.buildFolder);
  if (!own.ok) return own;
  await using folder = own.value;
  const programs: ImageProgram[] = [];
  for (const platform of build.platforms) {
    const one = {
      source,
      program: program.value,
      platform,
      folder: join(folder.path, platform.replaceAll("/", "-")),
    };
    const path = await buildOne(parts, build, one);
    if (!path.ok) return path;
    programs.push({ platform, path: path.value });
  }
  return await use(programs);
}

async function findProgram(
  parts: CargoParts,
  build: CargoBuild,
  source: string,
): Promise<Result<CargoProgram, ImageFault>> {
  const manifest = join(source, "Cargo.toml");
  const metadata = await cargo(parts, [
    "metadata",
    "--format-version",
    "1",
    "--no-deps",
    "--manifest-path",
    manifest,
  ], source);
  if (!metadata.ok) return metadata;
  if (!metadata.value.success) {
    return err(imageFault(`Cannot build "${build.path}": cargo cannot read it; it said why above`));
  }
  const real = await answering(`Cannot read "${build.path}"`, () => Deno.realPath(manifest));
  if (!real.ok) return real;
  const chosen = chooseProgram(parsed(metadata.value.stdout), real.value, build);
  if (!chosen.ok) return err(imageFault(`Cannot build "${build.path}": ${chosen.error}`));
  const lock = await lockFault(source, build.path);
  const flags = lock ?? await configFault(source);
  return flags === undefined ? ok(chosen.value) : err(flags);
}

/** Without a lock file the same source gives another program tomorrow. A workspace has it above its packages. */
async function lockFault(source: string, shown: string): Promise<ImageFault | undefined> {
  for (let folder = source;; folder = dirname(folder)) {
    if (await isFile(join(folder, "Cargo.lock"))) return undefined;
    if (folder === dirname(folder)) break;
  }
  return imageFault(
    `Cannot build "${shown}": it has no Cargo.lock, so another day would give another program`,
    "Run: cargo generate-lockfile",
  );
}

/** Our flags take the place of those in cargo's own configuration, which nobody would notice. */
async function configFault(source: string): Promise<ImageFault | undefined> {
  for (let folder = source;; folder = dirname(folder)) {
    for (const name of CONFIG_FILES) {
      const path = join(folder, name);
      if (!(await isFile(path))) continue;
      const text = await answering(`Cannot read "${path}"`, () => Deno.readTextFile(path));
      if (!text.ok) return text.error;
      if (/^\s*(?:[\w.'"-]+\.)?rustflags\s*=/m.test(text.value)) {
        return imageFault(
          `IMG012: Cannot build: "${path}" sets rustflags, which a build of an image replaces`,
          "Give them with --rustflag, and build with a CARGO_HOME and a folder without them",
        );
      }
    }
    if (folder === dirname(folder)) return undefined;
  }
}

interface OneBuild {
  readonly source: string;
  readonly program: CargoProgram;
  readonly platform: string;
  readonly folder: string;
}

async function buildOne(
  parts: CargoParts,
  build: CargoBuild,
  { folder, platform: text, program, source }: OneBuild,
): Promise<Result<string, ImageFault>> {
  const platform = parsePlatform(text);
  const target = platform === undefined ? undefined : rustTarget(platform, build.link);
  if (platform === undefined || target === undefined) {
    return err(
      imageFault(
        `Cannot build for "${text}": Rust has no such platform; wanted one like linux/amd64 or linux/arm/v7`,
      ),
    );
  }
  const temporary = join(folder, "tmp");
  await Deno.mkdir(temporary, { recursive: true, mode: PRIVATE_MODE });
  const toolchain = await findToolchain(parts, target, { source, temporary });
  if (!toolchain.ok) return toolchain;
  const paths = {
    source,
    cargoHome: cargoHome(parts),
    target: join(folder, "target"),
    sysroot: toolchain.value,
  };
  const flags = rustFlags(build.rustflags, platform, { link: build.link, paths });
  if (!flags.ok) return err(imageFault(`Cannot build for ${text}: ${flags.error}`));
  const variables = { CARGO_ENCODED_RUSTFLAGS: flags.value, TMPDIR: temporary };
  const args = buildArgs(build, { program, target, folder: paths.target });
  const ran = await cargo(parts, args, source, variables);
  if (!ran.ok) return ran;
  if (!ran.value.success) {
    return err(imageFault(`Cannot build "${program.name}" for ${text}: cargo failed; it said why above`));
  }
  const executable = builtExecutable(ran.value.stdout.split("\n"), program);
  return executable === undefined
    ? err(imageFault(`Cannot build "${program.name}" for ${text}: cargo made no such program`))
    : ok(executable);
}

function buildArgs(
  { defaultFeatures, features, profile }: CargoBuild,
  { folder, program, target }: {
    readonly program: CargoProgram;
    readonly target: string;
    readonly folder: string;
  },
): readonly string[] {
  return [
    "build",
    "--locked",
    "--package",
    program.package,
    `--${program.kind}`,
    program.name,
    "--profile",
    profile,
    "--target",
    target,
    "--target-dir",
    folder,
    "--message-format",
    "json-render-diagnostics",
    ...(features.length === 0 ? [] : ["--features", features.join(",")]),
    ...(defaultFeatures === "used" ? [] : ["--no-default-features"]),
  ];
}

/**
 * The root of the toolchain, when it has the standard library of a target: told by compiling an empty library for it. Nothing
 * is installed, and nothing else taken instead.
 */
async function findToolchain(
  parts: CargoParts,
  target: string,
  { source, temporary }: { readonly source: string; readonly temporary: string },
): Promise<Result<string, ImageFault>> {
  const place = { cwd: source, env: environment(parts), signal: parts.signal, says: "nothing" } as const;
  const root = await runTool("rustc", ["--print", "sysroot"], place);
  if (!root.ok) return root;
  const probe = ["--target", target, "--crate-type", "rlib", "--crate-name", "probe", "--emit", "metadata"];
  const compiled = await runTool("rustc", [...probe, "--out-dir", temporary, "/dev/null"], place);
  if (!compiled.ok) return compiled;
  if (root.value.success && compiled.value.success) return ok(root.value.stdout.trim());
  return err(imageFault(
    `IMG010: Cannot build for ${target}: its standard library is not installed`,
    `Run: rustup target add ${target}; or install it from your distribution, or say --link gnu-static`,
  ));
}

function cargo(
  parts: CargoParts,
  args: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Result<ToolRan, ImageFault>> {
  const env = { ...environment(parts), ...variables };
  return runTool("cargo", args, { cwd, env, signal: parts.signal, says: "shown" });
}

function environment({ epoch, readVariable }: CargoParts): Readonly<Record<string, string>> {
  const passed = PASSED_VARIABLES.flatMap((name) => {
    const value = readVariable(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passed),
    CARGO_INCREMENTAL: "0",
    LANG: "C.UTF-8",
    SOURCE_DATE_EPOCH: `${epoch ?? 0}`,
    TZ: "UTC",
  };
}

function cargoHome({ folder, readVariable }: CargoParts): string {
  return readVariable("CARGO_HOME") || join(readVariable("HOME") || folder, ".cargo");
}

async function isFile(path: string): Promise<boolean> {
  return (await statOrNothing(path))?.isFile === true;
}

/** What lies where smelt may not look counts as not there: cargo finds it, and says what it makes of it. */
async function statOrNothing(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (isAbsent(error) || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
