import { join, resolve } from "node:path";
import type { Random } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { LAYOUT_FILE, refNameOf } from "../../image/layout.ts";
import { parseReference, type Reference } from "../../image/reference.ts";
import type { ImagePrune, PrunedImages } from "../image_tools.ts";
import { makeBuildFolder } from "./build_folder.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { openLayout } from "./layout_folder.ts";
import { type LayoutPruning, pruneLayout } from "./prune_layout.ts";
import { pruneRepository } from "./prune_repository.ts";
import { readSentImages, writeSentImages } from "./push_record.ts";
import type { RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";

/** What images are taken away with. Folders are absolute. */
export interface PruneParts {
  readonly random: Random;
  /** Of the wall clock. */
  readonly nowMs: number;
  readonly workingFolder: string;
  /** The layout of what was fetched. */
  readonly imageFolder: string;
  readonly buildFolder: string;
  /** The record of what was sent. */
  readonly recordFolder: string;
  openClient(reference: Reference): Promise<Result<RegistryClient, ImageFault>>;
}

type Fault = RegistryFault | ImageFault;

/** A build that is under way has blobs that nothing names yet, and is done by then. */
const LONGEST_BUILD_MS = 3_600_000;
const NOTHING: PrunedImages = { images: [], partCount: 0, freedBytes: 0 };

/** Takes away images that are old, and what nothing names. */
export async function pruneImages(
  parts: PruneParts,
  request: ImagePrune,
): Promise<Result<PrunedImages, Fault>> {
  const { place } = request;
  switch (place.kind) {
    case "cache":
      return await pruneCache(parts, request);
    case "layout": {
      const untagged = place.images === "untagged";
      return await pruneFolder(parts, request, {
        folder: resolve(parts.workingFolder, place.layout),
        shown: place.layout,
        isOld: (entry, usedMs) =>
          untagged && refNameOf(entry) === undefined && usedMs < parts.nowMs - request.unusedMs,
      });
    }
    case "repository":
      return await pruneSent(parts, request, place.name);
  }
}

async function pruneCache(parts: PruneParts, request: ImagePrune): Promise<Result<PrunedImages, Fault>> {
  const { buildFolder, imageFolder } = parts;
  if (request.mode === "remove") {
    // Making a folder for a build removes those of builds that were killed.
    const folder = await makeBuildFolder(parts.random, buildFolder);
    if (!folder.ok) return folder;
    await folder.value[Symbol.asyncDispose]();
  }
  const isThere = await answering(
    `Cannot read "${imageFolder}"`,
    () => existsFile(join(imageFolder, LAYOUT_FILE)),
  );
  if (!isThere.ok) return isThere;
  if (!isThere.value) return ok(NOTHING);
  return await pruneFolder(parts, request, {
    folder: imageFolder,
    shown: imageFolder,
    isOld: (_, usedMs) => usedMs < parts.nowMs - request.unusedMs,
  });
}

async function pruneFolder(
  { nowMs, random }: PruneParts,
  { mode }: ImagePrune,
  { folder, isOld, shown }: Pick<LayoutPruning, "isOld"> & {
    readonly folder: string;
    readonly shown: string;
  },
): Promise<Result<PrunedImages, ImageFault>> {
  const layout = await openLayout(folder, shown);
  if (!layout.ok) return layout;
  const pruned = await pruneLayout(random, layout.value, { isOld, beforeMs: nowMs - LONGEST_BUILD_MS, mode });
  if (!pruned.ok) return pruned;
  const { blobCount, freedBytes, images } = pruned.value;
  return ok({ images, partCount: blobCount, freedBytes });
}

async function pruneSent(
  parts: PruneParts,
  { mode, unusedMs }: ImagePrune,
  name: string,
): Promise<Result<PrunedImages, Fault>> {
  const reference = parseReference(name);
  if (!reference.ok) return err(imageFault(`Cannot look into "${name}": ${reference.error}`));
  const { digest, host, repository, tag } = reference.value;
  if (digest !== undefined || tag !== undefined) {
    return err(imageFault(`Cannot look into "${name}": wanted a repository, without a tag or a digest`));
  }
  const record = `${host}/${repository}`;
  const sent = await readSentImages(parts.recordFolder, record);
  if (!sent.ok) return sent;
  if (sent.value.length === 0) return ok(NOTHING);
  const client = await parts.openClient(reference.value);
  if (!client.ok) return client;
  try {
    const pruned = await pruneRepository(client.value, {
      sent: sent.value,
      beforeMs: parts.nowMs - unusedMs,
      mode,
    });
    if (!pruned.ok) return pruned;
    const { images, left, manifestCount } = pruned.value;
    const written = mode === "remove"
      ? await writeSentImages(parts.recordFolder, record, left)
      : ok(undefined);
    return written.ok ? ok({ images, partCount: manifestCount, freedBytes: 0 }) : written;
  } finally {
    client.value.close();
  }
}

async function existsFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
