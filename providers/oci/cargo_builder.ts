import { join, resolve } from "node:path";
import { err, type Result } from "../../engine/result.ts";
import { isCredential, variableFault } from "../../image/build_environment.ts";
import { deniedCargoArg } from "../../image/cargo_args.ts";
import { type CargoPrograms, choosePrograms, parsed } from "../../image/cargo_metadata.ts";
import type { CargoBuild } from "../image_tools.ts";
import { makeBuildFolder } from "./build_folder.ts";
import { type CargoBuilt, cargoPlatforms } from "./cargo_platforms.ts";
import { type CargoParts, cargoSettings, type CargoTools, cargoTools } from "./cargo_tools.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { findToolchain } from "./rust_toolchain.ts";

/**
 * Builds programs for each platform and hands them to `use`, in a folder of their own that is gone when it resolves, however
 * it ends, unless it is to be kept. Nobody else writes to it, and no two builds share one.
 */
export async function withCargoPrograms<T, Fault>(
  parts: CargoParts,
  build: CargoBuild,
  use: (built: CargoBuilt) => Promise<Result<T, Fault>>,
): Promise<Result<T, Fault | ImageFault>> {
  const fault = requestFault(build);
  if (fault !== undefined) return err(imageFault(fault));
  const source = await answering(
    `Cannot read "${build.path}"`,
    () => Deno.realPath(resolve(parts.folder, build.path)),
  );
  if (!source.ok) return source;
  noteCredentials(parts, build);
  const tools = cargoTools(parts, build, source.value);
  const programs = await findPrograms(tools, build, source.value);
  if (!programs.ok) return programs;
  const lock = await readLock(programs.value, build);
  if (!lock.ok) return lock;
  const settings = await cargoSettings(tools);
  if (!settings.ok) return settings;
  const hidden = settings.value.flagOrigins;
  if (hidden.length > 0) return err(hiddenFlags(hidden));
  const toolchain = await findToolchain(tools);
  if (!toolchain.ok) return toolchain;
  const own = await makeBuildFolder(parts.random, parts.buildFolder, parts.firstSlot);
  if (!own.ok) return own;
  await using folder = own.value;
  const kept = build.folders === "kept" ? [`The folder of the build is kept: ${folder.keep()}`] : [];
  const built = await cargoPlatforms({
    parts,
    build,
    tools,
    folder,
    programs: programs.value,
    settings: settings.value,
    toolchain: toolchain.value,
    lock: lock.value,
  });
  if (parts.signal.aborted) folder.abandon();
  return built.ok
    ? await use({ ...built.value, notes: [...built.value.notes, ...kept] })
    : kept.length === 0
    ? built
    : err({ ...built.error, details: [...built.error.details ?? [], ...kept] });
}

function requestFault({ cargoArgs, env }: CargoBuild): string | undefined {
  const denied = deniedCargoArg(cargoArgs);
  if (denied !== undefined) return `Cannot pass ${denied}`;
  return env.map(variableFault).find((each) => each !== undefined);
}

function noteCredentials({ noteSecret, readVariable }: CargoParts, { env }: CargoBuild): void {
  for (const { name, value = readVariable(name) } of env) {
    if (isCredential(name) && value !== undefined) noteSecret(value);
  }
}

async function findPrograms(
  { cargo }: CargoTools,
  build: CargoBuild,
  source: string,
): Promise<Result<CargoPrograms, ImageFault>> {
  const manifest = join(source, "Cargo.toml");
  const args = ["metadata", "--format-version", "1", "--no-deps", "--manifest-path", manifest];
  const metadata = await cargo(args);
  if (!metadata.ok) return metadata;
  const action = `Cannot build "${build.path}"`;
  if (!metadata.value.success) return err(imageFault(`${action}: cargo cannot read it; it said why above`));
  const chosen = choosePrograms(parsed(metadata.value.stdout), manifest, build);
  return chosen.ok ? chosen : err(imageFault(`${action}: ${chosen.error}`));
}

/** Without a lock file the same source gives another program tomorrow. A workspace has it above its packages. */
async function readLock(
  { workspaceRoot }: CargoPrograms,
  { lockFile, path }: CargoBuild,
): Promise<Result<Uint8Array | undefined, ImageFault>> {
  const lock = await answering(`Cannot read the Cargo.lock of "${path}"`, async () => {
    try {
      return await Deno.readFile(join(workspaceRoot, "Cargo.lock"));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  });
  return !lock.ok || lock.value !== undefined || lockFile === "optional" ? lock : err(imageFault(
    `Cannot build "${path}": it has no Cargo.lock, so another day would give another program`,
    "Run: cargo generate-lockfile; or say --no-cargo-lock",
  ));
}

/** Our flags take the place of those in cargo's own configuration, which nobody would notice. */
function hiddenFlags(origins: readonly string[]): ImageFault {
  const [first = "", ...others] = origins;
  return {
    ...imageFault(
      `IMG012: Cannot build: "${first}" sets rustflags, which a build of an image replaces`,
      "Give them with --rustflag, and build with a CARGO_HOME and a folder without them",
    ),
    ...(others.length === 0 ? {} : { details: others.map((each) => `"${each}" sets them too`) }),
  };
}
