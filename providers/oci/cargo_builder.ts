import { join } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import { builtExecutable, type CargoProgram, compiledPackages } from "../../image/cargo_metadata.ts";
import { rustFlags, rustTarget } from "../../image/cargo_target.ts";
import { parsePlatform } from "../../image/platform.ts";
import type { CargoBuild, ImageProgram } from "../image_tools.ts";
import { makeBuildFolder } from "./build_folder.ts";
import type { CargoBuilt } from "./cargo_contents.ts";
import type { CargoSource } from "./cargo_source.ts";
import { cargo, cargoHome, type CargoParts, environment } from "./cargo_tool.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { runTool } from "./run_tool.ts";

/** A program that cargo built, and what of. */
export interface CargoProgramBuilt extends ImageProgram, CargoBuilt {}

const PRIVATE_MODE = 0o700;

/**
 * Builds a program for each platform and hands them to `use`, in a folder of their own that is gone when it resolves, however
 * it ends. Nobody else writes to it, and no two builds share one.
 */
export async function withCargoPrograms<T, Fault>(
  parts: CargoParts,
  { build, source }: { readonly build: CargoBuild; readonly source: CargoSource },
  use: (programs: readonly CargoProgramBuilt[]) => Promise<Result<T, Fault>>,
): Promise<Result<T, Fault | ImageFault>> {
  const own = await makeBuildFolder(parts.random, parts.buildFolder);
  if (!own.ok) return own;
  await using folder = own.value;
  const programs: CargoProgramBuilt[] = [];
  for (const platform of build.platforms) {
    const one = {
      source: source.folder,
      program: source.program,
      platform,
      folder: join(folder.path, platform.replaceAll("/", "-")),
    };
    const built = await buildOne(parts, build, one);
    if (!built.ok) return built;
    programs.push({ platform, ...built.value });
  }
  return await use(programs);
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
): Promise<Result<Omit<CargoProgramBuilt, "platform">, ImageFault>> {
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
  const ran = await cargo(parts, args, { cwd: source, variables });
  if (!ran.ok) return ran;
  if (!ran.value.success) {
    return err(imageFault(`Cannot build "${program.name}" for ${text}: cargo failed; it said why above`));
  }
  const lines = ran.value.stdout.split("\n");
  const path = builtExecutable(lines, program);
  return path === undefined
    ? err(imageFault(`Cannot build "${program.name}" for ${text}: cargo made no such program`))
    : ok({ path, target, compiled: compiledPackages(lines) });
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
