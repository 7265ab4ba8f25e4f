import { join } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import { isCredential } from "../../image/build_environment.ts";
import { cargoArgs } from "../../image/cargo_args.ts";
import { type CargoOutcome, readOutcome } from "../../image/cargo_messages.ts";
import { rustFlags, rustTarget } from "../../image/cargo_target.ts";
import { parsePlatform, type Platform } from "../../image/platform.ts";
import type { CargoBuild, ImageProgram } from "../image_tools.ts";
import type { BuildFolder } from "./build_folder.ts";
import { buildNotes } from "./build_notes.ts";
import { type BuildSeed, buildSeed } from "./build_seed.ts";
import type { CargoSource } from "./cargo_source.ts";
import type { CargoParts } from "./cargo_tools.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { findTargetTools } from "./rust_toolchain.ts";
import { sha256 } from "./sha256.ts";

const PRIVATE_MODE = 0o700;

/** Programs that cargo built, for each platform, and what is to be said of how. */
export interface CargoBuilt {
  readonly programs: readonly CargoProgramBuilt[];
  readonly notes: readonly string[];
}

/** A program that cargo built, and of what. */
export interface CargoProgramBuilt extends ImageProgram {
  readonly name: string;
  /** Rust's name of its platform. */
  readonly target: string;
  /** The packages that were compiled for it, or had been before, as cargo names them. */
  readonly compiled: ReadonlySet<string>;
}

/** A build, as far as all its platforms share it. */
export interface CargoWork extends Omit<CargoSource, "rust"> {
  readonly parts: CargoParts;
  readonly build: CargoBuild;
  readonly folder: BuildFolder;
}

/** One platform of a build. */
interface PlatformWork {
  readonly text: string;
  readonly platform: Platform;
  /** Rust's name of it. */
  readonly target: string;
  readonly folder: string;
  readonly temporary: string;
  readonly targetFolder: string;
}

/** What is said to cargo. */
interface CargoCall {
  readonly args: readonly string[];
  readonly flags: string;
  /** Of the linker. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Builds for each platform, one after the other: cargo uses all of the machine for one. */
export async function cargoPlatforms(work: CargoWork): Promise<Result<CargoBuilt, ImageFault>> {
  const programs: CargoBuilt["programs"][number][] = [];
  const notes = new Set<string>();
  for (const platform of work.build.platforms) {
    const built = await buildOne(work, platform);
    if (!built.ok) return built;
    programs.push(...built.value.programs);
    built.value.notes.forEach((note) => notes.add(note));
  }
  return ok({ programs, notes: [...notes] });
}

async function buildOne(work: CargoWork, text: string): Promise<Result<CargoBuilt, ImageFault>> {
  const one = platformWork(work, text);
  if (!one.ok) return one;
  await Deno.mkdir(one.value.temporary, { recursive: true, mode: PRIVATE_MODE });
  const call = await cargoCall(work, one.value);
  if (!call.ok) return call;
  const seed = seedOf(work, one.value, call.value);
  const planted = await seed?.plant();
  if (planted?.ok === false) return planted;
  const outcome = await runCargo(work, one.value, call.value);
  if (!outcome.ok) return outcome;
  const notes = await buildNotes(work.parts, work, outcome.value);
  if (!notes.ok) return notes;
  const saved = await saveSeed(seed, planted?.value, outcome.value);
  if (!saved.ok) return saved;
  const { executables, packages } = outcome.value;
  const compiled = new Set(packages.map(({ id }) => id));
  const { target } = one.value;
  const programs = [...executables].map(([name, path]) => ({ platform: text, name, path, target, compiled }));
  return ok({ programs, notes: notes.value });
}

function platformWork({ build, folder: own }: CargoWork, text: string): Result<PlatformWork, ImageFault> {
  const platform = parsePlatform(text);
  const target = platform === undefined ? undefined : rustTarget(platform, build.link);
  if (platform === undefined || target === undefined) {
    return err(
      imageFault(
        `Cannot build for "${text}": Rust has no such platform; wanted one like linux/amd64 or linux/arm/v7`,
      ),
    );
  }
  const folder = join(own.path, text.replaceAll("/", "-"));
  const [temporary, targetFolder] = [join(folder, "tmp"), join(folder, "target")];
  return ok({ text, platform, target, folder, temporary, targetFolder });
}

async function cargoCall(
  { build, programs, settings, toolchain, tools }: CargoWork,
  { platform, target, targetFolder, temporary, text }: PlatformWork,
): Promise<Result<CargoCall, ImageFault>> {
  const { link, linker, missingTargets } = build;
  const request = { target, link, linker, missingTargets, settings, toolchain, folder: temporary };
  const targetTools = await findTargetTools(tools, request);
  if (!targetTools.ok) return targetTools;
  const paths = {
    source: programs.workspaceRoot,
    cargoHome: tools.cargoHome,
    target: targetFolder,
    sysroot: toolchain.sysroot,
  };
  const flags = rustFlags(build.rustflags, platform, { link, paths });
  if (!flags.ok) return err(imageFault(`Cannot build for ${text}: ${flags.error}`));
  const { subcommand, variables } = targetTools.value;
  const args = cargoArgs(subcommand, { ...build, programs, target, targetFolder, more: build.cargoArgs });
  return ok({ args, flags: flags.value, variables });
}

async function runCargo(
  { programs, tools }: CargoWork,
  { temporary, text }: PlatformWork,
  { args, flags, variables }: CargoCall,
): Promise<Result<CargoOutcome, ImageFault>> {
  const own = { ...variables, CARGO_ENCODED_RUSTFLAGS: flags, TMPDIR: temporary };
  const ran = await tools.cargo(args, own);
  if (!ran.ok) return ran;
  const names = programs.names.map((each) => `"${each}"`).join(", ");
  if (!ran.value.success) {
    return err(imageFault(`Cannot build ${names} for ${text}: cargo failed; it said why above`));
  }
  const outcome = readOutcome(ran.value.stdout.split("\n"), programs);
  const missing = programs.names.find((each) => !outcome.executables.has(each));
  return missing === undefined
    ? ok(outcome)
    : err(imageFault(`Cannot build "${missing}" for ${text}: cargo made no such program`));
}

/** `undefined` where a build has none: it shall not. */
function seedOf(
  { build, folder: own, lock, parts, toolchain, tools }: CargoWork,
  { folder, targetFolder }: PlatformWork,
  { args, flags, variables }: CargoCall,
): BuildSeed | undefined {
  if (build.cache === "left" || build.folders === "kept") return undefined;
  const listed = build.env.filter(({ name }) => !isCredential(name));
  return buildSeed({
    seedFolder: parts.seedFolder,
    buildFolder: folder,
    targetFolder,
    key: {
      args: [...args],
      compiler: toolchain.version,
      environment: Object.fromEntries(listed.map(({ name }) => [name, tools.environment[name] ?? null])),
      flags,
      lock: sha256(lock.bytes),
      path: own.path,
      variables: { ...variables },
    },
  });
}

/** One that was used in full is as it would be saved. */
async function saveSeed(
  seed: BuildSeed | undefined,
  planted: "planted" | "none" | undefined,
  outcome: CargoOutcome,
): Promise<Result<void, ImageFault>> {
  const isFull = planted === "planted" &&
    outcome.packages.every(({ isFresh, origin }) => isFresh || origin === "path");
  return seed === undefined || isFull ? ok(undefined) : await seed.save(outcome);
}
