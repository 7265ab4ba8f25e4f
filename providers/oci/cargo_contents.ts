import { dirname, resolve } from "node:path";
import { parseJson } from "../../engine/json.ts";
import { ok, type Result } from "../../engine/result.ts";
import { featureArgs, networkArgs } from "../../image/cargo_args.ts";
import type { CrateList } from "../../image/crate_list.ts";
import { cratesOfLock } from "../../image/crates_of_lock.ts";
import { cratesOfMetadata, type LicenceFile } from "../../image/crates_of_metadata.ts";
import type { CargoBuild } from "../image_tools.ts";
import type { CargoProgramBuilt } from "./cargo_platforms.ts";
import type { CargoSource } from "./cargo_source.ts";
import { isAbsent } from "./file_answer.ts";
import type { ImageFault } from "./image_fault.ts";
import { sha256 } from "./sha256.ts";

const LICENCE_LIMIT_BYTES = 1024 * 1024;

/**
 * The crates of a program that was built: as cargo tells them, without the network first, since what it compiled is there. Where
 * it cannot tell, what the lock file names, which says of itself that it is not exact.
 */
export async function cargoContents(
  { build, source }: { readonly build: CargoBuild; readonly source: CargoSource },
  { compiled, target }: Pick<CargoProgramBuilt, "compiled" | "target">,
): Promise<Result<CrateList, ImageFault>> {
  const { lock, programs, tools } = source;
  const args = metadataArgs(build, source, target);
  const isOffline = networkArgs(build.cargoArgs).length > 0;
  for (const network of isOffline ? [["--offline"]] : [["--offline"], []]) {
    const ran = await tools.ask("cargo", [...args, ...network]);
    if (!ran.ok) return ran;
    const answers = { metadata: parseJson(ran.value.stdout), packageId: programs.packageId };
    const found = cratesOfMetadata({ ...answers, compiled, locked: lock.packages });
    if (!ran.value.success || !found.ok) continue;
    return ok(await withLicenceFiles(found.value.list, found.value.licenceFiles));
  }
  return ok(cratesOfLock(lock.packages));
}

function metadataArgs(
  { cargoArgs, defaultFeatures, features }: CargoBuild,
  { programs, rust }: CargoSource,
  target: string,
): readonly string[] {
  const hosts = rust.host === undefined || rust.host === target ? [] : ["--filter-platform", rust.host];
  return [
    "metadata",
    "--format-version",
    "1",
    "--locked",
    "--manifest-path",
    programs.manifestPath,
    "--filter-platform",
    target,
    ...hosts,
    ...(features.length === 0 ? [] : ["--features", features.join(",")]),
    ...(defaultFeatures === "used" ? [] : ["--no-default-features"]),
    ...featureArgs(cargoArgs),
  ];
}

async function withLicenceFiles(list: CrateList, files: readonly LicenceFile[]): Promise<CrateList> {
  const read = new Map<number, string | undefined>();
  for (const { crate, manifestPath, name } of files) {
    read.set(crate, await digestOfText(resolve(dirname(manifestPath), name)));
  }
  const crates = list.crates.map((crate, index) =>
    crate.licence.kind === "file"
      ? { ...crate, licence: { ...crate.licence, sha256: read.get(index) } }
      : crate
  );
  return { ...list, crates };
}

/** What may not be read, or is not there, stays unread, and the bill of materials says so. */
async function digestOfText(path: string): Promise<string | undefined> {
  try {
    const { isFile, size } = await Deno.stat(path);
    return isFile && size <= LICENCE_LIMIT_BYTES ? sha256(await Deno.readFile(path)) : undefined;
  } catch (error) {
    if (isAbsent(error) || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
