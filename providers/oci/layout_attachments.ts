import { err, ok, type Result } from "../../engine/result.ts";
import { type CosignTag, cosignTag } from "../../image/cosign_tags.ts";
import type { Descriptor } from "../../image/descriptor.ts";
import type { Digest } from "../../image/digest.ts";
import { refNameOf } from "../../image/layout.ts";
import { MEDIA_TYPES } from "../../image/media_type.ts";
import {
  type Attached,
  ATTACHED_LIMIT,
  attachedOf,
  type AttachmentPlace,
  DOCUMENT_LIMIT_BYTES,
  tooMany,
} from "./attached.ts";
import type { ImageFault } from "./image_fault.ts";
import { entryDescriptor, type LayoutFolder, readLayoutBlob } from "./layout_folder.ts";

/** The place that a layout is: no registry has to do with it. */
export interface LayoutAttachments extends AttachmentPlace {
  list(subject: Digest): Promise<Result<readonly Attached[], ImageFault>>;
  read(descriptor: Descriptor): Promise<Result<Uint8Array<ArrayBuffer>, ImageFault>>;
}

/** What is attached to images of a layout: the manifests of its index that name them, whoever wrote the layout. */
export function layoutAttachments(layout: LayoutFolder): LayoutAttachments {
  return {
    list: (subject) => listOf(layout, subject),
    read: (descriptor) => readLayoutBlob(layout, descriptor, DOCUMENT_LIMIT_BYTES),
  };
}

async function listOf(
  layout: LayoutFolder,
  subject: Digest,
): Promise<Result<readonly Attached[], ImageFault>> {
  const found: Attached[] = [];
  const seen = new Set<string>();
  for (const entry of layout.entries) {
    const descriptor = entryDescriptor(entry);
    if (descriptor?.mediaType !== MEDIA_TYPES.manifest) continue;
    const via = viaOf(refNameOf(entry), subject);
    const key = `${via} ${descriptor.digest}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const bytes = await readLayoutBlob(layout, descriptor);
    if (!bytes.ok) return bytes;
    const attached = attachedOf(descriptor, bytes.value, via);
    if (attached === undefined || (via === "list" && attached.manifest.subject !== subject)) continue;
    found.push(attached);
    if (found.length > ATTACHED_LIMIT) return err(tooMany(subject));
  }
  return ok(found);
}

function viaOf(tag: string | undefined, subject: Digest): Attached["via"] {
  const kinds: readonly CosignTag[] = ["sig", "att"];
  return kinds.find((kind) => tag === cosignTag(subject, kind)) ?? "list";
}
