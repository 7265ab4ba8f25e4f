import type { inspectImage } from "../../project/work_on_images.ts";
import { EXIT_CODES } from "../exit_code.ts";
import type { ShownPush } from "./image_text.ts";
import type { Printable } from "./json_text.ts";

/** An image, as its documents tell. */
export type ShownImage = Extract<Awaited<ReturnType<typeof inspectImage>>, { readonly ok: true }>["value"];

/** An image for scripts; where it was sent, and what is to be said of how it was built, where it has just been. */
export function imageJson(
  { attachments, digest, platforms }: ShownImage,
  { notes, pushed }: { readonly notes?: readonly string[]; readonly pushed?: ShownPush | undefined } = {},
): Printable {
  return {
    digest,
    reference: pushed?.reference,
    tags: pushed === undefined ? undefined : [...pushed.tags],
    sent_blobs: pushed?.sentBlobs,
    held_blobs: pushed?.heldBlobs,
    sent_attachments: pushed?.sentAttachments,
    held_attachments: pushed?.heldAttachments,
    platforms: platforms.map((each) => ({
      platform: each.platform,
      manifest: each.manifest,
      config: each.config,
      layers: each.layers.map(({ diffId, digest: layer, sizeBytes }) => ({
        digest: layer,
        diff_id: diffId,
        size: sizeBytes,
      })),
      entrypoint: [...each.entrypoint],
      args: [...each.args],
      user: each.user,
    })),
    ...(notes === undefined ? {} : { notes: [...notes] }),
    attachments: attachments.map(({ artifactType, digest: attached, predicateType = null }) => ({
      digest: attached,
      artifact_type: artifactType,
      predicate_type: predicateType,
    })),
    exit: { code: EXIT_CODES.ok, kind: "ok" },
  };
}
