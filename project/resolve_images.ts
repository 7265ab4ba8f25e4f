import { relative, resolve } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import type {
  ManifestFault,
  ManifestReference,
  Manifests,
  ManifestText,
} from "../providers/image_manifests.ts";
import type { ImagePublish } from "../providers/image_tools.ts";
import type { ProjectFailure } from "./failure.ts";
import { type AttestTexts, imageAttest, vouchedBuild } from "./image_attest.ts";
import { type ManifestFile, readManifestFiles } from "./manifest_files.ts";
import { type ImageOptions, type ImageRefusal, prepareImage } from "./prepare_image.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { imageFailure } from "./work_on_images.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

/** Files of YAML whose images are to be built. */
export interface ResolveRequest {
  /** Files and folders; `-` is standard input. */
  readonly names: readonly string[];
  readonly below: "folder" | "tree";
  /** Which documents are taken, as kubectl says it; `undefined`: all. */
  readonly selector: string | undefined;
  /** Where paths of references begin. */
  readonly relativeTo: "cwd" | "file";
  readonly options: ImageOptions;
  readonly attest: AttestTexts;
  readInput(limitBytes: number): Promise<Uint8Array>;
}

/** Files whose images are built. */
export interface ResolvedManifests {
  /** All files as one stream of YAML. */
  readonly text: string;
  /** What each image became, in the order in which they were built. */
  readonly images: readonly { readonly written: string; readonly reference: string }[];
}

/**
 * Builds and sends every image that files of YAML refer to, each once, and gives the files with the images' digests in place.
 *   V1. Nothing is built before all files were read and all references are known.
 *   V2. Nothing is given before all images are where the files say.
 */
export async function resolveImages(
  ports: ProjectPorts,
  request: ResolveRequest,
  signal: AbortSignal,
): Promise<Result<ResolvedManifests, ImageRefusal>> {
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const { workingFolder } = ports;
  const files = await readManifestFiles({ ...request, workingFolder });
  if (!files.ok) return files;
  const tools = await ports.images();
  const manifests = tools.readManifests(files.value, request.selector);
  if (!manifests.ok) return err(faulty(manifests.error));
  const wanted = wantedImages(ports, request, manifests.value);
  const prepared = await prepareAll(ports, workspace.value, request, wanted);
  if (!prepared.ok) return prepared;
  const published = await tools.publish(prepared.value, signal);
  if (!published.ok) {
    const [first] = wanted[published.error.index]?.references ?? [];
    const failure = imageFailure(published.error);
    const place = first === undefined ? [] : [`for ${first.text}, at ${placeText(first)}`];
    return err({ ...failure, details: [...failure.details ?? [], ...place] });
  }
  const images = new Map<ManifestReference, string>();
  published.value.forEach(({ facts, pushed }, index) => {
    for (const each of wanted[index]?.references ?? []) images.set(each, pushed?.reference ?? facts.digest);
  });
  return ok({
    text: manifests.value.withImages((reference) => images.get(reference) ?? ""),
    images: wanted.map(({ references: [first] }) => ({
      written: first?.text ?? "",
      reference: first === undefined ? "" : images.get(first) ?? "",
    })),
  });
}

/** An image, and all that want it. */
interface WantedImage {
  /** Relative to the working folder. */
  readonly path: string;
  readonly bin: string | undefined;
  readonly references: readonly ManifestReference[];
}

function wantedImages(
  { workingFolder }: ProjectPorts,
  { relativeTo }: ResolveRequest,
  { references }: Manifests,
): readonly WantedImage[] {
  const wanted = new Map<string, WantedImage>();
  for (const reference of references) {
    const start = relativeTo === "file" ? folderOf(reference.file) ?? workingFolder : workingFolder;
    const path = relative(workingFolder, resolve(start, reference.path)) || ".";
    const key = `${path}\0${reference.bin ?? ""}`;
    const before = wanted.get(key)?.references ?? [];
    wanted.set(key, { path, bin: reference.bin, references: [...before, reference] });
  }
  return [...wanted.values()];
}

function folderOf(file: ManifestText & Partial<ManifestFile>): string | undefined {
  return file.folder;
}

async function prepareAll(
  ports: ProjectPorts,
  workspace: Workspace,
  { attest, options }: ResolveRequest,
  wanted: readonly WantedImage[],
): Promise<Result<readonly ImagePublish[], ImageRefusal>> {
  const voucher = await imageAttest(ports, attest);
  if (!voucher.ok) return voucher;
  const requests: ImagePublish[] = [];
  const unknown: string[] = [];
  let hint: string | undefined;
  for (const { bin, path, references } of wanted) {
    const prepared = await prepareImage(
      ports,
      workspace,
      bin === undefined ? options : ofProgram(options, bin),
      { path },
    );
    if (prepared.ok && prepared.value.repository === undefined) return err(NO_REPOSITORY);
    if (prepared.ok) {
      const build = vouchedBuild(prepared.value, voucher.value);
      requests.push({ build, layout: undefined, to: prepared.value.repository });
      continue;
    }
    if (prepared.error.kind === "Usage") return prepared;
    hint ??= prepared.error.hint;
    unknown.push(...references.map((each) => `${placeText(each)}: ${prepared.error.message}`));
  }
  if (unknown.length === 0) {
    const twins = sameTags(wanted, requests);
    return twins === undefined ? ok(requests) : err(twins);
  }
  return err({
    kind: "NotFound",
    message: `Cannot resolve ${
      unknown.length === 1 ? "an image" : `${unknown.length} images`
    }: nothing was built`,
    details: unknown,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Two images of one name would take each other's tags; without tags each has its digest. */
function sameTags(
  wanted: readonly WantedImage[],
  requests: readonly ImagePublish[],
): ProjectFailure | undefined {
  for (const [index, { build, to }] of requests.entries()) {
    const first = requests.findIndex((each) => each.to === to);
    if (first === index || build.tags.length === 0) continue;
    const places = [first, index].flatMap((at) => wanted[at]?.references[0] ?? []);
    return {
      kind: "Config",
      message: `Cannot send two images to "${to}" as ${build.tags.join(", ")}: nothing was built`,
      details: places.map((each) => `${each.text}, at ${placeText(each)}`),
      hint: "Give their folders other names, or name no tag",
    };
  }
  return undefined;
}

const NO_REPOSITORY: ImageRefusal = {
  kind: "Usage",
  message: "Cannot send images: no repository is known",
  hint: "Name it with --repo or IMAGE_REPO, or as repo in [image] of smelt.toml",
};

function faulty(faults: readonly ManifestFault[]): ProjectFailure {
  const lines = faults.map((each) => `${placeText(each)}: ${each.message}`);
  return { kind: "Config", message: "Cannot read what images are wanted: nothing was built", details: lines };
}

function placeText({ column, file, line }: Pick<ManifestFault, "column" | "file" | "line">): string {
  return `${file.name}:${line}:${column}`;
}

/** The same, of one program of a package. */
function ofProgram(options: ImageOptions, bin: string): ImageOptions {
  return { ...options, rust: { ...options.rust, bins: [bin], examples: [] } };
}
