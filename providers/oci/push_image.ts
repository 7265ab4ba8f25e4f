import { err, ok, type Result } from "../../engine/result.ts";
import type { Descriptor } from "../../image/descriptor.ts";
import type { Digest } from "../../image/digest.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { type LayoutImage, readLayoutManifest } from "./layout_base.ts";
import { readLayoutBlob } from "./layout_folder.ts";
import { pushAttachments, type PushedAttachments } from "./push_attachments.ts";
import { pushBlob } from "./push_blob.ts";
import { putManifest } from "./put_manifest.ts";
import type { RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";

/** What a push did. */
export interface Pushed {
  readonly digest: Digest;
  readonly tags: readonly string[];
  /** Blobs that were sent, and blobs that the registry had. */
  readonly sentBlobs: number;
  readonly heldBlobs: number;
  /** Whether the registry had the image before. */
  readonly was: "sent" | "held";
  /** The manifests of its platforms. */
  readonly manifests: readonly Digest[];
  readonly attachments: PushedAttachments;
}

type Fault = RegistryFault | ImageFault;

/** How many blobs are sent at once. */
const JOBS = 4;

/**
 * Sends an image of a layout: the blobs first, then what names them, the index last, what is attached to it, and then the tags.
 * Whatever is cut short leaves nothing that names what is not there, and the same command goes on where it was; whoever finds an
 * image by its tag finds what vouches for it.
 */
export async function pushImage(
  client: RegistryClient,
  image: LayoutImage,
  tags: readonly string[],
): Promise<Result<Pushed, Fault>> {
  const manifests = await manifestsOf(image);
  if (!manifests.ok) return manifests;
  const blobs = new Map<Digest, Descriptor>();
  for (const { config, layers } of manifests.value) {
    for (const each of [config, ...layers]) blobs.set(each.digest, each);
  }
  const isHeld = await isThere(client, image.descriptor);
  if (!isHeld.ok) return isHeld;
  const sent = isHeld.value ? ok(0) : await pushBlobs(client, image, [...blobs.values()]);
  if (!sent.ok) return sent;
  const named = isHeld.value
    ? []
    : [...manifests.value.map(({ descriptor }) => descriptor), image.descriptor];
  for (const each of unique(named)) {
    const put = await putDocument(client, image, each, each.digest);
    if (!put.ok) return put;
  }
  const subjects = [image.descriptor, ...manifests.value.map(({ descriptor }) => descriptor)];
  const attachments = await pushAttachments(client, image.layout, subjects.map((each) => each.digest));
  if (!attachments.ok) return attachments;
  for (const tag of tags) {
    const put = await tagImage(client, image, tag);
    if (!put.ok) return put;
  }
  const { digest } = image.descriptor;
  return ok({
    digest,
    tags,
    sentBlobs: sent.value,
    heldBlobs: blobs.size - sent.value,
    was: isHeld.value ? "held" : "sent",
    manifests: manifests.value.map(({ descriptor }) => descriptor.digest),
    attachments: attachments.value,
  });
}

interface NamedManifest {
  readonly descriptor: Descriptor;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

async function manifestsOf(
  { descriptor, document, layout, name }: LayoutImage,
): Promise<Result<readonly NamedManifest[], Fault>> {
  if (document.kind === "manifest") return ok([{ descriptor, ...document.manifest }]);
  if (document.passedOver > 0) {
    return err(
      imageFault(
        `Cannot send "${name}": ${document.passedOver} entries of its index are no image of a platform`,
      ),
    );
  }
  const found: NamedManifest[] = [];
  for (const entry of document.entries) {
    const manifest = await readLayoutManifest(layout, name, entry);
    if (!manifest.ok) return manifest;
    found.push({ descriptor: entry, ...manifest.value });
  }
  return ok(found);
}

/** Sends the blobs that lack, a few at a time; the first fault ends it. */
async function pushBlobs(
  client: RegistryClient,
  { layout }: LayoutImage,
  blobs: readonly Descriptor[],
): Promise<Result<number, Fault>> {
  const waiting = blobs.values();
  let sent = 0;
  let fault: Fault | undefined;
  const job = async (): Promise<void> => {
    for (const blob of waiting) {
      if (fault !== undefined) return;
      const pushed = await pushBlob(client, layout, blob);
      if (!pushed.ok) return void (fault ??= pushed.error);
      if (pushed.value === "sent") sent++;
    }
  };
  await Promise.all(Array.from({ length: JOBS }, job));
  return fault === undefined ? ok(sent) : err(fault);
}

async function isThere(
  { repository, request }: RegistryClient,
  { digest, mediaType }: Descriptor,
): Promise<Result<boolean, Fault>> {
  const answer = await request({
    method: "HEAD",
    target: `${repository}/manifests/${digest}`,
    headers: { accept: mediaType },
    wanted: [200, 404],
    action: `Cannot look for ${digest} in "${repository}"`,
    access: "push",
  });
  if (!answer.ok) return answer;
  await answer.value.body?.cancel();
  return ok(answer.value.status === 200);
}

async function tagImage(
  client: RegistryClient,
  image: LayoutImage,
  tag: string,
): Promise<Result<void, Fault>> {
  const { repository } = client;
  const { digest, mediaType } = image.descriptor;
  const held = await client.request({
    method: "HEAD",
    target: `${repository}/manifests/${tag}`,
    headers: { accept: mediaType },
    wanted: [200, 404],
    action: `Cannot look for the tag "${tag}" in "${repository}"`,
    access: "push",
  });
  if (!held.ok) return held;
  await held.value.body?.cancel();
  const isIt = held.value.status === 200 && held.value.headers.get("docker-content-digest") === digest;
  return isIt ? ok(undefined) : await putDocument(client, image, image.descriptor, tag);
}

/** Puts a document of a layout under a name: its digest, or a tag. */
export async function putDocument(
  client: RegistryClient,
  { layout }: LayoutImage,
  descriptor: Descriptor,
  name: string,
): Promise<Result<void, Fault>> {
  const bytes = await readLayoutBlob(layout, descriptor);
  if (!bytes.ok) return bytes;
  const put = await putManifest(client, { ...descriptor, bytes: bytes.value }, { name });
  return put.ok ? ok(undefined) : put;
}

function unique(descriptors: readonly Descriptor[]): readonly Descriptor[] {
  return [...new Map(descriptors.map((each) => [each.digest, each])).values()];
}
