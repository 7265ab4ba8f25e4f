import { resolve } from "node:path";
import type { Clock } from "../../engine/clock.ts";
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
import { platformText } from "../../image/platform.ts";
import { scratchFiles } from "../../image/scratch_files.ts";
import type { TarFile } from "../../image/tar.ts";
import type { AuditReport } from "../../image/audit_packages.ts";
import type { CargoBuild, ImageBuild, ImageProgram } from "../image_tools.ts";
import { audit, auditSubject, refusal } from "./audit_gate.ts";
import { findLayerExcess, type LayerExcess } from "./base_layers.ts";
import { withCargoPrograms } from "./cargo_builder.ts";
import { findCargoSource } from "./cargo_source.ts";
import type { CargoParts } from "./cargo_tool.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { findLayoutImage, type LayoutImage, readLayoutBase } from "./layout_base.ts";
import { type LayoutFolder, openLayout, streamLayoutBlob } from "./layout_folder.ts";
import { finishLayout, makeLayout, putBlob, putBlobBy } from "./layout_writer.ts";
import { type Program, readProgram } from "./read_program.ts";
import { readFiles } from "./read_files.ts";
import { type BaseParts, registryBase } from "./registry_base.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { sha256 } from "./sha256.ts";
import { writeAll } from "./write_all.ts";

/** What to build, the working folder, absolute, and how bases and programs are had. */
export interface BuildRequest extends ImageBuild {
  readonly clock: Clock;
  readonly folder: string;
  readonly bases: BaseParts;
  readonly cargo: CargoParts;
}

/** Where the programs of an image lie. */
export const PROGRAM_FOLDER = "app";
const PROGRAM_MODE = 0o755;

/** An image that was built, and what the audit of its program said. */
export interface BuiltWithAudit {
  readonly image: BuiltIndex;
  readonly audit: AuditReport | undefined;
}

/**
 * Builds an image and writes it into a layout. Nothing is built before the audit passed, nothing is written before everything
 * was checked, and the layout names the image only once all of it is durable.
 */
export async function buildImage(
  random: Random,
  request: BuildRequest,
): Promise<Result<BuiltWithAudit, ImageFault | RegistryFault>> {
  const { source } = request;
  const use = (programs: readonly ImageProgram[]) => buildOf(random, request, programs);
  if (source.kind === "cargo") return await buildFromSource(request, source, use);
  const image = await use(source.programs);
  return image.ok ? ok({ image: image.value, audit: undefined }) : image;
}

async function buildFromSource(
  { audit: asked, cargo, clock, folder }: BuildRequest,
  build: CargoBuild,
  use: (programs: readonly ImageProgram[]) => ReturnType<typeof buildOf>,
): Promise<Result<BuiltWithAudit, ImageFault | RegistryFault>> {
  const source = await findCargoSource(cargo, build);
  if (!source.ok) return source;
  const subject = auditSubject(source.value, build.platforms);
  const report = await audit({ clock, folder }, asked, subject);
  if (!report.ok) return report;
  if (report.value.outcome === "refused") return err(refusal(`Cannot build "${build.path}"`, report.value));
  const image = await withCargoPrograms(cargo, { build, source: source.value }, use);
  return image.ok ? ok({ image: image.value, audit: report.value }) : image;
}

async function buildOf(
  random: Random,
  request: BuildRequest,
  from: readonly ImageProgram[],
): Promise<Result<BuiltIndex, ImageFault | RegistryFault>> {
  const programs = await readPrograms(request, from);
  if (!programs.ok) return programs;
  const assets = await readAssets(request);
  if (!assets.ok) return assets;
  const below = await openBase(request, from.map(({ platform }) => platform));
  if (!below.ok) return below;
  const images: BuiltImage[] = [];
  for (const program of programs.value) {
    const base = below.value === undefined ? ok(undefined) : await checkedBase(below.value, program, request);
    if (!base.ok) return base;
    const image = assembled(request, { program, assets: assets.value, base: base.value });
    if (!image.ok) return err(imageFault(`Cannot build the image: ${image.error}`));
    images.push(image.value);
  }
  const index = assembleIndex(sha256, images, request.annotations);
  const written = await writeImage(random, request, { index, from: below.value?.layout });
  return written.ok ? ok(index) : written;
}

function assembled(
  { annotations, epoch, name, settings }: BuildRequest,
  { assets, base, program }: {
    readonly program: Program;
    readonly assets: readonly TarFile[];
    readonly base: Base | undefined;
  },
): Result<BuiltImage, string> {
  const path = `${PROGRAM_FOLDER}/${name}`;
  return assembleImage(sha256, {
    platform: program.platform,
    base,
    assets,
    binaries: [{ path, mode: PROGRAM_MODE, bytes: program.bytes }],
    settings: { ...settings, entrypoint: [`/${path}`] },
    annotations,
    name,
    epoch,
  });
}

async function readPrograms(
  { folder, linkages }: BuildRequest,
  programs: readonly ImageProgram[],
): Promise<Result<readonly Program[], ImageFault>> {
  const read: Program[] = [];
  for (const each of programs) {
    const program = await readProgram(folder, each, linkages);
    if (!program.ok) return program;
    const text = platformText(program.value.platform);
    const other = read.find(({ platform }) => platformText(platform) === text);
    if (other !== undefined) {
      return err(imageFault(`Cannot take both "${other.path}" and "${each.path}" for ${text}`));
    }
    read.push(program.value);
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
  { platform }: Program,
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
  { folder, layout: shown, tags }: BuildRequest,
  { index, from }: { readonly index: BuiltIndex; readonly from: LayoutFolder | undefined },
): Promise<Result<void, ImageFault>> {
  const layout = await makeLayout(resolve(folder, shown), shown);
  if (!layout.ok) return layout;
  for (const layer of from === undefined ? [] : baseLayersOf(index)) {
    const copied = await copyBlob(random, from, layout.value, layer);
    if (!copied.ok) return copied;
  }
  for (const blob of ownBlobs(index)) {
    const put = await putBlob(random, layout.value, blob);
    if (!put.ok) return put;
  }
  const named = layoutIndex(sha256, { index: index.index, tags, before: layout.value.entries });
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
