import { resolve } from "node:path";
import type { Random } from "../../engine/random.ts";
import { ok, type Result } from "../../engine/result.ts";
import type { BuiltIndex } from "../../image/assemble_image.ts";
import type { Descriptor } from "../../image/descriptor.ts";
import { layoutIndex, ownBlobs } from "../../image/layout.ts";
import { platformText } from "../../image/platform.ts";
import type { BomFacts, ImageBuild } from "../image_tools.ts";
import { documentFile, type ImageDocument, shownFile } from "./image_documents.ts";
import type { ImageFault } from "./image_fault.ts";
import { type LayoutFolder, streamLayoutBlob } from "./layout_folder.ts";
import { finishLayout, makeLayout, putBlob, putBlobBy, putDocument, writeFile } from "./layout_writer.ts";
import { sha256 } from "./sha256.ts";
import { writeAll } from "./write_all.ts";

/** Where an image is written, and its documents. */
export interface ImagePlace extends Pick<ImageBuild, "bom" | "layout" | "name" | "tags"> {
  /** The working folder, absolute. */
  readonly folder: string;
}

/** What is written. */
export interface WholeImage {
  readonly index: BuiltIndex;
  /** Where the base's layers lie. */
  readonly from: LayoutFolder | undefined;
  readonly documents: readonly ImageDocument[];
}

/** Writes an image and the documents about it. The layout names it only once all of that is there. */
export async function writeImage(
  random: Random,
  place: ImagePlace,
  { documents, from, index }: WholeImage,
): Promise<Result<readonly BomFacts[], ImageFault>> {
  const { folder, layout: shown, tags } = place;
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
  const boms = await writeDocuments(random, place, { layout: layout.value, documents });
  if (!boms.ok) return boms;
  const named = layoutIndex(sha256, { index: index.index, tags, before: layout.value.entries });
  const finished = await finishLayout(random, layout.value, named);
  return finished.ok ? boms : finished;
}

/** Beside the image by what it is about; and where that was asked for under a name that tells it to people. */
async function writeDocuments(
  random: Random,
  { bom, folder, name }: ImagePlace,
  { documents, layout }: { readonly layout: LayoutFolder; readonly documents: readonly ImageDocument[] },
): Promise<Result<readonly BomFacts[], ImageFault>> {
  const written: BomFacts[] = [];
  for (const document of documents) {
    const { bytes, digest, format, platform, subject } = document;
    const put = await putDocument(random, layout, { name: documentFile(subject, format), bytes });
    if (!put.ok) return put;
    const copy = bom.folder === undefined ? put : await writeFile(
      random,
      { folder: resolve(folder, bom.folder), shown: bom.folder },
      { name: shownFile(name, document), bytes },
    );
    if (!copy.ok) return copy;
    const about = platform === undefined ? undefined : platformText(platform);
    written.push({ format, platform: about, subject, digest, path: copy.value });
  }
  return ok(written);
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
