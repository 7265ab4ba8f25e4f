import { join, resolve } from "node:path";
import { parseJson } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { isCredential, variableFault } from "../../image/build_environment.ts";
import { deniedCargoArg, lockedArg, networkArgs } from "../../image/cargo_args.ts";
import { type CargoPrograms, choosePrograms } from "../../image/cargo_metadata.ts";
import type { CargoSettings } from "../../image/cargo_settings.ts";
import { parseRustRelease, type RustRelease } from "../../image/rust_release.ts";
import type { CargoBuild } from "../image_tools.ts";
import { CARGO_LOCK, type CargoLock, readCargoLock } from "./cargo_lock_file.ts";
import { type CargoParts, cargoSettings, type CargoTools, cargoTools } from "./cargo_tools.ts";
import { answering } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { findToolchain, type Toolchain } from "./rust_toolchain.ts";

/** What is to be built, before anything of it is. */
export interface CargoSource {
  readonly tools: CargoTools;
  readonly programs: CargoPrograms;
  readonly lock: CargoLock;
  readonly settings: CargoSettings;
  readonly toolchain: Toolchain;
  readonly rust: RustRelease;
}

/** Looks at a folder: which programs they are, of which packages, and by which compiler. Nothing is compiled. */
export async function findCargoSource(
  parts: CargoParts,
  build: CargoBuild,
): Promise<Result<CargoSource, ImageFault>> {
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
  const lock = await findLock(tools, build, programs.value);
  if (!lock.ok) return lock;
  const settings = await cargoSettings(tools);
  if (!settings.ok) return settings;
  const hidden = settings.value.flagOrigins;
  if (hidden.length > 0) return err(hiddenFlags(hidden));
  const toolchain = await findToolchain(tools);
  if (!toolchain.ok) return toolchain;
  const rust = parseRustRelease(toolchain.value.version);
  if (rust === undefined) {
    return err(imageFault(`Cannot build: "${tools.compiler}" does not say which version it is`));
  }
  return ok({
    tools,
    programs: programs.value,
    lock: lock.value,
    settings: settings.value,
    toolchain: toolchain.value,
    rust,
  });
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
  const chosen = choosePrograms(parseJson(metadata.value.stdout), manifest, build);
  return chosen.ok ? chosen : err(imageFault(`${action}: ${chosen.error}`));
}

/**
 * Without a lock file the same source gives another program tomorrow. A workspace has it above its packages. One that may lack
 * or be behind is written before anything is built, so that what is audited is what is built.
 */
async function findLock(
  { cargo }: CargoTools,
  { cargoArgs, lockFile, path }: CargoBuild,
  { workspaceRoot }: CargoPrograms,
): Promise<Result<CargoLock, ImageFault>> {
  if (lockFile === "optional" && !lockedArg(cargoArgs)) {
    const manifest = join(workspaceRoot, "Cargo.toml");
    const args = ["update", "--workspace", "--quiet", "--manifest-path", manifest, ...networkArgs(cargoArgs)];
    const ran = await cargo(args);
    if (!ran.ok) return ran;
    if (!ran.value.success) {
      return err(imageFault(`Cannot build "${path}": cargo cannot write ${CARGO_LOCK}; it said why above`));
    }
  }
  const lock = await readCargoLock(workspaceRoot, path);
  if (!lock.ok) return lock;
  return lock.value !== undefined ? ok(lock.value) : err(imageFault(
    `Cannot build "${path}": it has no ${CARGO_LOCK}, so another day would give another program`,
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
