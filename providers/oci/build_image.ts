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
import { platformText } from "../../image/platform.ts";
import { scratchFiles } from "../../image/scratch_files.ts";
import type { TarFile } from "../../image/tar.ts";
import type { AuditReport } from "../../image/audit_packages.ts";
import type { BomFacts, CargoBuild, ImageBuild } from "../image_tools.ts";
import { audit, auditSubject, refusal } from "./audit_gate.ts";
import { findLayerExcess, type LayerExcess } from "./base_layers.ts";
import { withCargoPrograms } from "./cargo_builder.ts";
import { type ImageDocument, imageDocuments } from "./image_documents.ts";
import { findCargoSource } from "./cargo_source.ts";
import type { CargoParts } from "./cargo_tool.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import {
  auditPrograms,
  cargoPrograms,
  type KnownProgram,
  PROGRAM_FOLDER,
  readPrograms,
  toldPrograms,
} from "./known_programs.ts";
import { findLayoutImage, type LayoutImage, readLayoutBase } from "./layout_base.ts";
import { openLayout } from "./layout_folder.ts";
import type { Program } from "./read_program.ts";
import { readFiles } from "./read_files.ts";
import { type BaseParts, registryBase } from "./registry_base.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { sha256 } from "./sha256.ts";
import { writeImage } from "./write_image.ts";

/** What to build, the working folder, absolute, and how bases and programs are had. */
export interface BuildRequest extends ImageBuild {
  readonly clock: Clock;
  /** Of smelt, which documents name as their writer. */
  readonly toolVersion: string;
  readonly folder: string;
  readonly bases: BaseParts;
  readonly cargo: CargoParts;
}

const PROGRAM_MODE = 0o755;

/** An image that was built. */
export interface BuiltWithAudit {
  readonly image: BuiltIndex;
  readonly boms: readonly BomFacts[];
  /** What the audit of its programs said; `undefined` where nothing is known of what they are made of. */
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
  const { bom, source } = request;
  if (source.kind === "cargo") return await buildFromSource(random, request, source);
  const told = toldPrograms(source.programs, bom.told);
  if (!told.ok) return told;
  const programs = await readPrograms(request, told.value);
  if (!programs.ok) return programs;
  const report = await auditPrograms(request, programs.value);
  if (!report.ok) return report;
  return await buildOf(random, request, { programs: programs.value, report: report.value });
}

async function buildFromSource(
  random: Random,
  request: BuildRequest,
  build: CargoBuild,
): Promise<Result<BuiltWithAudit, ImageFault | RegistryFault>> {
  const { audit: asked, cargo, clock, folder } = request;
  const source = await findCargoSource(cargo, build);
  if (!source.ok) return source;
  const report = await audit({ clock, folder }, asked, auditSubject(source.value, build.platforms));
  if (!report.ok) return report;
  if (report.value.outcome === "refused") return err(refusal(`Cannot build "${build.path}"`, report.value));
  const parts = { build, source: source.value };
  return await withCargoPrograms(cargo, parts, async (built) => {
    const told = await cargoPrograms(request, parts, built);
    const programs = told.ok ? await readPrograms(request, told.value) : told;
    return programs.ok
      ? await buildOf(random, request, { programs: programs.value, report: report.value })
      : programs;
  });
}

async function buildOf(
  random: Random,
  request: BuildRequest,
  { programs, report }: {
    readonly programs: readonly KnownProgram[];
    readonly report: AuditReport | undefined;
  },
): Promise<Result<BuiltWithAudit, ImageFault | RegistryFault>> {
  const assets = await readAssets(request);
  if (!assets.ok) return assets;
  const below = await openBase(request, programs.map(({ platform }) => platformText(platform)));
  if (!below.ok) return below;
  const images: BuiltImage[] = [];
  for (const program of programs) {
    const base = below.value === undefined ? ok(undefined) : await checkedBase(below.value, program, request);
    if (!base.ok) return base;
    const image = assembled(request, { program, assets: assets.value, base: base.value });
    if (!image.ok) return err(imageFault(`Cannot build the image: ${image.error}`));
    images.push(image.value);
  }
  const index = assembleIndex(sha256, images, request.annotations);
  const documents = documentsOf(request, { index, assets: assets.value, base: below.value, programs });
  const boms = await writeImage(random, request, { index, from: below.value?.layout, documents });
  return boms.ok ? ok({ image: index, boms: boms.value, audit: report }) : boms;
}

function documentsOf(
  { base: asked, bom, epoch, name, toolVersion }: BuildRequest,
  { assets, base, index, programs }: {
    readonly index: BuiltIndex;
    readonly assets: readonly TarFile[];
    readonly base: LayoutImage | undefined;
    readonly programs: readonly KnownProgram[];
  },
): readonly ImageDocument[] {
  const known = new Map(
    programs.flatMap(({ facts, platform }) => facts === undefined ? [] : [[platformText(platform), facts]]),
  );
  const files = assets.map(({ bytes, path }) => ({ path: `/${path}`, sha256: sha256(bytes) }));
  const below = base === undefined || asked === undefined
    ? undefined
    : { name: base.name, digest: base.descriptor.digest, from: asked.kind };
  return imageDocuments(
    { name, index, programs: known, files, base: below, epoch, toolVersion },
    bom.formats,
  );
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
