import { resolve } from "node:path";
import type { Json, JsonObject } from "../../engine/json.ts";
import type { Base } from "../../image/assemble_image.ts";
import type { AuditReport } from "../../image/audit_packages.ts";
import { hexOf, parseDigest } from "../../image/digest.ts";
import { DEFLATER } from "../../image/gzip.ts";
import { platformText } from "../../image/platform.ts";
import { BUILD_TYPES, type BuildFacts, LOCAL_BUILDER, type Material } from "../../image/provenance.ts";
import type { TarFile } from "../../image/tar.ts";
import type { ImageBuild } from "../image_tools.ts";
import type { ImageAttest } from "../image_trust.ts";
import type { AttachedDocument } from "./attach_image.ts";
import type { Program } from "./read_program.ts";
import { sha256 } from "./sha256.ts";
import { cargoLockDigest, type SourceFacts, sourceFacts } from "./source_facts.ts";

/** What a build is told of when it is over. */
export interface FinishedBuild {
  readonly request: ImageBuild & { readonly folder: string };
  readonly attest: Pick<ImageAttest, "builderId" | "version">;
  readonly programs: readonly Program[];
  /** Beside the programs. */
  readonly assets: readonly TarFile[];
  readonly base: Base | undefined;
  /** What the audit of its programs said; `undefined` where nothing is known of what they are made of. */
  readonly report: AuditReport | undefined;
  /** What is attached to it beside this. */
  readonly documents: readonly AttachedDocument[];
  /** Where programs are found, for git. */
  readonly path: string | undefined;
  readonly startedMs: number;
  readonly finishedMs: number;
}

/**
 * What an image was built of. It is of bounded size, since a key service signs a few kilobytes at most: what is many has one
 * digest together.
 */
export async function buildFacts(build: FinishedBuild): Promise<BuildFacts> {
  const { attest, finishedMs, programs, request, startedMs } = build;
  const { source } = request;
  const folder = resolve(request.folder, source.kind === "cargo" ? source.path : ".");
  const from = await sourceFacts(folder, build.path);
  return {
    buildType: BUILD_TYPES[source.kind],
    externalParameters: externalParameters(request, from),
    internalParameters: {
      deflater: DEFLATER,
      linkage: Object.fromEntries(programs.map(({ linkage, platform }) => [platformText(platform), linkage])),
    },
    materials: [
      ...sourceMaterial(from),
      ...await programMaterials(build, folder),
      ...otherMaterials(build),
      ...advisories(build),
    ],
    byproducts: [...programsMade(build), ...documentsMade(build)],
    builderId: attest.builderId ?? LOCAL_BUILDER,
    version: { smelt: attest.version },
    startedOn: instant(startedMs),
    finishedOn: instant(finishedMs),
  };
}

function externalParameters(request: ImageBuild, { commit, ref, uri }: SourceFacts): JsonObject {
  const { annotations, base, epoch, files, name, settings, source } = request;
  const { args, env, labels, ports, stopSignal, user, workdir } = settings;
  return {
    source: told({ ...sourceJson(request), uri, ref, commit }),
    platforms: source.kind === "cargo"
      ? [...source.platforms]
      : source.programs.map(({ platform }) => platform),
    ...(base === undefined
      ? {}
      : { base: base.kind === "registry" ? base.reference : `oci-layout:${placeText(base)}` }),
    ...(files.length === 0 ? {} : { files: files.map((each) => ({ ...each })) }),
    image: told({ name, args, env, labels, annotations, user, workdir, ports, stopSignal, epoch }),
  };
}

function sourceJson({ source }: ImageBuild): Readonly<Record<string, Json | undefined>> {
  if (source.kind === "prebuilt") {
    return { programs: Object.fromEntries(source.programs.map(({ path, platform }) => [platform, path])) };
  }
  const {
    bins,
    cargoArgs,
    defaultFeatures,
    env,
    examples,
    features,
    link,
    linker,
    path,
    profile,
    rustflags,
  } = source;
  const lists = {
    bins: [...bins],
    examples: [...examples],
    features: [...features],
    rustflags: [...rustflags],
    cargoArgs: [...cargoArgs],
    // Values may be nobody's business; that they were there is.
    env: env.map(({ name }) => name),
  };
  return { path, package: source.package, profile, link, linker, defaultFeatures, ...lists };
}

/** What was not said is not told. */
function told(facts: Readonly<Record<string, Json | undefined>>): JsonObject {
  const said = Object.entries(facts).flatMap(([key, value]) =>
    value === undefined || isEmpty(value) ? [] : [[key, value] as const]
  );
  return Object.fromEntries(said);
}

function isEmpty(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function sourceMaterial({ commit, ref, uri, workingTree }: SourceFacts): readonly Material[] {
  if (commit === undefined) return [];
  return [{
    name: "source",
    ...(uri === undefined ? {} : { uri: ref === undefined ? uri : `${uri}@${ref}` }),
    digest: { gitCommit: commit },
    annotations: { workingTree },
  }];
}

async function programMaterials(
  { programs, request: { source } }: FinishedBuild,
  folder: string,
): Promise<readonly Material[]> {
  if (source.kind === "prebuilt") {
    return programs.map(({ bytes, path, platform }) => ({
      name: path,
      digest: { sha256: sha256(bytes) },
      annotations: { platform: platformText(platform) },
    }));
  }
  const lock = await cargoLockDigest(folder);
  return lock === undefined ? [] : [{ name: "Cargo.lock", digest: { sha256: lock } }];
}

/** Programs that the build made; those that were there are what it was made of. */
function programsMade({ programs, request: { name, source } }: FinishedBuild): readonly Material[] {
  if (source.kind === "prebuilt") return [];
  return programs.map(({ bytes, platform }) => ({
    name,
    digest: { sha256: sha256(bytes) },
    annotations: { platform: platformText(platform) },
  }));
}

/** So what is attached without a signature of its own is vouched for as well. */
function documentsMade({ documents }: FinishedBuild): readonly Material[] {
  return documents.map(({ bytes, mediaType, predicateType, subject }) => ({
    ...(predicateType === undefined ? {} : { name: predicateType }),
    ...(mediaType === undefined ? {} : { mediaType }),
    digest: { sha256: sha256(bytes) },
    annotations: { subject: subject.digest },
  }));
}

function otherMaterials({ assets, base }: FinishedBuild): readonly Material[] {
  // As sha256sum prints it.
  const listing = assets.map(({ bytes, path }) => `${sha256(bytes)}  ${path}\n`).join("");
  const files: readonly Material[] = listing === "" ? [] : [{
    name: "files",
    digest: { sha256: sha256(new TextEncoder().encode(listing)) },
    annotations: { count: assets.length },
  }];
  return base === undefined
    ? files
    : [...files, { name: "base", uri: base.name, digest: { sha256: hexOf(base.digest) } }];
}

/** What its programs were held against before, so that an auditor can do it again. */
function advisories({ report }: FinishedBuild): readonly Material[] {
  const { database, policy } = report ?? {};
  const digest = database === undefined ? undefined : parseDigest(database.digest);
  if (database === undefined || policy === undefined || digest === undefined) return [];
  const { advisoryCount: count, date = null } = database;
  return [{ name: "advisories", digest: { sha256: hexOf(digest) }, annotations: { count, date, policy } }];
}

function placeText({ layout, tag }: { readonly layout: string; readonly tag: string | undefined }): string {
  return tag === undefined ? layout : `${layout}:${tag}`;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
