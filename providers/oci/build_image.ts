import { invariant } from "../../engine/invariant.ts";
import type { JsonObject } from "../../engine/json.ts";
import type { Random } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import {
  assembleImage,
  assembleIndex,
  type Base,
  type BuiltImage,
  type BuiltIndex,
} from "../../image/assemble_image.ts";
import type { AuditReport } from "../../image/audit_packages.ts";
import { type Platform, platformText } from "../../image/platform.ts";
import { provenanceJson } from "../../image/provenance.ts";
import { scratchFiles } from "../../image/scratch_files.ts";
import type { TarFile } from "../../image/tar.ts";
import type { CargoBuild, ImageProgram } from "../image_tools.ts";
import { audit, auditSubject, refusal } from "./audit_gate.ts";
import { openBase, readBase } from "./build_base.ts";
import { buildFacts } from "./build_facts.ts";
import type { BuildRequest, MadeImage, WrittenImage } from "./build_request.ts";
import { withCargoPrograms } from "./cargo_builder.ts";
import { findCargoSource } from "./cargo_source.ts";
import { attachedDocuments, type ImageDocument, imageDocuments } from "./image_documents.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import {
  auditPrograms,
  cargoPrograms,
  type KnownProgram,
  PROGRAM_FOLDER,
  readPrograms,
  toldPrograms,
} from "./known_programs.ts";
import type { LayoutImage } from "./layout_base.ts";
import { readFiles } from "./read_files.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { sha256 } from "./sha256.ts";
import { writeImage } from "./write_image.ts";

const PROGRAM_MODE = 0o755;

type Built<T> = Result<T, ImageFault | RegistryFault>;

/**
 * Builds an image and writes it into a layout. Nothing is built before the audit passed, nothing is written before everything
 * was checked, and the layout names the image only once all of it is durable.
 */
export async function buildImage(random: Random, request: BuildRequest): Promise<Built<WrittenImage>> {
  const made = await makeImage(request);
  if (!made.ok) return made;
  const boms = await writeImage(random, request, made.value);
  if (!boms.ok) return boms;
  const provenance = request.provenance === undefined ? undefined : await toldProvenance(request, made.value);
  return ok({ ...made.value, boms: boms.value, provenance });
}

async function toldProvenance(
  request: BuildRequest,
  { documents, finished, index }: MadeImage,
): Promise<JsonObject> {
  const attest = { builderId: undefined, version: request.toolVersion };
  const about = attachedDocuments(documents, index);
  const finishedMs = request.clock.wallMs();
  return provenanceJson(await buildFacts({ ...finished, request, attest, documents: about, finishedMs }));
}

/** Builds an image and holds it in memory. */
export async function makeImage(request: BuildRequest): Promise<Built<MadeImage>> {
  const { source } = request;
  return source.kind === "cargo"
    ? await makeFromSource(request, source)
    : await makeOfPrograms(request, source.programs);
}

async function makeOfPrograms(
  request: BuildRequest,
  given: readonly ImageProgram[],
): Promise<Built<MadeImage>> {
  const startedMs = request.clock.wallMs();
  const told = toldPrograms(given, request);
  if (!told.ok) return told;
  const programs = await readPrograms(request, told.value);
  if (!programs.ok) return programs;
  const report = await auditPrograms(request, programs.value);
  if (!report.ok) return report;
  return await makeOf(request, { programs: programs.value, notes: [], report: report.value, startedMs });
}

async function makeFromSource(request: BuildRequest, build: CargoBuild): Promise<Built<MadeImage>> {
  const { audit: asked, cargo, clock, folder } = request;
  const startedMs = clock.wallMs();
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
      ? await makeOf(request, {
        programs: programs.value,
        notes: built.notes,
        report: report.value,
        startedMs,
      })
      : programs;
  });
}

/** Programs that were read and audited. */
interface ReadyPrograms {
  readonly programs: readonly KnownProgram[];
  readonly notes: readonly string[];
  readonly report: AuditReport | undefined;
  readonly startedMs: number;
}

async function makeOf(
  request: BuildRequest,
  { notes, programs, report, startedMs }: ReadyPrograms,
): Promise<Built<MadeImage>> {
  const assets = await readAssets(request);
  if (!assets.ok) return assets;
  const groups = Map.groupBy(programs, ({ platform }) => platformText(platform));
  const below = await openBase(request, [...groups.keys()]);
  if (!below.ok) return below;
  const images: BuiltImage[] = [];
  let lowest: Base | undefined;
  for (const [, group] of groups) {
    const [first] = group;
    invariant(first !== undefined, "A group has a member");
    const { platform } = first;
    const base = below.value === undefined ? ok(undefined) : await readBase(below.value, platform, request);
    if (!base.ok) return base;
    const image = assembled(request, { platform, programs: group, assets: assets.value, base: base.value });
    if (!image.ok) return err(imageFault(`Cannot build the image: ${image.error}`));
    images.push(image.value);
    lowest ??= base.value;
  }
  const index = assembleIndex(sha256, images, request.annotations);
  const documents = documentsOf(request, { index, assets: assets.value, base: below.value, groups });
  const path = request.cargo.readVariable("PATH");
  const finished = { path, programs, assets: assets.value, base: lowest, report, startedMs };
  return ok({ index, notes, documents, report, from: below.value?.layout, finished });
}

function documentsOf(
  { base: asked, bom, epoch, name, toolVersion }: BuildRequest,
  { assets, base, groups, index }: {
    readonly index: BuiltIndex;
    readonly assets: readonly TarFile[];
    readonly base: LayoutImage | undefined;
    readonly groups: ReadonlyMap<string, readonly KnownProgram[]>;
  },
): readonly ImageDocument[] {
  const known = [...groups].map(([text, group]) =>
    [text, group.flatMap(({ facts }) => facts ?? [])] as const
  );
  const files = assets.map(({ bytes, path }) => ({ path: `/${path}`, sha256: sha256(bytes) }));
  const below = base === undefined || asked === undefined
    ? undefined
    : { name: base.name, digest: base.descriptor.digest, from: asked.kind };
  return imageDocuments(
    { name, index, programs: new Map(known), files, base: below, epoch, toolVersion },
    bom.formats,
  );
}

function assembled(
  { annotations, epoch, name, settings }: BuildRequest,
  { assets, base, platform, programs }: {
    readonly platform: Platform;
    readonly programs: readonly KnownProgram[];
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
