import { resolve } from "node:path";
import { invariant } from "../../engine/invariant.ts";
import type { Random } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import {
  assembleImage,
  assembleIndex,
  type Base,
  type BuiltImage,
  type BuiltIndex,
} from "../../image/assemble_image.ts";
import type { Descriptor } from "../../image/descriptor.ts";
import { layoutIndex, ownBlobs } from "../../image/layout.ts";
import { type Platform, platformText } from "../../image/platform.ts";
import { scratchFiles } from "../../image/scratch_files.ts";
import type { TarFile } from "../../image/tar.ts";
import type { ImageBuild } from "../image_tools.ts";
import { findLayerExcess, type LayerExcess } from "./base_layers.ts";
import { withCargoPrograms } from "./cargo_builder.ts";
import type { CargoBuilt } from "./cargo_platforms.ts";
import type { CargoParts } from "./cargo_tools.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { layoutAttachments } from "./layout_attachments.ts";
import { findLayoutImage, type LayoutImage, readLayoutBase } from "./layout_base.ts";
import { type LayoutFolder, openLayout, streamLayoutBlob } from "./layout_folder.ts";
import { finishLayout, makeLayout, putBlob, putBlobBy } from "./layout_writer.ts";
import { type Program, readProgram } from "./read_program.ts";
import { readFiles } from "./read_files.ts";
import { type BaseParts, registryBase } from "./registry_base.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { sha256 } from "./sha256.ts";
import { type VouchedBuild, vouchFor } from "./vouch_for.ts";
import { writeAll } from "./write_all.ts";

/** What to build, the working folder, absolute, and how bases and programs are had. */
export interface BuildRequest extends ImageBuild {
  readonly folder: string;
  readonly bases: BaseParts;
  readonly cargo: CargoParts;
  /** Milliseconds since 1970, for the provenance. */
  readonly nowMs: () => number;
}

/** Where the programs of an image lie. */
export const PROGRAM_FOLDER = "app";
const PROGRAM_MODE = 0o755;

/** An image that is in no layout yet, and what is to be said of how it was built. */
export interface MadeImage {
  readonly index: BuiltIndex;
  readonly notes: readonly string[];
  /** Where the layers of its base lie. */
  readonly from: LayoutFolder | undefined;
  /** What its provenance is told of. */
  readonly finished: Omit<VouchedBuild, "held" | "documents">;
}

/**
 * Builds an image and writes it into a layout. Nothing is written before everything was checked, and the layout names the image
 * only once all of it is durable.
 */
export async function buildImage(
  random: Random,
  request: BuildRequest,
): Promise<Result<MadeImage, ImageFault | RegistryFault>> {
  const made = await makeImage(request);
  if (!made.ok) return made;
  const written = await writeImage(random, request, made.value);
  return written.ok ? made : written;
}

/** Builds an image and holds it in memory. */
export async function makeImage(
  request: BuildRequest,
): Promise<Result<MadeImage, ImageFault | RegistryFault>> {
  const { cargo, name, source } = request;
  if (source.kind === "cargo") {
    return await withCargoPrograms(cargo, source, (built) => makeOf(request, named(request, built)));
  }
  const programs = source.programs.map((each) => ({ ...each, name }));
  return await makeOf(request, { programs, notes: [] });
}

/** One program is called as the image has it, several as their package has them. */
function named({ name }: BuildRequest, { notes, programs }: CargoBuilt): CargoBuilt {
  const isOne = new Set(programs.map((each) => each.name)).size === 1;
  return { notes, programs: isOne ? programs.map((each) => ({ ...each, name })) : programs };
}

async function makeOf(
  request: BuildRequest,
  { notes, programs: from }: CargoBuilt,
): Promise<Result<MadeImage, ImageFault | RegistryFault>> {
  const startedMs = request.nowMs();
  const programs = await readPrograms(request, from);
  if (!programs.ok) return programs;
  const assets = await readAssets(request);
  if (!assets.ok) return assets;
  const below = await openBase(request, [...new Set(from.map(({ platform }) => platform))]);
  if (!below.ok) return below;
  const images: BuiltImage[] = [];
  let lowest: Base | undefined;
  for (const [, group] of Map.groupBy(programs.value, ({ platform }) => platformText(platform))) {
    const [first] = group;
    invariant(first !== undefined, "A group has a member");
    const { platform } = first;
    const base = below.value === undefined
      ? ok(undefined)
      : await checkedBase(below.value, platform, request);
    if (!base.ok) return base;
    const image = assembled(request, { platform, programs: group, assets: assets.value, base: base.value });
    if (!image.ok) return err(imageFault(`Cannot build the image: ${image.error}`));
    images.push(image.value);
    lowest ??= base.value;
  }
  const index = assembleIndex(sha256, images, request.annotations);
  const path = request.cargo.readVariable("PATH");
  const finished = { path, programs: programs.value, assets: assets.value, base: lowest, startedMs };
  return ok({ index, notes, from: below.value?.layout, finished });
}

/** A program, and what it is called in the image. */
type NamedProgram = Program & { readonly name: string };

function assembled(
  { annotations, epoch, name, settings }: BuildRequest,
  { assets, base, platform, programs }: {
    readonly platform: Platform;
    readonly programs: readonly NamedProgram[];
    readonly assets: readonly TarFile[];
    readonly base: Base | undefined;
  },
): Result<BuiltImage, string> {
  return assembleImage(sha256, {
    platform,
    base,
    assets,
    binaries: programs.map((program) => ({
      path: `${PROGRAM_FOLDER}/${program.name}`,
      mode: PROGRAM_MODE,
      bytes: program.bytes,
    })),
    settings: { ...settings, entrypoint: [`/${PROGRAM_FOLDER}/${name}`] },
    annotations,
    name,
    epoch,
  });
}

async function readPrograms(
  { folder, linkages }: BuildRequest,
  programs: CargoBuilt["programs"],
): Promise<Result<readonly NamedProgram[], ImageFault>> {
  const read: NamedProgram[] = [];
  for (const each of programs) {
    const program = await readProgram(folder, each, linkages);
    if (!program.ok) return program;
    const text = platformText(program.value.platform);
    const other = read.find(({ name, platform }) => platformText(platform) === text && name === each.name);
    if (other !== undefined) {
      return err(imageFault(`Cannot take both "${other.path}" and "${each.path}" for ${text}`));
    }
    read.push({ ...program.value, name: each.name });
  }
  return ok(read);
}

async function readAssets(request: BuildRequest): ReturnType<typeof readFiles> {
  const { base, caBundle, files, folder } = request;
  const bundle = caBundle === undefined
    ? ok([])
    : await readFiles(folder, [{ from: caBundle, to: "/bundle" }]);
  if (!bundle.ok) return bundle;
  const own = await readFiles(folder, files);
  if (!own.ok || base !== undefined) return own;
  const scratch = scratchFiles(bundle.value[0]?.bytes);
  // What the user puts there counts more than what we would.
  const paths = new Set(own.value.map(({ path }) => path));
  return ok([...scratch.filter(({ path }) => !paths.has(path)), ...own.value]);
}

async function openBase(
  { base, bases, folder, lock }: BuildRequest,
  platforms: readonly string[],
): Promise<Result<LayoutImage | undefined, ImageFault | RegistryFault>> {
  if (base === undefined) return ok(undefined);
  if (base.kind === "registry") {
    return await registryBase(bases, { reference: base.reference, platforms, lock });
  }
  const layout = await openLayout(resolve(folder, base.layout), base.layout);
  return layout.ok ? await findLayoutImage(layout.value, base.tag) : layout;
}

async function checkedBase(
  image: LayoutImage,
  platform: Platform,
  { excess }: BuildRequest,
): Promise<Result<Base, ImageFault>> {
  const base = await readLayoutBase(image, platform);
  if (!base.ok || excess === "allowed") return base;
  const found = await findLayerExcess(image.layout, base.value.manifest.layers);
  if (!found.ok) return found;
  return found.value.length === 0 ? base : err(tooMuch(image, found.value));
}

const EXCESS_WORDS: Readonly<Record<LayerExcess["kind"], string>> = {
  shell: "a shell",
  packageManager: "a package manager",
  setId: "a file with the rights of another user",
};
const SHOWN_EXCESS = 8;

function tooMuch({ name }: LayoutImage, found: readonly LayerExcess[]): ImageFault {
  const rest = found.length - SHOWN_EXCESS;
  return {
    kind: "image",
    message: `IMG030: Cannot build on "${name}": it holds what whoever breaks into the program could use`,
    details: [
      ...found.slice(0, SHOWN_EXCESS).map(({ kind, layer, path }) =>
        `/${path}: ${EXCESS_WORDS[kind]}, in the layer ${layer}`
      ),
      ...(rest > 0 ? [`and ${rest} more`] : []),
    ],
    hint: "Take a base without them, such as scratch or a distroless one, or say --allow-shell",
  };
}

async function writeImage(
  random: Random,
  request: BuildRequest,
  { from, index, finished }: MadeImage,
): Promise<Result<void, ImageFault | RegistryFault>> {
  const { folder, layout: shown, tags } = request;
  const layout = await makeLayout(resolve(folder, shown), shown);
  if (!layout.ok) return layout;
  // Whatever does not sign ends the build before anything of it is written.
  const vouched = { ...finished, held: layoutAttachments(layout.value), documents: [] };
  const attachments = await vouchFor(request, index, vouched);
  if (!attachments.ok) return attachments;
  for (const layer of from === undefined ? [] : baseLayersOf(index)) {
    const copied = await copyBlob(random, from, layout.value, layer);
    if (!copied.ok) return copied;
  }
  for (const blob of [...ownBlobs(index), ...attachments.value.blobs]) {
    const put = await putBlob(random, layout.value, blob);
    if (!put.ok) return put;
  }
  const named = layoutIndex(sha256, {
    index: index.index,
    tags,
    before: layout.value.entries,
    attachments: attachments.value.entries,
  });
  return await finishLayout(random, layout.value, named);
}

function baseLayersOf({ images }: BuiltIndex): readonly Descriptor[] {
  return [
    ...new Map(images.flatMap(({ baseLayers }) => baseLayers).map((each) => [each.digest, each])).values(),
  ];
}

async function copyBlob(
  random: Random,
  from: LayoutFolder | undefined,
  to: LayoutFolder,
  layer: Descriptor,
): Promise<Result<void, ImageFault>> {
  if (from === undefined || from.folder === to.folder) return ok(undefined);
  return await putBlobBy(
    random,
    to,
    layer,
    (file) => streamLayoutBlob(from, layer, (bytes) => writeAll(file, bytes)),
  );
}
