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
import type { CrateList } from "../../image/crate_list.ts";
import type { BomProgram } from "../../image/image_bom.ts";
import type { BomFacts, CargoBuild, ImageBuild, ImageProgram } from "../image_tools.ts";
import { audit, auditSubject, refusal } from "./audit_gate.ts";
import { findLayerExcess, type LayerExcess } from "./base_layers.ts";
import { withCargoPrograms } from "./cargo_builder.ts";
import { bomProgram, type ContentsTeller } from "./bom_program.ts";
import { cargoContents } from "./cargo_contents.ts";
import { type ImageDocument, imageDocuments } from "./image_documents.ts";
import { type CargoSource, findCargoSource } from "./cargo_source.ts";
import type { CargoParts } from "./cargo_tool.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { findLayoutImage, type LayoutImage, readLayoutBase } from "./layout_base.ts";
import { openLayout } from "./layout_folder.ts";
import { type Program, readProgram } from "./read_program.ts";
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

/** Where the programs of an image lie. */
export const PROGRAM_FOLDER = "app";
const PROGRAM_MODE = 0o755;

/** An image that was built. */
export interface BuiltWithAudit extends WrittenImage {
  /** What the audit of its program said; `undefined` where there was none. */
  readonly audit: AuditReport | undefined;
}

/** An image that was written, and the documents about it. */
interface WrittenImage {
  readonly image: BuiltIndex;
  readonly boms: readonly BomFacts[];
}

/** A program, and who says what it is made of. */
interface ToldProgram extends ImageProgram {
  readonly teller: ContentsTeller;
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
  const programs = tellersOf(source.programs, bom.told);
  if (!programs.ok) return programs;
  const built = await buildOf(random, request, programs.value);
  return built.ok ? ok({ ...built.value, audit: undefined }) : built;
}

async function buildFromSource(
  random: Random,
  request: BuildRequest,
  build: CargoBuild,
): Promise<Result<BuiltWithAudit, ImageFault | RegistryFault>> {
  const { audit: asked, bom, cargo, clock, folder } = request;
  const source = await findCargoSource(cargo, build);
  if (!source.ok) return source;
  const subject = auditSubject(source.value, build.platforms);
  const report = await audit({ clock, folder }, asked, subject);
  if (!report.ok) return report;
  if (report.value.outcome === "refused") return err(refusal(`Cannot build "${build.path}"`, report.value));
  const parts = { build, source: source.value };
  const built = await withCargoPrograms(cargo, parts, async (programs) => {
    const told: ToldProgram[] = [];
    for (const program of programs) {
      const crates = bom.formats.length === 0 ? ok(undefined) : await cargoContents(cargo, parts, program);
      if (!crates.ok) return crates;
      told.push({ ...program, teller: cargoTeller(parts, crates.value) });
    }
    return await buildOf(random, request, told);
  });
  return built.ok ? ok({ ...built.value, audit: report.value }) : built;
}

function cargoTeller(
  { build, source }: { readonly build: CargoBuild; readonly source: CargoSource },
  crates: CrateList | undefined,
): ContentsTeller {
  return crates === undefined
    ? { kind: "program" }
    : { kind: "cargo", crates, rust: source.rust, link: build.link };
}

/** What somebody says of a program that there is not is said of the wrong one. */
function tellersOf(
  programs: readonly ImageProgram[],
  told: readonly ImageProgram[],
): Result<readonly ToldProgram[], ImageFault> {
  const lost = told.find(({ platform }) => !programs.some((each) => each.platform === platform));
  if (lost !== undefined) {
    const has = programs.map(({ platform }) => platform).join(", ");
    return err(
      imageFault(
        `Cannot use "${lost.path}": it is about ${lost.platform}, and there are programs for ${has}`,
      ),
    );
  }
  return ok(programs.map((program) => {
    const file = told.find(({ platform }) => platform === program.platform);
    return {
      ...program,
      teller: file === undefined ? { kind: "program" } : { kind: "file", path: file.path },
    };
  }));
}

async function buildOf(
  random: Random,
  request: BuildRequest,
  from: readonly ToldProgram[],
): Promise<Result<WrittenImage, ImageFault | RegistryFault>> {
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
  const tellers = from.map(({ teller }) => teller);
  const parts = { index, assets: assets.value, base: below.value, programs: programs.value, tellers };
  const documents = await documentsOf(request, parts);
  if (!documents.ok) return documents;
  const whole = { index, from: below.value?.layout, documents: documents.value };
  const boms = await writeImage(random, request, whole);
  return boms.ok ? ok({ image: index, boms: boms.value }) : boms;
}

async function documentsOf(
  { base: asked, bom, epoch, folder, name, toolVersion }: BuildRequest,
  { assets, base, index, programs, tellers }: {
    readonly index: BuiltIndex;
    readonly assets: readonly TarFile[];
    readonly base: LayoutImage | undefined;
    readonly programs: readonly Program[];
    /** In the order of the programs. */
    readonly tellers: readonly ContentsTeller[];
  },
): Promise<Result<readonly ImageDocument[], ImageFault>> {
  if (bom.formats.length === 0) return ok([]);
  const known = new Map<string, BomProgram>();
  for (const [at, program] of programs.entries()) {
    const teller = tellers[at] ?? { kind: "program" };
    const facts = await bomProgram(folder, { path: `/${PROGRAM_FOLDER}/${name}`, program }, teller);
    if (!facts.ok) return facts;
    known.set(platformText(program.platform), facts.value);
  }
  const files = assets.map(({ bytes, path }) => ({ path: `/${path}`, sha256: sha256(bytes) }));
  const below = base === undefined || asked === undefined
    ? undefined
    : { name: base.name, digest: base.descriptor.digest, from: asked.kind };
  const parts = { name, index, programs: known, files, base: below, epoch, toolVersion };
  return ok(imageDocuments(parts, bom.formats));
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
