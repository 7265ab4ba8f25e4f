import { err, type Result } from "../../engine/result.ts";
import type { CargoBuild } from "../image_tools.ts";
import { makeBuildFolder } from "./build_folder.ts";
import { type CargoBuilt, cargoPlatforms } from "./cargo_platforms.ts";
import type { CargoSource } from "./cargo_source.ts";
import type { CargoParts } from "./cargo_tools.ts";
import type { ImageFault } from "./image_fault.ts";

/**
 * Builds programs for each platform and hands them to `use`, in a folder of their own that is gone when it resolves, however
 * it ends, unless it is to be kept. Nobody else writes to it, and no two builds share one.
 */
export async function withCargoPrograms<T, Fault>(
  parts: CargoParts,
  { build, source }: { readonly build: CargoBuild; readonly source: CargoSource },
  use: (built: CargoBuilt) => Promise<Result<T, Fault>>,
): Promise<Result<T, Fault | ImageFault>> {
  const own = await makeBuildFolder(parts.random, parts.buildFolder, parts.firstSlot);
  if (!own.ok) return own;
  await using folder = own.value;
  const kept = build.folders === "kept" ? [`The folder of the build is kept: ${folder.keep()}`] : [];
  const built = await cargoPlatforms({ ...source, parts, build, folder });
  if (parts.signal.aborted) folder.abandon();
  return built.ok
    ? await use({ ...built.value, notes: [...built.value.notes, ...kept] })
    : kept.length === 0
    ? built
    : err({ ...built.error, details: [...built.error.details ?? [], ...kept] });
}
