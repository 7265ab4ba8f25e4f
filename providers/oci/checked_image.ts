import { resolve } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import { readBaseConfig, readBaseDocument } from "../../image/base_image.ts";
import type { Blob } from "../../image/descriptor.ts";
import { type Digest, parseDigest } from "../../image/digest.ts";
import { isAttachmentEntry, refNameOf } from "../../image/layout.ts";
import { parseReference, type Reference } from "../../image/reference.ts";
import type { ImageFault } from "./image_fault.ts";
import { damageFault, imageFault } from "./image_fault.ts";
import { imageFacts } from "./image_facts.ts";
import { layoutAttachments } from "./layout_attachments.ts";
import { findLayoutImage } from "./layout_base.ts";
import { openLayout } from "./layout_folder.ts";
import { pullDocument } from "./pull_image.ts";
import { registryAttachments } from "./registry_attachments.ts";
import type { RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";
import type { CheckedImage } from "./verify_image.ts";

type Fault = RegistryFault | ImageFault;

const DEFAULT_TAG = "latest";

/** Reads an image of a layout, every byte of it. `reference` is a tag, a digest, or a reference with one of them; `undefined`: the only one. */
export async function checkedLayoutImage(
  workingFolder: string,
  { layout: shown, reference }: { readonly layout: string; readonly reference: string | undefined },
): Promise<Result<CheckedImage, ImageFault>> {
  const layout = await openLayout(resolve(workingFolder, shown), shown);
  if (!layout.ok) return layout;
  const name = reference === undefined ? ok(undefined) : layoutName(reference);
  if (!name.ok) return name;
  const digest = name.value === undefined ? undefined : parseDigest(name.value);
  // A tag may be repeated under several names; a digest names one image whatever its tags are.
  const entries = digest === undefined
    ? layout.value.entries
    : layout.value.entries.filter((each) => each["digest"] === digest && !isAttachmentEntry(each));
  if (digest !== undefined && entries.length === 0) {
    const tags = layout.value.entries.flatMap((each) => isAttachmentEntry(each) ? [] : refNameOf(each) ?? []);
    const has = tags.length === 0 ? "no tags" : tags.map((each) => `"${each}"`).join(", ");
    return err(imageFault(`Cannot find ${digest} in "${shown}": it has ${has}`));
  }
  const image = await findLayoutImage(
    { ...layout.value, entries },
    digest === undefined ? name.value : undefined,
  );
  if (!image.ok) return image;
  const facts = await imageFacts({ ...image.value, layout: layout.value });
  if (!facts.ok) return facts;
  const manifests = facts.value.platforms.map(({ manifest }) => manifest as Digest);
  return ok({
    digest: image.value.descriptor.digest,
    manifests,
    attachments: layoutAttachments(layout.value),
    checked: `all bytes of ${image.value.descriptor.digest} are what its documents name`,
  });
}

/** The tag or the digest by which a layout has what a reference names. */
function layoutName(text: string): Result<string, ImageFault> {
  if (parseDigest(text) !== undefined || !/[/:@]/.test(text)) return ok(text);
  const reference = parseReference(text);
  if (!reference.ok) return err(imageFault(`Cannot use "${text}": ${reference.error}`));
  return ok(reference.value.digest ?? reference.value.tag ?? DEFAULT_TAG);
}

/** Reads the documents of an image in a registry. Layers are not fetched: they are held against the documents by who pulls them. */
export async function checkedRegistryImage(
  client: RegistryClient,
  { digest, tag }: Reference,
): Promise<Result<CheckedImage, Fault>> {
  const document = await pullDocument(client, digest ?? tag ?? DEFAULT_TAG);
  if (!document.ok) return document;
  const manifests = await manifestsOf(client, document.value);
  if (!manifests.ok) return manifests;
  const attachments = registryAttachments(client);
  for (const each of manifests.value) {
    const read = readBaseDocument(each.bytes, each.mediaType);
    if (!read.ok || read.value.kind !== "manifest") {
      return err(
        damageFault(`Cannot use ${each.digest} of "${client.repository}": it is no manifest of an image`),
      );
    }
    const { manifest } = read.value;
    const bytes = await attachments.read(manifest.config);
    if (!bytes.ok) return bytes;
    const config = readBaseConfig(bytes.value, manifest);
    if (!config.ok) {
      return err(damageFault(`Cannot use the config ${manifest.config.digest}: ${config.error}`));
    }
  }
  const count = manifests.value.length;
  return ok({
    digest: document.value.digest,
    manifests: manifests.value.map((each) => each.digest),
    attachments,
    checked: `${document.value.digest} and its documents for ${count} ${
      count === 1 ? "platform" : "platforms"
    } are what their digests name; who pulls its layers holds them against these`,
  });
}

async function manifestsOf(client: RegistryClient, document: Blob): Promise<Result<readonly Blob[], Fault>> {
  const read = readBaseDocument(document.bytes, document.mediaType);
  if (!read.ok) {
    return err(damageFault(`Cannot use ${document.digest} of "${client.repository}": ${read.error}`));
  }
  if (read.value.kind === "manifest") return ok([document]);
  const found: Blob[] = [];
  for (const entry of read.value.entries) {
    const manifest = await pullDocument(client, entry.digest);
    if (!manifest.ok) return manifest;
    found.push({ ...manifest.value, mediaType: entry.mediaType });
  }
  return ok(found);
}
