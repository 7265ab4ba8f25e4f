import { resolve } from "node:path";
import type { Random } from "../../engine/random.ts";
import { ok, type Result } from "../../engine/result.ts";
import type { BuiltIndex } from "../../image/assemble_image.ts";
import type { Descriptor } from "../../image/descriptor.ts";
import { blobPath, layoutIndex, ownBlobs } from "../../image/layout.ts";
import { platformText } from "../../image/platform.ts";
import type { BomFacts } from "../image_contents.ts";
import type { ImageBuild } from "../image_tools.ts";
import type { BuildRequest, MadeImage } from "./build_request.ts";
import { attachedDocuments, documentFile, type ImageDocument, shownFile } from "./image_documents.ts";
import type { ImageFault } from "./image_fault.ts";
import { layoutAttachments } from "./layout_attachments.ts";
import { type LayoutFolder, streamLayoutBlob } from "./layout_folder.ts";
import { finishLayout, makeLayout, putBlob, putBlobBy, putDocument, writeFile } from "./layout_writer.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { sha256 } from "./sha256.ts";
import { vouchFor } from "./vouch_for.ts";
import { writeAll } from "./write_all.ts";

/**
 * Writes an image and the documents about it: attached to it where somebody vouches for it, else beside it. The layout names it
 * only once all of that is there.
 */
export async function writeImage(
  random: Random,
  request: BuildRequest,
  { documents, finished, from, index }: MadeImage,
): Promise<Result<readonly BomFacts[], ImageFault | RegistryFault>> {
  const { attest, folder, layout: shown, tags } = request;
  const layout = await makeLayout(resolve(folder, shown), shown);
  if (!layout.ok) return layout;
  const attached = attest === undefined ? [] : attachedDocuments(documents, index);
  // Whatever does not sign ends the build before anything of it is written.
  const vouched = { ...finished, held: layoutAttachments(layout.value), documents: attached };
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
  const boms = await writeDocuments(random, request, { layout: layout.value, documents });
  if (!boms.ok) return boms;
  const named = layoutIndex(sha256, {
    index: index.index,
    tags,
    before: layout.value.entries,
    attachments: attachments.value.entries,
  });
  const written = await finishLayout(random, layout.value, named);
  return written.ok ? boms : written;
}

/** Where a document lies; and where that was asked for under a name that tells it to people. */
async function writeDocuments(
  random: Random,
  { attest, bom, folder, name }: Pick<ImageBuild, "attest" | "bom" | "name"> & { readonly folder: string },
  { documents, layout }: { readonly layout: LayoutFolder; readonly documents: readonly ImageDocument[] },
): Promise<Result<readonly BomFacts[], ImageFault>> {
  const written: BomFacts[] = [];
  for (const document of documents) {
    const { bytes, digest, format, platform, subject } = document;
    const put = attest === undefined
      ? await putDocument(random, layout, { name: documentFile(subject, format), bytes })
      : ok(`${layout.shown}/${blobPath(digest)}`);
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
