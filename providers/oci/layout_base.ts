import { err, ok, type Result } from "../../engine/result.ts";
import {
  type BaseDocument,
  type BaseManifest,
  platformOf,
  readBaseConfig,
  readBaseDocument,
} from "../../image/base_image.ts";
import type { Base } from "../../image/assemble_image.ts";
import type { Descriptor } from "../../image/descriptor.ts";
import { isAttachmentEntry, refNameOf } from "../../image/layout.ts";
import { findPlatform, type Platform, platformText } from "../../image/platform.ts";
import { damageFault, type ImageFault, imageFault } from "./image_fault.ts";
import { entryDescriptor, type LayoutFolder, readLayoutBlob } from "./layout_folder.ts";

/** One image of a layout: a manifest, or the index of several platforms. */
export interface LayoutImage {
  readonly layout: LayoutFolder;
  readonly descriptor: Descriptor;
  readonly document: BaseDocument;
  /** As it was asked for. */
  readonly name: string;
}

/** Finds the image that a layout holds under `tag`, or its only one. */
export async function findLayoutImage(
  layout: LayoutFolder,
  tag: string | undefined,
): Promise<Result<LayoutImage, ImageFault>> {
  const { entries, shown } = layout;
  const images = entries.filter((each) => !isAttachmentEntry(each));
  const named = tag === undefined ? images : images.filter((each) => refNameOf(each) === tag);
  const digests = new Set(named.map((each) => each["digest"]));
  const [entry] = named;
  if (entry === undefined || digests.size !== 1) return err(notOne(layout, tag));
  const descriptor = entryDescriptor(entry);
  if (descriptor === undefined) {
    return err(damageFault(`Cannot read "${shown}": an entry of its index names no blob`));
  }
  const bytes = await readLayoutBlob(layout, descriptor);
  if (!bytes.ok) return bytes;
  const document = readBaseDocument(bytes.value, descriptor.mediaType);
  if (!document.ok) {
    return err(damageFault(`Cannot use ${descriptor.digest} of "${shown}": ${document.error}`));
  }
  const name = tag === undefined ? shown : `${shown}:${tag}`;
  return ok({ layout, descriptor, document: document.value, name });
}

/** The manifest and config for one platform; what the image lacks is named beside what it has. */
export async function readLayoutBase(
  image: LayoutImage,
  wanted: Platform,
): Promise<Result<Base, ImageFault>> {
  const { descriptor, document, layout, name } = image;
  const found = document.kind === "index"
    ? await chooseManifest(image, document.entries, wanted)
    : ok(document.manifest);
  if (!found.ok) return found;
  const manifest = found.value;
  const bytes = await readLayoutBlob(layout, manifest.config);
  if (!bytes.ok) return bytes;
  const config = readBaseConfig(bytes.value, manifest);
  if (!config.ok) {
    return err(damageFault(`Cannot use the config ${manifest.config.digest} of "${name}": ${config.error}`));
  }
  const platform = platformOf(config.value);
  if (platform === undefined || findPlatform([platform], wanted) === undefined) {
    return err(lacksPlatform(name, wanted, platform === undefined ? [] : [platform]));
  }
  return ok({ manifest, config: config.value, name, digest: descriptor.digest });
}

async function chooseManifest(
  { layout, name }: LayoutImage,
  entries: readonly (Descriptor & { readonly platform: Platform })[],
  wanted: Platform,
): Promise<Result<BaseManifest, ImageFault>> {
  const at = findPlatform(entries.map(({ platform }) => platform), wanted);
  const entry = at === undefined ? undefined : entries[at];
  if (entry === undefined) return err(lacksPlatform(name, wanted, entries.map(({ platform }) => platform)));
  return await readLayoutManifest(layout, name, entry);
}

/** Reads the manifest that an index of a layout names. */
export async function readLayoutManifest(
  layout: LayoutFolder,
  name: string,
  entry: Descriptor,
): Promise<Result<BaseManifest, ImageFault>> {
  const bytes = await readLayoutBlob(layout, entry);
  if (!bytes.ok) return bytes;
  const document = readBaseDocument(bytes.value, entry.mediaType);
  if (!document.ok) return err(damageFault(`Cannot use ${entry.digest} of "${name}": ${document.error}`));
  return document.value.kind === "manifest"
    ? ok(document.value.manifest)
    : err(damageFault(`Cannot use ${entry.digest} of "${name}": it is an index within an index`));
}

function notOne({ entries, shown }: LayoutFolder, tag: string | undefined): ImageFault {
  const images = entries.filter((each) => !isAttachmentEntry(each));
  const tags = images.flatMap((each) => refNameOf(each) ?? []);
  const has = tags.length === 0 ? "it has no tags" : `it has ${tags.map((each) => `"${each}"`).join(", ")}`;
  return tag === undefined
    ? imageFault(
      `Cannot choose an image of "${shown}": it holds ${images.length === 0 ? "none" : "several"}`,
      `Name one as ${shown}:TAG; ${has}`,
    )
    : imageFault(`Cannot find "${tag}" in "${shown}": ${has}`);
}

function lacksPlatform(name: string, wanted: Platform, offered: readonly Platform[]): ImageFault {
  const has = offered.map(platformText).join(", ");
  return imageFault(
    `Cannot build for ${platformText(wanted)} on "${name}": it is for ${
      has === "" ? "no platform that is known" : has
    }`,
  );
}
